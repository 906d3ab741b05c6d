"""Invoices and credit notes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models.billing import SelfBillingAgreement
from marketplace.orders.models.orders import Order, Visit
from marketplace.orders.rules import InvoiceKind, LineVat, Treatment


class Invoice(Model):
    """An invoice or credit note in the provider's name. Append-only."""

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("provider_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("total_pence > 0", name="total_positive"),
        CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credits"),
        Index("ix_invoices_council_id", "council_id", "issued_at"),
        Index("ix_invoices_person_id", "person_id"),
        Index("ix_invoices_order_id", "order_id"),
        Index("ix_invoices_credits_id", "credits_id"),
    )

    provider_id: Mapped[UUID]
    number: Mapped[int]
    """Per provider, from 1, without gaps."""
    kind: Mapped[InvoiceKind]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    total: Mapped[Money] = mapped_column("total_pence")
    """Always positive; a credit note takes it back."""
    issued_at: Mapped[datetime]
    promised_on: Mapped[date]
    credits_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"))
    seller: Mapped[dict[str, Any]] = mapped_column(JSON)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey(SelfBillingAgreement.id))
    """What lets the market write it in the provider's name. None: it is the market's statement of
    what is owed, and money goes out on it all the same."""


class InvoiceLine(Model):
    """One line of an invoice. Append-only."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("vat_pence BETWEEN 0 AND amount_pence", name="vat_inside"),
        CheckConstraint("(vat_kind = 'standard') = (vat_rate > 0)", name="rated"),
        Index("ix_invoice_lines_visit_id", "visit_id"),
    )

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey(Invoice.id))
    position: Mapped[int]
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Visit.id))
    text: Mapped[str]
    quantity: Mapped[int]
    amount: Mapped[Money] = mapped_column("amount_pence")
    """What is paid, with VAT in it."""
    unit: Mapped[str] = mapped_column(default="")
    vat: Mapped[Money] = mapped_column("vat_pence", default=ZERO)
    vat_kind: Mapped[LineVat] = mapped_column(default=LineVat.NONE)
    vat_rate: Mapped[int] = mapped_column(default=0)
    """In hundredths of a percent."""

    @property
    def treatment(self) -> Treatment:
        """How the line stands to VAT."""
        return Treatment(self.vat_kind, self.vat_rate)


class InvoiceCounter(Model):
    """The last invoice number of a provider: its row is locked to take the next. Id = provider."""

    __tablename__ = "invoice_counters"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    last: Mapped[int]
