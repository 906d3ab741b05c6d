"""The tables of what people bought outside the market and wrote down here."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.models.lines import FundingLine, Outcome
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class PurchasePicture(Model):
    """The photo of a receipt, with nothing in it but the picture."""

    __tablename__ = "budget_purchase_pictures"

    person_id: Mapped[UUID] = mapped_column(index=True)
    content: Mapped[bytes]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]


class Purchase(Model):
    """Something bought outside the market. What was written is never changed: ended, and anew."""

    __tablename__ = "budget_purchases"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint(
            "not_covered_pence >= 0 AND not_covered_pence <= amount_pence",
            name="not_covered_within_amount",
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        UniqueConstraint("replaces_id"),
        Index("ix_budget_purchases_person_id", "person_id", "paid_on"),
        Index("ix_budget_purchases_council_id", "council_id", "recorded_at"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey(FundingLine.id))
    """Which money was said to have paid; None for the person's own sequence."""
    amount: Mapped[Money] = mapped_column("amount_pence")
    not_covered: Mapped[Money] = mapped_column("not_covered_pence")
    """What no line had money for on the day it was written down."""
    what: Mapped[str]
    category: Mapped[str]
    outcome_id: Mapped[UUID | None] = mapped_column(ForeignKey(Outcome.id))
    outcome: Mapped[str]
    """What it was for, in the words of the day it was written down."""
    paid_on: Mapped[date]
    outside: Mapped[list[str]] = mapped_column(JSON)
    """Each limit and rule it went past, as a sentence; counted all the same."""
    picture_id: Mapped[UUID | None] = mapped_column(ForeignKey(PurchasePicture.id))
    replaces_id: Mapped[UUID | None]
    """The purchase this one puts right."""
    recorded_by_id: Mapped[UUID]
    recorded_by_name: Mapped[str]
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was taken out, or put right by another one."""
    ended_by_id: Mapped[UUID | None]
    ended_by_name: Mapped[str]
