"""What was planned against what was delivered in a month, and who came, this month and last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import MINUTES_AN_HOUR, local_instant
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import OrderState, VisitState
from marketplace.orders.rules.planned import Delivered, OneVisit, add_up_delivered, month_beside

_COUNTED = (OrderState.ACCEPTED, OrderState.COMPLETED, OrderState.CANCELLED)
"""What was agreed with a provider. An order cancelled before that has no noted visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One provider to a person, or one person to a provider, in a month."""

    name: str
    month: Delivered
    workers: tuple[str, ...]
    """Who came, or is to come, in this month."""
    workers_before: tuple[str, ...]
    """Who came in the month before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of visits: side by side, and together."""

    first: date
    sides: tuple[Side, ...]
    together: Delivered


def month_of_person(session: Session, *, person_id: UUID, first: date) -> Month:
    """Return a person's month, provider by provider."""
    return _month(session, Order.person_id == person_id, first, by_provider=True)


def month_of_provider(session: Session, *, provider_id: UUID, first: date) -> Month:
    """Return a provider's month, person by person."""
    return _month(session, Order.provider_id == provider_id, first, by_provider=False)


def month_for_council(session: Session, *, person_id: UUID, council_id: UUID, first: date) -> Month:
    """Return a person's month as far as one council pays for it, provider by provider."""
    paid = (Order.person_id == person_id) & (Order.council_id == council_id)
    return _month(session, paid, first, by_provider=True)


class _Found(NamedTuple):
    on: datetime
    side: UUID
    name: str
    visit: OneVisit


def _month(
    session: Session, which: ColumnElement[bool], first: date, *, by_provider: bool
) -> Month:
    begins, since = _instant(first), _instant(month_beside(first, -1))
    found = _visits(session, which, since, _instant(month_beside(first, 1)), by_provider)
    sides: dict[UUID, list[_Found]] = {}
    for each in found:
        sides.setdefault(each.side, []).append(each)
    rows = [_side(of_side, begins) for of_side in sides.values()]
    told = [side for side in rows if side.month.planned or side.workers_before]
    return Month(
        first=first,
        sides=tuple(sorted(told, key=lambda side: side.name)),
        together=add_up_delivered(each.visit for each in found if each.on >= begins),
    )


def _side(found: Sequence[_Found], begins: datetime) -> Side:
    now = [each.visit for each in found if each.on >= begins]
    return Side(
        name=found[0].name,
        month=add_up_delivered(now),
        workers=_workers(now),
        workers_before=_workers(each.visit for each in found if each.on < begins),
    )


def _workers(visits: Iterable[OneVisit]) -> tuple[str, ...]:
    came = {
        visit.worker
        for visit in visits
        if visit.worker and (visit.note_kind is None or visit.note_kind.was_delivered)
    }
    return tuple(sorted(came))


def _visits(
    session: Session,
    which: ColumnElement[bool],
    begins: datetime,
    ends: datetime,
    by_provider: bool,  # noqa: FBT001 - private
) -> list[_Found]:
    on = func.coalesce(Visit.planned_at, Visit.noted_at, type_=Visit.noted_at.type)
    rows = (
        select(on.label("on"), Visit, OrderLine.unit, OrderLine.quantity, Order)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(
            which,
            Order.held_at.is_not(None),
            Order.state.in_(_COUNTED),
            # What was called off before the provider had said yes was never agreed.
            Visit.note_kind.is_not(None) | (Visit.state != VisitState.RELEASED),
            on >= begins,
            on < ends,
        )
        .order_by(on, Visit.id)
    )
    found = session.execute(rows).all()
    names = names_of(
        session, user_ids=set() if by_provider else {row[4].person_id for row in found}
    )
    return [
        _Found(
            on=at,
            side=order.provider_id if by_provider else order.person_id,
            name=order.provider_name if by_provider else names.get(order.person_id, ""),
            visit=OneVisit(
                amount=visit.amount,
                due=visit.due,
                state=visit.state,
                note_kind=visit.note_kind,
                by_silence=visit.settled_by_silence,
                minutes_planned=quantity * MINUTES_AN_HOUR if Unit(unit) is Unit.HOUR else 0,
                minutes=visit.minutes,
                worker=visit.worker,
            ),
        )
        for at, visit, unit, quantity, order in found
    ]


def _instant(day: date) -> datetime:
    return local_instant(day, 0, 0)
