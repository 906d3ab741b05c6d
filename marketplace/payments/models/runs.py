"""The tables of payment runs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.payments.rules import RunState, next_state


class PaymentRunCounter(Model):
    """The last run number of a council. Its row is what proposers take turns on. Id = council."""

    __tablename__ = "payment_run_counters"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    last: Mapped[int]


class PaymentRun(Model):
    """Payments to several providers, proposed by one finance officer and approved by another."""

    __tablename__ = "payment_runs"
    __table_args__ = (
        UniqueConstraint("council_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("total_pence > 0", name="total_positive"),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_people"
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'paid') OR approved_by_id IS NOT NULL", name="approved"
        ),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid"),
    )

    council_id: Mapped[UUID]
    number: Mapped[int]
    """Per council, from 1."""
    state: Mapped[RunState]
    total: Mapped[Money] = mapped_column("total_pence")
    proposed_by_id: Mapped[UUID]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None]
    approved_by_name: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    paid_at: Mapped[datetime | None]
    """When somebody told us that it was paid."""
    cancelled_by_name: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]

    def go_to(self, state: RunState) -> None:
        """Move along the life of a run, or raise WrongRunStateError."""
        self.state = next_state(self.state, state)


class PaymentItem(Model):
    """One payment to one provider. Name and bank details are those of the day it was proposed."""

    __tablename__ = "payment_items"
    __table_args__ = (
        UniqueConstraint("run_id", "provider_id"),
        UniqueConstraint("run_id", "position"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        Index("ix_payment_items_provider_id", "provider_id"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey(PaymentRun.id))
    position: Mapped[int]
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    amount: Mapped[Money] = mapped_column("amount_pence")
    sort_code: Mapped[str]
    account_number: Mapped[str]
    account_name: Mapped[str]
    reference: Mapped[str]
    promised_on: Mapped[date]
    """The earliest day we promised to pay any of it."""
    paid_on: Mapped[date | None]


class PaymentInvoice(Model):
    """An invoice or credit note in a payment. Id = invoice: nothing is ever paid twice."""

    __tablename__ = "payment_invoices"
    __table_args__ = (
        CheckConstraint("total_pence <> 0", name="total_not_zero"),
        CheckConstraint("(paid_on IS NULL) = (days IS NULL)", name="paid"),
        Index("ix_payment_invoices_item_id", "item_id"),
        Index("ix_payment_invoices_council_id", "council_id", "paid_on"),
        Index("ix_payment_invoices_provider_id", "provider_id", "paid_on"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey(PaymentItem.id))
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    number: Mapped[int]
    total: Mapped[Money] = mapped_column("total_pence")
    """Negative for a credit note."""
    confirmed_on: Mapped[date]
    promised_on: Mapped[date]
    paid_on: Mapped[date | None]
    days: Mapped[int | None]
    """From confirmation to payment."""
