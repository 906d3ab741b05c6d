"""What is to be settled of many orders, read with two statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import NoteKind, OrderState, VisitState

_ORDERS = select(Order.id, Order.person_id, Order.council_id, Order.provider_id, Order.state).where(
    Order.id.in_(bindparam("orders", expanding=True))
)
_FREE_ORDERS = _ORDERS.order_by(Order.id).with_for_update(skip_locked=True)
_VISITS = (
    select(
        Visit.order_id,
        Visit.id,
        Visit.state,
        Visit.note_kind,
        Visit.amount,
        Visit.due,
        Visit.planned_at,
        Visit.noted_at,
        Visit.told_first_at,
        Visit.told_second_at,
        OrderLine.title,
        OrderLine.unit,
        OrderLine.quantity,
        OrderLine.choice,
        OrderLine.category,
        OrderLine.outcome_id,
    )
    .join(OrderLine, OrderLine.id == Visit.line_id)
    .where(Visit.order_id.in_(bindparam("orders", expanding=True)))
    .order_by(Visit.order_id, OrderLine.position, Visit.number)
)


@dataclass(frozen=True, slots=True)
class DeliveredVisit:
    """A visit, and what of its line an invoice says."""

    order_id: UUID
    id: UUID
    state: VisitState
    note_kind: NoteKind | None
    amount: Money
    due: Money | None
    planned_at: datetime | None
    noted_at: datetime | None
    told_first_at: datetime | None
    told_second_at: datetime | None
    title: str
    unit: str
    quantity: int
    choice: str
    category: str
    outcome_id: UUID | None

    @property
    def owed(self) -> Money:
        """What is to be paid for it."""
        return self.due or ZERO

    @property
    def spared(self) -> Money:
        """What was set aside for it and is not needed."""
        return self.amount - self.owed


@dataclass(frozen=True, slots=True)
class DeliveredOrder:
    """An order, with all its visits in their order."""

    id: UUID
    person_id: UUID
    council_id: UUID
    provider_id: UUID
    state: OrderState
    visits: list[DeliveredVisit]


def delivered_order(session: Session, order: Order) -> DeliveredOrder:
    """Return a locked order and its visits as they stand now."""
    session.flush()  # the statements that follow are not the session's own
    return _read(session, _ORDERS, [order.id])[order.id]


def free_orders(session: Session, order_ids: Collection[UUID]) -> dict[UUID, DeliveredOrder]:
    """Lock some orders as far as nobody else has, and return them with their visits, by id."""
    return _read(session, _FREE_ORDERS, order_ids)


def _read(
    session: Session, orders: Select[*tuple[Any, ...]], order_ids: Collection[UUID]
) -> dict[UUID, DeliveredOrder]:
    connection = session.connection()
    rows = connection.execute(orders, {"orders": list(order_ids)})
    found = {}
    for order_id, person_id, council_id, provider_id, state in rows:
        found[order_id] = DeliveredOrder(order_id, person_id, council_id, provider_id, state, [])
    if found:
        for row in connection.execute(_VISITS, {"orders": list(found)}):
            visit = DeliveredVisit(*tuple(row))
            found[visit.order_id].visits.append(visit)
    return found
