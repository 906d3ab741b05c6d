"""A provider's day: what is still to be noted, in the order of the clock, and what was noted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor
from marketplace.councils.queries import councils
from marketplace.kernel.clock import local_day, local_instant
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.queries.agreed import agreed_of
from marketplace.orders.queries.noted import to_put_right
from marketplace.orders.queries.orders import visit_row
from marketplace.orders.queries.rows import VisitRow
from marketplace.orders.rules import Choice, OrderState, VisitState, choices, parts

EARLIER_MAX = 50
"""Of what is still to be noted from days before, or has no day yet, so many are shown."""

TO_CONFIRM_MAX = 20
"""So many are asked about at once; the others come after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVisit:
    """One visit of the day, with everything its provider can say of it."""

    visit: VisitRow
    person_name: str
    choices: tuple[Choice, ...]
    """Each answer with its sentence; the first is that it was done as agreed."""
    parts: tuple[tuple[str, str], ...]
    """How much of it can be said to have happened, each with what it comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a provider, or one of its workers, has to do and to say on a day."""

    on: date
    mine: tuple[DayVisit, ...]
    """Today's visits of whoever looks; of everybody, if none has their name on it."""
    others: tuple[DayVisit, ...]
    earlier: tuple[DayVisit, ...]
    """From days before, the latest first, and without a day."""
    noted: tuple[DayVisit, ...]
    """What was noted today, the last first."""


def day_of_provider(session: Session, *, by: Actor, at: datetime) -> Day:
    """Return the day of the provider whose hat ``by`` wears."""
    on = local_day(at)
    begins, ends = local_instant(on, 0, 0), local_instant(on + timedelta(days=1), 0, 0)
    accepted = Order.state == OrderState.ACCEPTED
    planned = accepted & (Visit.state == VisitState.PLANNED)
    of_today = (Visit.planned_at >= begins) & (Visit.planned_at < ends)
    before = Visit.planned_at.is_(None) | (Visit.planned_at < begins)
    rows = _visits(by.works_for).order_by(Visit.planned_at, Visit.id)
    late = _visits(by.works_for).order_by(
        Visit.planned_at.is_(None), Visit.planned_at.desc(), Visit.id
    )
    noted = _visits(by.works_for).order_by(Visit.noted_at.desc(), Visit.id)
    today = _found(session, rows.where(planned, of_today), at)
    mine = [each for each in today if each.visit.worker in {by.name, ""}]
    has_own = any(each.visit.worker == by.name for each in today)
    return Day(
        on=on,
        mine=tuple(mine if has_own else today),
        others=tuple(each for each in today if each not in mine) if has_own else (),
        earlier=_found(session, late.where(planned, before).limit(EARLIER_MAX), at),
        noted=_found(session, noted.where(_noted_since(begins)), at),
    )


def to_confirm_of_person(
    session: Session, *, person_id: UUID, at: datetime
) -> list[tuple[VisitRow, str]]:
    """Return what a person has not answered for, the oldest first, each with the provider."""
    rows = (
        select(Visit, OrderLine, Order.provider_name, Order.council_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(Order.person_id == person_id, Visit.state == VisitState.NOTED)
        .order_by(Visit.noted_at, Visit.id)
        .limit(TO_CONFIRM_MAX)
    )
    days = {card.id: card.auto_confirm_days for card in councils(session)}
    return [
        (visit_row(visit, line, at, days=days.get(council_id)), provider)
        for visit, line, provider, council_id in session.execute(rows)
    ]


def visit_to_note(session: Session, *, visit_id: UUID, at: datetime) -> DayVisit:
    """Return one visit with all that can be said of it; who may see it is for others to say."""
    return _found(session, _visits(None).where(Visit.id == visit_id), at)[0]


def _noted_since(begins: datetime) -> ColumnElement[bool]:
    return Visit.noted_by_id.is_not(None) & (Visit.noted_at >= begins)


def _visits(provider_id: UUID | None) -> Select[Visit, OrderLine, UUID]:
    rows = (
        select(Visit, OrderLine, Order.person_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
    )
    return rows if provider_id is None else rows.where(Order.provider_id == provider_id)


def _found(
    session: Session, rows: Select[Visit, OrderLine, UUID], at: datetime
) -> tuple[DayVisit, ...]:
    found = [(visit, line, person_id) for visit, line, person_id in session.execute(rows)]
    names = names_of(session, user_ids={person_id for *_, person_id in found})
    put_right = to_put_right(session, [visit for visit, *_ in found], at=at)
    return tuple(_each(found, names, put_right, at))


def _each(
    found: Iterable[tuple[Visit, OrderLine, UUID]],
    names: Mapping[UUID, str],
    put_right: frozenset[UUID],
    at: datetime,
) -> Iterator[DayVisit]:
    for visit, line, person_id in found:
        agreed = agreed_of(visit, line)
        yield DayVisit(
            visit=visit_row(visit, line, at, can_put_right=visit.id in put_right),
            person_name=names.get(person_id, ""),
            choices=choices(agreed),
            parts=tuple(parts(agreed)),
        )
