"""A provider's papers of a time with their lines, and what the papers before it come to."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Invoice, InvoiceLine, Order
from marketplace.orders.rules import InvoiceKind, Treatment


@dataclass(frozen=True, slots=True)
class AccountsLine:
    """One line of a paper."""

    text: str
    quantity: int
    amount: Money
    vat: Money
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class AccountsPaper:
    """An invoice or credit note of a provider, with its lines."""

    id: UUID
    number: int
    kind: InvoiceKind
    issued_at: datetime
    promised_on: date
    council_id: UUID
    person: str
    order_number: int
    lines: tuple[AccountsLine, ...]


def papers_between(
    session: Session, *, provider_id: UUID, from_at: datetime, before_at: datetime
) -> list[AccountsPaper]:
    """Return a provider's papers from one instant to another, by their number."""
    of_time = (
        Invoice.provider_id == provider_id,
        Invoice.issued_at >= from_at,
        Invoice.issued_at < before_at,
    )
    lines: dict[UUID, list[AccountsLine]] = {}
    rows = (
        select(InvoiceLine)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(*of_time)
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position)
    )
    for line in session.scalars(rows):
        lines.setdefault(line.invoice_id, []).append(
            AccountsLine(line.text, line.quantity, line.amount, line.vat, line.treatment)
        )
    papers = (
        select(Invoice, Order.number)
        .join(Order, Order.id == Invoice.order_id)
        .where(*of_time)
        .order_by(Invoice.number)
    )
    return [
        AccountsPaper(
            invoice.id,
            invoice.number,
            invoice.kind,
            invoice.issued_at,
            invoice.promised_on,
            invoice.council_id,
            str(invoice.buyer.get("name", "")),
            order_number,
            tuple(lines.get(invoice.id, ())),
        )
        for invoice, order_number in session.execute(papers)
    ]


def invoiced_before(session: Session, *, provider_id: UUID, before_at: datetime) -> Money:
    """Return what a provider's invoices before an instant come to, less its credit notes."""
    signed = case((Invoice.kind == InvoiceKind.INVOICE, Invoice.total), else_=-Invoice.total)
    amount = session.scalar(
        select(func.sum(signed, type_=Invoice.total.type)).where(
            Invoice.provider_id == provider_id, Invoice.issued_at < before_at
        )
    )
    return amount or ZERO
