"""The tables of payment runs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.payments.rules import (
    FileFormat,
    ItemState,
    RunState,
    next_item_state,
    next_state,
)


class PaymentRunCounter(Model):
    """The last run number of a council. Its row is what proposers take turns on. Id = council."""

    __tablename__ = "payment_run_counters"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    last: Mapped[int]
    looked_on: Mapped[date | None]
    """The last day on which the market looked by itself what can be paid."""


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
            "state NOT IN ('approved', 'sent', 'paid') OR approved_by_id IS NOT NULL",
            name="approved",
        ),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent"),
        CheckConstraint(
            "sent_by_id IS NULL OR proposed_by_id IS NOT NULL OR sent_by_id <> approved_by_id",
            name="two_hands",
        ),
    )

    council_id: Mapped[UUID]
    number: Mapped[int]
    """Per council, from 1."""
    state: Mapped[RunState]
    total: Mapped[Money] = mapped_column("total_pence")
    """Of the payments that were not taken out."""
    proposed_by_id: Mapped[UUID | None]
    """None: the market proposed it by itself, as it does each day."""
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None]
    approved_by_name: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    sent_by_id: Mapped[UUID | None]
    sent_by_name: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    file_format: Mapped[FileFormat | None]
    file_day: Mapped[date | None]
    """The day on which the file asks the bank to pay."""
    file_digest: Mapped[str | None]
    """The SHA-256 of the file as it was sent, as hexadecimal."""
    payer: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """The council's account when the file was made."""
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
        CheckConstraint("state <> 'settled' OR settled_on IS NOT NULL", name="settled"),
        CheckConstraint("(state = 'bounced') = (bounced_on IS NOT NULL)", name="bounced"),
        CheckConstraint("(state = 'taken_out') = (taken_out_reason IS NOT NULL)", name="taken_out"),
        Index("ix_payment_items_provider_id", "provider_id"),
        Index("ix_payment_items_reference", "reference"),
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
    state: Mapped[ItemState] = mapped_column(default=ItemState.PLANNED)
    settled_on: Mapped[date | None]
    """When the bank paid it; stays when it bounces later."""
    times_settled: Mapped[int] = mapped_column(default=0)
    """More than once only if a line of a statement had been taken for the wrong payment."""
    bounced_on: Mapped[date | None]
    bounce_reason: Mapped[str] = mapped_column(default="")
    taken_out_reason: Mapped[str | None]
    taken_out_by_name: Mapped[str | None]
    noticed: Mapped[int] = mapped_column(default=0)
    """How many things the checks noticed."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """What the checks noticed when it was proposed: ``[{"kind": "duplicate", "words": "…"}]``."""

    def go_to(self, state: ItemState) -> None:
        """Move along the life of a payment, or raise WrongItemStateError."""
        self.state = next_item_state(self.state, state)

    @property
    def ledger_key(self) -> str:
        """What the movement of its newest settlement is called in the ledger."""
        again = f"/{self.times_settled}" if self.times_settled > 1 else ""
        return f"payment/{self.id}{again}"


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


class FreedInvoice(Model):
    """An invoice that was in a payment which was not made, and waits for another. Append-only."""

    __tablename__ = "payment_freed_invoices"
    __table_args__ = (
        UniqueConstraint("item_id", "invoice_id"),
        CheckConstraint("total_pence <> 0", name="total_not_zero"),
        Index("ix_payment_freed_invoices_invoice_id", "invoice_id"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey(PaymentItem.id))
    invoice_id: Mapped[UUID]
    number: Mapped[int]
    total: Mapped[Money] = mapped_column("total_pence")


class BankCall(Model):
    """A note that an officer rang a provider, who said that changed bank details are theirs."""

    __tablename__ = "payment_bank_calls"
    __table_args__ = (UniqueConstraint("change_id", "council_id"),)

    change_id: Mapped[UUID]
    council_id: Mapped[UUID]
    words: Mapped[str]
    """Whom they spoke with, and what was said."""
    rung_by_id: Mapped[UUID]
    rung_by_name: Mapped[str]
    rung_at: Mapped[datetime]
