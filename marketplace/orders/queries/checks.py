"""What must always hold between orders, their visits, their holds and their invoices."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import open_holds
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Dispute, Invoice, InvoiceCounter, Order, Visit
from marketplace.orders.queries.standing_course import DEAD
from marketplace.orders.rules import FINISHED, OPEN_VISITS, VisitState


def problems(session: Session) -> list[str]:
    """Return one sentence for everything that does not fit; none if all does."""
    return [
        *_holds(session),
        *_invoice_numbers(session),
        *_doubled(session),
        *_queries(session),
    ]


def _holds(session: Session) -> Iterator[str]:
    still_open, holds = _open_amounts(session), open_holds(session)
    rows = select(Order.id, Order.number, Order.state, Order.held_at).order_by(Order.number)
    for order_id, number, state, held_at in session.execute(rows):
        held = holds.pop(order_id, ZERO)
        wanted = still_open.get(order_id, ZERO) if held_at is not None else ZERO
        if held != wanted:
            yield f"Order {number} holds {held}, but its open visits need {wanted}."
        if state in FINISHED and (held or order_id in still_open):
            yield f"Order {number} has ended ({state}) and still holds {held}."
    for order_id, held in holds.items():
        yield f"{held} is set aside for order {order_id}, which does not exist."


def _doubled(session: Session) -> Iterator[str]:
    rows = (
        select(Order.standing_id, Visit.planned_at)
        .join(Visit, Visit.order_id == Order.id)
        .where(
            Order.standing_id.is_not(None),
            Order.state.not_in(DEAD),
            Visit.state != VisitState.RELEASED,
        )
        .group_by(Order.standing_id, Visit.planned_at)
        .having(func.count() > 1)
    )
    for standing_id, planned_at in session.execute(rows):
        yield f"Standing order {standing_id} was ordered twice for {planned_at}."


def _queries(session: Session) -> Iterator[str]:
    """Say of every query that does not fit its visit: open means that the money waits."""
    rows = (
        select(Order.number, Visit.number, Visit.state, Dispute.invoice_id)
        .join(Order, Order.id == Visit.order_id)
        .outerjoin(Dispute, Dispute.live_visit_id == Visit.id)
        .where(or_(Dispute.id.is_not(None), Visit.state == VisitState.QUERIED))
        .add_columns(Dispute.id)
    )
    for order, number, state, invoice_id, query_id in session.execute(rows):
        wanted = VisitState.QUERIED if invoice_id is None else VisitState.CONFIRMED
        if query_id is None or state is not wanted:
            yield f"Visit {number} of order {order} is “{state}”, which does not fit its query."


def _open_amounts(session: Session) -> dict[UUID, Money]:
    rows = (
        select(Visit.order_id, func.sum(Visit.amount, type_=Visit.amount.type))
        .where(Visit.state.in_(OPEN_VISITS))
        .group_by(Visit.order_id)
    )
    return dict(session.execute(rows).all())


def _invoice_numbers(session: Session) -> Iterator[str]:
    rows = (
        select(Invoice.provider_id, func.count(), func.max(Invoice.number), InvoiceCounter.last)
        .outerjoin(InvoiceCounter, InvoiceCounter.id == Invoice.provider_id)
        .group_by(Invoice.provider_id, InvoiceCounter.last)
    )
    for provider_id, count, highest, last in session.execute(rows):
        if not count == highest == last:
            yield f"The invoices of provider {provider_id} have gaps in their numbers."
