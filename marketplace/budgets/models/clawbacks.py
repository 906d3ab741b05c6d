"""The tables of money asked back: notice, answer and decision are rows of their own, and stay."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.models.lines import FundingLine
from marketplace.budgets.rules import ClawbackEnd
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Clawback(Model):
    """A council's notice that it wants money back. Append-only, but for its words."""

    __tablename__ = "budget_clawbacks"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("window_days >= 14", name="window_long_enough"),
        CheckConstraint("objects_until > noticed_at", name="window_after_notice"),
    )

    person_id: Mapped[UUID] = mapped_column(index=True)
    council_id: Mapped[UUID] = mapped_column(index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    amount: Mapped[Money] = mapped_column("amount_pence")
    reason: Mapped[str]
    evidence: Mapped[str]
    """What shows that the money is owed, in words."""
    window_days: Mapped[int]
    """For how many days the person may object, before anybody decides."""
    objects_until: Mapped[datetime]
    """The end of the last of those days, where the person lives."""
    noticed_by_id: Mapped[UUID]
    noticed_by_name: Mapped[str]
    noticed_at: Mapped[datetime]


class ClawbackFile(Model):
    """A paper that came with a notice; its id is the notice's."""

    __tablename__ = "budget_clawback_files"

    id: Mapped[UUID] = mapped_column(ForeignKey(Clawback.id), primary_key=True, sort_order=-1)
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ClawbackAnswer(Model):
    """What the person, or a supporter, said to a notice. Append-only, but for its words."""

    __tablename__ = "budget_clawback_answers"
    __table_args__ = (UniqueConstraint("clawback_id"),)

    clawback_id: Mapped[UUID] = mapped_column(ForeignKey(Clawback.id))
    agrees: Mapped[bool]
    words: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]


class ClawbackDecision(Model):
    """What a second officer decided. Append-only, but for its words."""

    __tablename__ = "budget_clawback_decisions"
    __table_args__ = (
        UniqueConstraint("clawback_id"),
        CheckConstraint("taken_pence >= 0 AND taken_pence <= wanted_pence", name="taken_in_bounds"),
    )

    clawback_id: Mapped[UUID] = mapped_column(ForeignKey(Clawback.id))
    end: Mapped[ClawbackEnd] = mapped_column("kind")
    wanted: Mapped[Money] = mapped_column("wanted_pence")
    """What was decided to be taken."""
    taken: Mapped[Money] = mapped_column("taken_pence")
    """What was there to be taken; the rest stays noted here."""
    reason: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
