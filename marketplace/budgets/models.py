"""The tables of funding lines, limits and holds."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.rules import Funder, Holder, LimitKind, LimitWindow, RefusalReason
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Outcome(Model):
    """What a person wants to be true in their life, in their own words."""

    __tablename__ = "budget_outcomes"

    person_id: Mapped[UUID] = mapped_column(index=True)
    sentence: Mapped[str]
    sort: Mapped[int]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FundingLine(Model):
    """Money from one funder for one person, paid in every four weeks."""

    __tablename__ = "budget_lines"
    __table_args__ = (
        CheckConstraint("yearly_pence > 0", name="yearly_positive"),
        CheckConstraint("ends_before > starts_on", name="ends_after_start"),
        Index("ix_budget_lines_person_id_sequence", "person_id", "sequence"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID] = mapped_column(index=True)
    funder: Mapped[Funder]
    yearly: Mapped[Money] = mapped_column("yearly_pence")
    holder: Mapped[Holder]
    holder_name: Mapped[str]
    cost_code: Mapped[str]
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]
    sequence: Mapped[int]
    """Which line of the person pays first; the smallest."""
    next_due_on: Mapped[date | None] = mapped_column(index=True)
    """When the next instalment is to be paid in; None when all have been."""
    available_account_id: Mapped[UUID]
    held_account_id: Mapped[UUID]
    opened_by_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class LineOutcome(Model):
    """An outcome a funding line is for."""

    __tablename__ = "budget_line_outcomes"
    __table_args__ = (UniqueConstraint("line_id", "outcome_id"),)

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey(Outcome.id), index=True)


class SpendingLimit(Model):
    """The most that may be spent from a line in a window. Never changed: ended, and set anew."""

    __tablename__ = "budget_limits"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    window: Mapped[LimitWindow]
    amount: Mapped[Money] = mapped_column("amount_pence")
    kind: Mapped[LimitKind]
    reason: Mapped[str]
    set_by_id: Mapped[UUID | None]
    set_by_name: Mapped[str]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LimitUse(Model):
    """What has been spent under a limit in one of its windows: a counter beside the takings."""

    __tablename__ = "budget_limit_uses"
    __table_args__ = (
        UniqueConstraint("limit_id", "window_starts_on"),
        CheckConstraint("used_pence >= 0", name="used_not_negative"),
    )

    limit_id: Mapped[UUID] = mapped_column(ForeignKey(SpendingLimit.id))
    window_starts_on: Mapped[date]
    used: Mapped[Money] = mapped_column("used_pence")


class Instalment(Model):
    """One payment into a line: once for each line and day."""

    __tablename__ = "budget_instalments"
    __table_args__ = (
        UniqueConstraint("line_id", "due_on"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id))
    due_on: Mapped[date]
    amount: Mapped[Money] = mapped_column("amount_pence")
    paid_at: Mapped[datetime]


class Hold(Model):
    """Money set aside for one order, whose id it has."""

    __tablename__ = "budget_holds"

    person_id: Mapped[UUID] = mapped_column(index=True)
    council_id: Mapped[UUID]
    made_at: Mapped[datetime]


class HoldShare(Model):
    """What one line set aside for an order, and what became of it."""

    __tablename__ = "budget_hold_shares"
    __table_args__ = (
        UniqueConstraint("hold_id", "line_id"),
        CheckConstraint("held_pence > 0", name="held_positive"),
        CheckConstraint(
            "captured_pence >= 0 AND released_pence >= 0 "
            "AND captured_pence + released_pence <= held_pence",
            name="not_more_than_held",
        ),
        CheckConstraint(
            "refunded_pence >= 0 AND refunded_pence <= captured_pence",
            name="not_more_than_captured",
        ),
    )

    hold_id: Mapped[UUID] = mapped_column(ForeignKey(Hold.id))
    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    position: Mapped[int]
    """Which line paid first."""
    held: Mapped[Money] = mapped_column("held_pence")
    captured: Mapped[Money] = mapped_column("captured_pence")
    released: Mapped[Money] = mapped_column("released_pence")
    refunded: Mapped[Money] = mapped_column("refunded_pence")


class HoldTaking(Model):
    """What an order uses of one limit's window; given back there, whenever that is."""

    __tablename__ = "budget_hold_takings"
    __table_args__ = (
        UniqueConstraint("hold_id", "limit_id"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
    )

    hold_id: Mapped[UUID] = mapped_column(ForeignKey(Hold.id))
    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id))
    limit_id: Mapped[UUID] = mapped_column(ForeignKey(SpendingLimit.id), index=True)
    window_starts_on: Mapped[date]
    amount: Mapped[Money] = mapped_column("amount_pence")


class Refusal(Model):
    """A spend that was refused: market intelligence too."""

    __tablename__ = "budget_refusals"

    person_id: Mapped[UUID] = mapped_column(index=True)
    council_id: Mapped[UUID | None] = mapped_column(index=True)
    line_id: Mapped[UUID | None]
    limit_id: Mapped[UUID | None]
    why: Mapped[RefusalReason]
    wanted: Mapped[Money] = mapped_column("wanted_pence")
    remaining: Mapped[Money] = mapped_column("remaining_pence")
    category: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
