"""The audit trail's tables."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model


class AuditEntry(Model):
    """One deed. Append-only."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("chain_id", "sequence"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
    )

    chain_id: Mapped[UUID]
    """The person or organisation whose trail this is."""
    sequence: Mapped[int]
    what: Mapped[str]
    """The deed in the past tense: ``order-placed``."""
    subject_id: Mapped[UUID] = mapped_column(index=True)
    by_user_id: Mapped[UUID | None] = mapped_column(index=True)
    """Who acted; nobody for a scheduled job."""
    for_person_id: Mapped[UUID | None]
    """Whom they acted for."""
    at: Mapped[datetime]
    details: Mapped[str]
    """Canonical JSON."""
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Model):
    """The newest link of a chain: the row that writers of the chain take turns on."""

    __tablename__ = "audit_heads"

    sequence: Mapped[int]
    hash: Mapped[str]


class RetentionRun(Model):
    """What a rule took away on one day: the proof that it is kept to."""

    __tablename__ = "audit_retention_runs"
    __table_args__ = (
        UniqueConstraint("kind", "day"),
        CheckConstraint("removed >= 0", name="removed_not_negative"),
    )

    kind: Mapped[str]
    day: Mapped[date]
    removed: Mapped[int]
    at: Mapped[datetime]
