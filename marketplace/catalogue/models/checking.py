"""The tables of the evidence locker, and of what councils decide about providers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.models.stores import Provider
from marketplace.catalogue.rules import AppealState, CheckState, EvidenceKind
from marketplace.kernel.model import Model


class Evidence(Model):
    """Something in a provider's evidence locker."""

    __tablename__ = "catalogue_evidence"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    kind: Mapped[EvidenceKind]
    note: Mapped[str]
    expires_on: Mapped[date | None]
    """The last day on which it counts."""
    issued_on: Mapped[date | None]
    added_at: Mapped[datetime | None]
    """None where it was put in before that was written down."""
    added_by_name: Mapped[str] = mapped_column(default="")
    taken_out_at: Mapped[datetime | None]
    """Taken out of the locker; who checked it stays known."""
    reminded_days: Mapped[int | None]
    """For how many days before its last day the provider was last reminded."""


class EvidenceCheck(Model):
    """A council has seen a piece of evidence and accepts it."""

    __tablename__ = "catalogue_evidence_checks"
    __table_args__ = (UniqueConstraint("evidence_id", "council_id"),)

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id))
    council_id: Mapped[UUID]
    checked_by_id: Mapped[UUID]
    checked_by_name: Mapped[str] = mapped_column(default="")
    taken_from_id: Mapped[UUID | None]
    """The council whose own check was taken over; None: they looked at it themselves."""
    at: Mapped[datetime]


class EvidencePaper(Model):
    """The document itself: for the provider, and for councils it applied to."""

    __tablename__ = "catalogue_evidence_papers"
    __table_args__ = (UniqueConstraint("evidence_id"),)

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id))
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size_bytes: Mapped[int]


class EvidenceAsk(Model):
    """A council asks a provider for a piece of evidence, until there is one."""

    __tablename__ = "catalogue_evidence_asks"
    __table_args__ = (Index("ix_catalogue_evidence_asks_provider_id", "provider_id", "council_id"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    council_id: Mapped[UUID]
    kind: Mapped[EvidenceKind]
    words: Mapped[str]
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class NeededEvidence(Model):
    """Which evidence a council wants to see from those who sell something."""

    __tablename__ = "catalogue_needed_evidence"
    __table_args__ = (UniqueConstraint("council_id", "category", "kind"),)

    council_id: Mapped[UUID]
    category: Mapped[str]
    """The slug of a category; empty: of everybody."""
    kind: Mapped[EvidenceKind]


class Decision(Model):
    """What a council once said of a provider, and who said it. Nothing of it is ever changed."""

    __tablename__ = "catalogue_decisions"
    __table_args__ = (
        UniqueConstraint("provider_id", "council_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    council_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[CheckState]
    reason: Mapped[str]
    by_user_id: Mapped[UUID | None]
    """Nobody: it was decided before this was written down, or the provider asked to be checked."""
    by_name: Mapped[str]
    at: Mapped[datetime]


class Appeal(Model):
    """A provider says that a decision is wrong; somebody else of the council looks at it again."""

    __tablename__ = "catalogue_appeals"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        Index("ix_catalogue_appeals_council_id_state", "council_id", "state"),
        Index("ix_catalogue_appeals_provider_id", "provider_id"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey(Decision.id))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    council_id: Mapped[UUID]
    words: Mapped[str]
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[AppealState]
    answer: Mapped[str]
    answered_by_id: Mapped[UUID | None]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]
