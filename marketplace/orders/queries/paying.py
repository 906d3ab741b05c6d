"""Visits on invoices, for whoever looks for the same one twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.orders.models import Invoice, InvoiceLine, Visit
from marketplace.orders.rules import InvoiceKind


@dataclass(frozen=True, slots=True)
class VisitOnInvoice:
    """One visit on one invoice."""

    invoice_id: UUID
    number: int
    provider_id: UUID
    person_id: UUID
    amount: Money
    at: datetime


def visits_beside(session: Session, *, invoice_ids: Collection[UUID]) -> list[VisitOnInvoice]:
    """Return the visits of some invoices, and all others of their providers in the same span."""
    ours = (
        select(func.min(Visit.planned_at), func.max(Visit.planned_at))
        .join(InvoiceLine, InvoiceLine.visit_id == Visit.id)
        .where(InvoiceLine.invoice_id.in_(invoice_ids))
    )
    first, last = session.execute(ours).one()
    if first is None or last is None:
        return []
    providers = select(Invoice.provider_id).where(Invoice.id.in_(invoice_ids))
    rows = (
        select(
            Invoice.id,
            Invoice.number,
            Invoice.provider_id,
            Invoice.person_id,
            InvoiceLine.amount,
            Visit.planned_at,
        )
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(Visit, Visit.id == InvoiceLine.visit_id)
        .where(
            Invoice.provider_id.in_(providers),
            Invoice.kind == InvoiceKind.INVOICE,
            Visit.planned_at.between(first, last),
        )
    )
    return [
        VisitOnInvoice(invoice_id, number, provider_id, person_id, amount, at)
        for invoice_id, number, provider_id, person_id, amount, at in session.execute(rows)
        if at is not None
    ]
