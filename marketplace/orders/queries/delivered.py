"""What was delivered and confirmed: who may rate it, and how much a store has done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import NoteKind, OrderState, VisitState

_DELIVERED = Visit.state == VisitState.CONFIRMED
_GIVEN = Visit.note_kind.in_([NoteKind.FULL, NoteKind.PART])


class CompletedOrder(NamedTuple):
    """An order of which something was delivered and confirmed."""

    provider_id: UUID
    provider_name: str
    person_id: UUID
    council_id: UUID
    state: OrderState
    placed_by_id: UUID
    confirmed: int
    """How many visits were delivered and confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatableOrder:
    """An order the person can say something about."""

    order_id: UUID
    number: int
    provider_id: UUID
    provider_name: str
    titles: tuple[str, ...]
    completed_at: datetime
    """When the latest of it was confirmed."""


def completed_order(session: Session, order_id: UUID) -> CompletedOrder | None:
    """Return an order's sides if something of it was delivered and confirmed; else nothing."""
    order = session.get(Order, order_id)
    visits = select(func.count()).where(Visit.order_id == order_id, _DELIVERED, _GIVEN)
    confirmed = session.scalar(visits) or 0
    if order is None or not confirmed:
        return None
    return CompletedOrder(
        provider_id=order.provider_id,
        provider_name=order.provider_name,
        person_id=order.person_id,
        council_id=order.council_id,
        state=order.state,
        placed_by_id=order.placed_by_id,
        confirmed=confirmed,
    )


def ratable_orders(session: Session, *, person_id: UUID) -> list[RatableOrder]:
    """Return a person's orders of which something was delivered and confirmed, newest first."""
    rows = (
        select(
            Order.id,
            Order.number,
            Order.provider_id,
            Order.provider_name,
            func.max(Visit.settled_at, type_=Visit.settled_at.type),
        )
        .join(Visit, Visit.order_id == Order.id)
        .where(Order.person_id == person_id, _DELIVERED, _GIVEN)
        .group_by(Order.id, Order.number, Order.provider_id, Order.provider_name)
        .order_by(func.max(Visit.settled_at).desc(), Order.id)
    )
    found = list(session.execute(rows))
    titles = _titles(session, [order_id for order_id, *_ in found])
    return [
        RatableOrder(
            order_id=order_id,
            number=number,
            provider_id=provider_id,
            provider_name=provider_name,
            titles=tuple(titles.get(order_id, ())),
            completed_at=completed_at,
        )
        for order_id, number, provider_id, provider_name, completed_at in found
        if completed_at is not None
    ]


def delivered_count(session: Session, *, provider_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many confirmed visits some providers have made; none is 0."""
    wanted = list(provider_ids)
    rows = (
        select(Order.provider_id, func.count())
        .join(Visit, Visit.order_id == Order.id)
        .where(Order.provider_id.in_(wanted), _DELIVERED, _GIVEN)
        .group_by(Order.provider_id)
    )
    counts = dict(session.execute(rows).all())
    return {provider_id: counts.get(provider_id, 0) for provider_id in wanted}


def _titles(session: Session, order_ids: list[UUID]) -> dict[UUID, list[str]]:
    rows = (
        select(OrderLine.order_id, OrderLine.title)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(OrderLine.order_id, OrderLine.position)
    )
    found: dict[UUID, list[str]] = {}
    for order_id, title in session.execute(rows):
        found.setdefault(order_id, []).append(title)
    return found
