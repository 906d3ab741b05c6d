"""What this room keeps about somebody: what they thought of, ordered, got and were billed for."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.orders.models import (
    Approval,
    BasketLine,
    Dispute,
    Invoice,
    InvoiceLine,
    Order,
    OrderLine,
    SelfBillingAgreement,
    StandingGap,
    StandingMiss,
    StandingOrder,
    StandingPattern,
    StandingRise,
    StandingYes,
    VatRegistration,
    Visit,
    VisitPhoto,
)
from marketplace.orders.queries.disputes_data import data_of_queries
from marketplace.orders.rules import FINISHED


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
    photos = (
        select(*columns_of(VisitPhoto, without=["content"]))
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .join(Order, Order.id == Visit.order_id)
        .where(or_(Order.person_id == user_id, VisitPhoto.added_by_id == user_id))
        .order_by(VisitPhoto.added_at, VisitPhoto.id)
    )
    invoices = select(*columns_of(Invoice)).where(Invoice.person_id == user_id)
    invoiced = (
        select(*columns_of(InvoiceLine))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.person_id == user_id)
        .order_by(Invoice.issued_at, Invoice.id, InvoiceLine.position)
    )
    approvals = (
        select(*columns_of(Approval))
        .join(Order, Order.id == Approval.order_id)
        .where(Order.person_id == user_id)
        .order_by(Order.placed_at, Order.id, Approval.id)
    )
    agreed = select(*columns_of(SelfBillingAgreement)).where(
        SelfBillingAgreement.agreed_by_id == user_id
    )
    vat = select(*columns_of(VatRegistration)).where(VatRegistration.said_by_id == user_id)
    standing = select(*columns_of(StandingOrder)).where(StandingOrder.person_id == user_id)
    return {
        **_of_standing(session, user_id),
        **data_of_queries(session, user_id=user_id),
        "standing-orders": rows_of(
            session, standing.order_by(StandingOrder.placed_at, StandingOrder.id)
        ),
        "yeses-and-noes-to-orders": rows_of(session, approvals),
        "basket": rows_of(session, basket.order_by(BasketLine.added_at, BasketLine.id)),
        "orders": rows_of(session, orders.order_by(Order.placed_at, Order.id)),
        "order-lines": rows_of(session, lines),
        "visits": rows_of(session, visits),
        "pictures-of-visits": rows_of(session, photos),
        "invoices": rows_of(session, invoices.order_by(Invoice.issued_at, Invoice.id)),
        "invoice-lines": rows_of(session, invoiced),
        "agreements-about-invoices": rows_of(
            session, agreed.order_by(SelfBillingAgreement.agreed_at)
        ),
        "vat-of-your-store": rows_of(session, vat.order_by(VatRegistration.said_at)),
    }


def _of_standing(session: Session, user_id: UUID) -> dict[str, Kept]:
    """Return all that was said of somebody's standing orders, and what became of their weeks."""
    kinds: dict[str, type[StandingPattern | StandingGap | StandingMiss | StandingRise]] = {
        "standing-order-patterns": StandingPattern,
        "standing-order-gaps": StandingGap,
        "standing-order-weeks-not-covered": StandingMiss,
        "standing-order-prices": StandingRise,
    }
    said = select(*columns_of(StandingYes)).where(
        or_(StandingYes.person_id == user_id, StandingYes.by_user_id == user_id)
    )
    yeses = rows_of(session, said.order_by(StandingYes.at, StandingYes.id))
    return {"yeses-and-noes-in-pools": yeses} | {
        kind: rows_of(
            session,
            select(*columns_of(model))
            .join(StandingOrder, StandingOrder.id == model.standing_id)
            .where(StandingOrder.person_id == user_id)
            .order_by(StandingOrder.placed_at, model.id),
        )
        for kind, model in kinds.items()
    }


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order of which something may still happen."""

    id: UUID
    number: int
    provider_name: str


def open_orders_of(
    session: Session, *, person_id: UUID | None = None, provider_ids: Collection[UUID] = ()
) -> list[OpenOrder]:
    """Return the open orders of a person or of some providers, oldest first."""
    whose = or_(Order.person_id == person_id, Order.provider_id.in_(provider_ids))
    queried = select(Dispute.order_id).where(Dispute.live_visit_id.is_not(None))
    rows = (
        select(Order.id, Order.number, Order.provider_name)
        .where(whose, or_(Order.state.not_in(FINISHED), Order.id.in_(queried)))
        .order_by(Order.placed_at, Order.id)
    )
    return [OpenOrder(*row) for row in session.execute(rows)]
