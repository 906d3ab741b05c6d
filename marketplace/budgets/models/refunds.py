"""The table of own money that has left a wallet and is owed to the person until it is paid."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.models.lines import FundingLine
from marketplace.kernel.model import Model
from marketplace.kernel.money import ZERO, Money


class OwedRefund(Model):
    """Own money on its way back to the person, or a part of it that goes another way.

    The id is that of the deed it left its line by; a part that goes to a card has one of its own.
    """

    __tablename__ = "budget_owed_refunds"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("parted_pence >= 0 AND parted_pence < amount_pence", name="parted"),
        CheckConstraint("(paid_on IS NULL) = (paid_at IS NULL)", name="paid"),
        Index("ix_budget_owed_refunds_council_id", "council_id", "paid_at"),
        Index("ix_budget_owed_refunds_person_id", "person_id"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    """Who keeps the money, and pays it back."""
    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id))
    amount: Mapped[Money] = mapped_column("amount_pence")
    owed_at: Mapped[datetime]
    account_name: Mapped[str]
    """Whose bank account it is paid into; empty until the person has said so."""
    sort_code: Mapped[str]
    account_number: Mapped[str]
    parted: Mapped[Money] = mapped_column("parted_pence", default=ZERO)
    """What of it is owed under ids of its own, because it goes to cards."""
    by_card: Mapped[bool] = mapped_column(default=False)
    """Does it go back to the card it came from? Then nobody pays it by hand."""
    paid_on: Mapped[date | None]
    paid_at: Mapped[datetime | None]
    """When somebody told us that it was paid."""
    paid_by_id: Mapped[UUID | None]
    paid_by_name: Mapped[str]

    @property
    def left(self) -> Money:
        """What is owed under this id."""
        return self.amount - self.parted
