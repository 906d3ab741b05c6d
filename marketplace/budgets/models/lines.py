"""The tables of funding lines: whose money, what for, and what was paid in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.rules import Calendar, Funder, Holder
from marketplace.kernel.model import Model
from marketplace.kernel.money import ZERO, Money


class Outcome(Model):
    """What a person wants to be true in their life, in their own words."""

    __tablename__ = "budget_outcomes"

    person_id: Mapped[UUID] = mapped_column(index=True)
    sentence: Mapped[str]
    sort: Mapped[int]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FundingLine(Model):
    """Money from one funder for one person, paid in by a calendar of its own."""

    __tablename__ = "budget_lines"
    __table_args__ = (
        CheckConstraint("yearly_pence >= 0", name="yearly_not_negative"),
        CheckConstraint("paid_in_pence >= 0", name="paid_in_not_negative"),
        CheckConstraint("ends_before > starts_on", name="ends_after_start"),
        Index("ix_budget_lines_person_id_sequence", "person_id", "sequence"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID] = mapped_column(index=True)
    funder: Mapped[Funder]
    yearly: Mapped[Money] = mapped_column("yearly_pence")
    calendar: Mapped[Calendar]
    paid_in: Mapped[Money] = mapped_column("paid_in_pence")
    """All that was ever put in, less all that was taken out other than by spending it."""
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
    pool_id: Mapped[UUID | None] = mapped_column(index=True)
    """The pool whose shared pot this is a member's share of; None for a line of their own."""
    part_of_line_id: Mapped[UUID | None] = mapped_column(index=True)
    """The line this one was split from, or put into a pool from."""
    follows_line_id: Mapped[UUID | None]
    """The line whose money and history this one carries on."""
    flows_to_line_id: Mapped[UUID | None]
    """Where money goes that still comes back to this line after it was closed."""
    holder_provider_id: Mapped[UUID | None]
    """The provider who keeps an individual service fund."""
    only_for: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The categories this line alone is for; empty if it is for all that its funder allows."""
    only_words: Mapped[str] = mapped_column(default="")
    """Its ring fence in words, as they were when it was set."""
    weeks_counted: Mapped[int] = mapped_column(default=0)
    """In how many of the last weeks that are over what it paid was counted, for its forecast."""
    a_week: Mapped[Money] = mapped_column("a_week_pence", default=ZERO)
    """What it paid in the middle one of them."""


class LineOutcome(Model):
    """An outcome a funding line is for."""

    __tablename__ = "budget_line_outcomes"
    __table_args__ = (UniqueConstraint("line_id", "outcome_id"),)

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey(Outcome.id), index=True)


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
