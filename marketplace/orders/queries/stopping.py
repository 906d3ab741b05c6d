"""What of a provider's orders lies after a day: whom it concerns if they stop then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Order, OrderLine, ProviderStop, StandingOrder, Visit
from marketplace.orders.rules import OrderState, VisitState

OPEN_ORDERS = (OrderState.PLACED, OrderState.CHANGE_PROPOSED, OrderState.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """One order, or standing order, of which something lies after a day."""

    person_id: UUID
    council_id: UUID
    standing_id: UUID | None
    order_id: UUID | None
    line_id: UUID | None
    title: str
    planned: int
    held: Money


def concerned_by(
    session: Session, *, provider_id: UUID, council_id: UUID | None, last_on: date, at: datetime
) -> list[Concerned]:
    """Return what a provider has still to do after a day, standing orders first."""
    found = [
        *_standing(session, provider_id, last_on, at),
        *_orders(session, provider_id, last_on),
    ]
    return [each for each in found if council_id is None or each.council_id == council_id]


def live_stops(session: Session) -> list[ProviderStop]:
    """Return every provider that stops and has not stopped yet."""
    rows = select(ProviderStop).where(ProviderStop.live_key.is_not(None)).order_by(ProviderStop.id)
    return list(session.scalars(rows))


def last_days(
    session: Session, *, provider_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID | None], date]:
    """Return the last days of those of some providers who stop, by provider and council."""
    rows = select(ProviderStop.provider_id, ProviderStop.council_id, ProviderStop.last_on).where(
        ProviderStop.live_key.is_not(None), ProviderStop.provider_id.in_(provider_ids)
    )
    return {(provider, council): day for provider, council, day in session.execute(rows)}


def last_day_of(session: Session, *, provider_id: UUID, council_id: UUID) -> date | None:
    """Return the last day on which a provider comes for a council's money, if they stop."""
    days = last_days(session, provider_ids=[provider_id])
    known = [days[key] for key in ((provider_id, None), (provider_id, council_id)) if key in days]
    return min(known, default=None)


def _standing(session: Session, provider_id: UUID, last_on: date, at: datetime) -> list[Concerned]:
    after = or_(StandingOrder.ends_before.is_(None), StandingOrder.ends_before > last_on)
    rows = (
        select(StandingOrder, Order.state)
        .join(Order, Order.id == StandingOrder.first_order_id)
        .where(
            StandingOrder.provider_id == provider_id,
            StandingOrder.ended_at.is_(None),
            after,
            or_(StandingOrder.accepted_at.is_not(None), Order.state.in_(OPEN_ORDERS)),
        )
        .order_by(StandingOrder.placed_at, StandingOrder.id)
    )
    found = session.execute(rows).all()
    sums = _sums(session, provider_id, last_on)
    return [
        Concerned(
            person_id=standing.person_id,
            council_id=standing.council_id,
            standing_id=standing.id,
            order_id=None,
            line_id=None,
            title=standing.title,
            planned=sums.get(standing.id, (0, ZERO))[0],
            held=sums.get(standing.id, (0, ZERO))[1],
        )
        for standing, _ in found
        if standing.ends_before is None or standing.ends_before > local_day(at)
    ]


def _orders(session: Session, provider_id: UUID, last_on: date) -> list[Concerned]:
    rows = (
        select(OrderLine, Order)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.provider_id == provider_id,
            Order.standing_id.is_(None),
            Order.state.in_(OPEN_ORDERS),
        )
        .order_by(Order.placed_at, Order.id, OrderLine.position)
    )
    sums = _sums(session, provider_id, last_on)
    return [
        Concerned(
            person_id=order.person_id,
            council_id=order.council_id,
            standing_id=None,
            order_id=order.id,
            line_id=line.id,
            title=line.title,
            planned=sums[line.id][0],
            held=sums[line.id][1],
        )
        for line, order in session.execute(rows)
        if line.id in sums
    ]


def _sums(session: Session, provider_id: UUID, last_on: date) -> dict[UUID, tuple[int, Money]]:
    """Return how many visits are planned after a day, and what is set aside for them.

    By standing order, or by line of an order of its own.
    """
    rows = (
        select(Order.standing_id, Visit.line_id, Visit.planned_at, Visit.amount)
        .join(Order, Order.id == Visit.order_id)
        .where(
            and_(Order.provider_id == provider_id, Order.held_at.is_not(None)),
            Order.state.in_(OPEN_ORDERS),
            Visit.state == VisitState.PLANNED,
        )
    )
    sums: dict[UUID, tuple[int, Money]] = {}
    for standing_id, line_id, planned_at, amount in session.execute(rows):
        if planned_at is not None and local_day(planned_at) <= last_on:
            continue
        key = standing_id or line_id
        count, held = sums.get(key, (0, ZERO))
        sums[key] = (count + 1, held + amount)
    return sums
