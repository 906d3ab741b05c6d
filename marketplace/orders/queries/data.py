"""What this room keeps about somebody: what they thought of, ordered, got and were billed for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.orders.models import BasketLine, Invoice, InvoiceLine, Order, OrderLine, Visit


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's basket, orders, visits and invoices, oldest first."""
    basket = select(*columns_of(BasketLine)).where(BasketLine.person_id == user_id)
    orders = select(*columns_of(Order)).where(Order.person_id == user_id)
    lines = (
        select(*columns_of(OrderLine))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.person_id == user_id)
        .order_by(Order.placed_at, Order.id, OrderLine.position)
    )
    visits = (
        select(*columns_of(Visit))
        .join(Order, Order.id == Visit.order_id)
        .where(Order.person_id == user_id)
        .order_by(Order.placed_at, Order.id, Visit.line_id, Visit.number)
    )
    invoices = select(*columns_of(Invoice)).where(Invoice.person_id == user_id)
    invoiced = (
        select(*columns_of(InvoiceLine))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.person_id == user_id)
        .order_by(Invoice.issued_at, Invoice.id, InvoiceLine.position)
    )
    return {
        "basket": rows_of(session, basket.order_by(BasketLine.added_at, BasketLine.id)),
        "orders": rows_of(session, orders.order_by(Order.placed_at, Order.id)),
        "order-lines": rows_of(session, lines),
        "visits": rows_of(session, visits),
        "invoices": rows_of(session, invoices.order_by(Invoice.issued_at, Invoice.id)),
        "invoice-lines": rows_of(session, invoiced),
    }
