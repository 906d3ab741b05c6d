"""What this room keeps about somebody: what was paid to their own store."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import stores_of
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.payments.models import PaymentInvoice, PaymentItem


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return the payments to the stores somebody owns, and which invoices were in each."""
    own = stores_of(session, user_id=user_id)
    items = (
        select(*columns_of(PaymentItem))
        .where(PaymentItem.provider_id.in_(own), PaymentItem.paid_on.is_not(None))
        .order_by(PaymentItem.paid_on, PaymentItem.id)
    )
    invoices = (
        select(*columns_of(PaymentInvoice))
        .where(PaymentInvoice.provider_id.in_(own), PaymentInvoice.paid_on.is_not(None))
        .order_by(PaymentInvoice.paid_on, PaymentInvoice.id)
    )
    return {
        "payments-to-your-store": rows_of(session, items),
        "invoices-paid-to-your-store": rows_of(session, invoices),
    }
