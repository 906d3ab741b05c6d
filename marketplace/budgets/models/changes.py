"""The tables of what was changed about a line, and of lines handed to another council."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.models.lines import FundingLine
from marketplace.budgets.rules import LineChange
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class BudgetLineChange(Model):
    """One change of a funding line. Append-only, but for the words of people who have left."""

    __tablename__ = "budget_line_changes"
    __table_args__ = (CheckConstraint("moved_pence >= 0", name="moved_not_negative"),)

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    what: Mapped[LineChange]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    moved: Mapped[Money] = mapped_column("moved_pence")
    """What went to another line with this change, or stood in the line that changed hands."""
    other_line_id: Mapped[UUID | None]
    """The line the money went to."""
    before_name: Mapped[str]
    """Who held the money before; like the other words, taken away when the person leaves."""
    after_name: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    effective_on: Mapped[date]


class Handover(Model):
    """One council's offer that another goes on with a line."""

    __tablename__ = "budget_handovers"

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    to_council_id: Mapped[UUID] = mapped_column(index=True)
    reason: Mapped[str]
    offered_by_id: Mapped[UUID]
    offered_by_name: Mapped[str]
    offered_at: Mapped[datetime]
    taken: Mapped[bool | None]
    """Whether the other council said yes; None while it has not answered."""
    answered_by_id: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str]
    new_line_id: Mapped[UUID | None]
