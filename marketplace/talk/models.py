"""The tables of concerns and messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.talk.rules import CallBack, ConcernState


class Concern(Model):
    """Somebody is worried about somebody. Read by the council's team and by nobody else."""

    __tablename__ = "talk_concerns"
    __table_args__ = (
        CheckConstraint("(call_back = 'no') = (reach = '')", name="reach"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_talk_concerns_council_id", "council_id", "written_at"),
        Index("ix_talk_concerns_writer_id", "writer_id"),
        Index("ix_talk_concerns_closed_at", "closed_at"),
    )

    council_id: Mapped[UUID]
    writer_id: Mapped[UUID | None]
    """Who was signed in, so that their own data has it. The team is not told."""
    writer_name: Mapped[str]
    """What they chose to call themself; often nothing."""
    words: Mapped[str]
    about: Mapped[str]
    call_back: Mapped[CallBack]
    reach: Mapped[str]
    """A phone number or an e-mail address, and when it is safe to use it."""
    state: Mapped[ConcernState]
    written_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ConcernStep(Model):
    """What the team did about a concern: who, when, and in their own words."""

    __tablename__ = "talk_concern_steps"
    __table_args__ = (UniqueConstraint("concern_id", "number"),)

    concern_id: Mapped[UUID] = mapped_column(ForeignKey(Concern.id))
    number: Mapped[int]
    state: Mapped[ConcernState]
    """In which state it is since."""
    note: Mapped[str]
    by_user_id: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
