"""Which visits and invoices are queried now: their money stays where it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.orders.models import Dispute


def of_live_invoice(invoice_id: UUID) -> ColumnElement[bool]:
    """Return which queries are about an invoice and not settled yet."""
    return (Dispute.invoice_id == invoice_id) & Dispute.live_visit_id.is_not(None)


def disputed_invoices() -> Select[UUID | None]:
    """Return a statement for the invoices on which a visit is queried now: nobody pays them yet."""
    return select(Dispute.invoice_id).where(
        Dispute.invoice_id.is_not(None), Dispute.live_visit_id.is_not(None)
    )


def silent_disputes(session: Session, *, at: datetime) -> list[UUID]:
    """Return the queries that somebody should have answered by now, oldest first."""
    rows = (
        select(Dispute.id)
        .where(Dispute.due_on < local_day(at), Dispute.live_visit_id.is_not(None))
        .order_by(Dispute.due_on, Dispute.id)
    )
    return list(session.scalars(rows))
