"""What is to be settled of many orders, read with a few statements. The orders are locked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import NoteKind, OrderState, VisitState

_ORDERS = select(Order.id, Order.person_id, Order.council_id, Order.provider_id, Order.state).where(
    Order.id.in_(bindparam("orders", expanding=True))
)
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
        OrderLine.title,
        OrderLine.unit,
        OrderLine.quantity,
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
    title: str
    unit: str
    quantity: int
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


def delivered_orders(session: Session, order_ids: Collection[UUID]) -> dict[UUID, DeliveredOrder]:
    """Return some orders and their visits as they stand now, by id."""
    wanted = {"orders": list(order_ids)}
    found = {row.id: DeliveredOrder(*row, []) for row in session.execute(_ORDERS, wanted)}
    for row in session.execute(_VISITS, wanted):
        found[row.order_id].visits.append(DeliveredVisit(*tuple(row)))
    return found
