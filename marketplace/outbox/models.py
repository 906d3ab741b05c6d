"""The outbox's tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model


class Letter(Model):
    """A letter to one person, to be sent by e-mail."""

    __tablename__ = "outbox_letters"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_letters_due", "sent_at", "due_at"),
    )

    key: Mapped[str]
    """What makes this letter the same letter; a second one with the same key is not written."""
    to: Mapped[str]
    subject: Mapped[str]
    template: Mapped[str]
    """Name under ``templates/mail``, without its ending."""
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Not before this instant; moves on when sending fails."""
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_refusal: Mapped[str | None]


class IndexChange(Model):
    """Something findable changed, so the search index must look at it again."""

    __tablename__ = "outbox_index_changes"

    kind: Mapped[str]
    """``offer``, ``provider``, ``listing``."""
    subject_id: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(index=True)
