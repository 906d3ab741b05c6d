"""Visits as calendars show them: between two instants, for people, for a store, for a worker."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.orders.models import Order, OrderLine, StandingOrder, Visit
from marketplace.orders.queries.standing_course import courses
from marketplace.orders.queries.standing_days import days_of
from marketplace.orders.queries.standing_rows import DayRow
from marketplace.orders.rules import NoteKind, OrderState, VisitState, line_words
from marketplace.orders.rules.overlaps import Booked
from marketplace.orders.rules.standing import TIMED

TO_CONFIRM_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVisit:
    """One visit as a calendar shows it: no money, no notes."""

    id: UUID
    order_id: UUID
    standing_id: UUID | None
    number: int
    person_id: UUID
    person_name: str
    provider_id: UUID
    provider_name: str
    title: str
    what: str
    """Gardening, 2 hours."""
    category: str
    planned_at: datetime | None
    ends_at: datetime | None
    """None where there is only a day, or none yet."""
    timed: bool
    worker: str
    order_state: OrderState
    state: VisitState
    note_kind: NoteKind | None


@dataclass(frozen=True, slots=True)
class NotOrdered:
    """A day of a standing order for which no order is made."""

    person_id: UUID
    person_name: str
    day: DayRow


def visits_of_people(
    session: Session, *, person_ids: Collection[UUID], from_at: datetime, before_at: datetime
) -> list[CalendarVisit]:
    """Return the visits to some people that are planned between two instants, by time."""
    rows = _visits().where(Order.person_id.in_(person_ids), *_between(from_at, before_at))
    return _read(session, rows)


def visits_of_store(
    session: Session,
    *,
    provider_id: UUID,
    from_at: datetime,
    before_at: datetime,
    worker: str = "",
) -> list[CalendarVisit]:
    """Return a store's visits between two instants, by time; those of one worker, if named."""
    rows = _visits().where(*_of_store(provider_id, worker), *_between(from_at, before_at))
    return _read(session, rows)


def visits_without_day(
    session: Session,
    *,
    person_ids: Collection[UUID] = (),
    provider_id: UUID | None = None,
    worker: str = "",
) -> list[CalendarVisit]:
    """Return what is agreed and has no day yet, for people or for a store."""
    whose = _of_store(provider_id, worker) if provider_id else (Order.person_id.in_(person_ids),)
    rows = _visits().where(
        *whose,
        Visit.planned_at.is_(None),
        Visit.state == VisitState.PLANNED,
        Order.state == OrderState.ACCEPTED,
    )
    return _read(session, rows)


def visits_to_confirm(session: Session, *, person_ids: Collection[UUID]) -> list[CalendarVisit]:
    """Return the visits of which the provider said something and nobody has answered yet."""
    rows = _visits().where(
        Order.person_id.in_(person_ids),
        Order.state == OrderState.ACCEPTED,
        Visit.state == VisitState.NOTED,
    )
    return _read(session, rows.limit(TO_CONFIRM_MAX))


def days_not_ordered(
    session: Session,
    *,
    person_ids: Collection[UUID] = (),
    provider_id: UUID | None = None,
    at: datetime,
) -> list[NotOrdered]:
    """Return the days of standing orders in the next four weeks for which no order is made.

    They are left out, or not covered, or ordered later. A provider is told no reasons.
    """
    whose = (
        StandingOrder.provider_id == provider_id
        if provider_id
        else StandingOrder.person_id.in_(person_ids)
    )
    goes_on = or_(StandingOrder.ends_before.is_(None), StandingOrder.ends_before > local_day(at))
    taken_on = StandingOrder.accepted_at.is_not(None)
    rows = select(StandingOrder).where(whose, taken_on, goes_on).order_by(StandingOrder.id)
    standings = list(session.scalars(rows.execution_options(populate_existing=True)))
    if not standings:
        return []
    people = {standing.id: standing.person_id for standing in standings}
    names = names_of(session, user_ids=people.values())
    days = days_of(
        session,
        standings,
        courses(session, standings),
        with_reasons=provider_id is None,
        at=at,
    )
    return [
        NotOrdered(people[day.standing_id], names.get(people[day.standing_id], ""), day)
        for day in days
        if day.order_id is None
    ]


def _visits() -> Select[*tuple[Any, ...]]:
    return (
        select(Visit, OrderLine, Order)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .order_by(Visit.planned_at, OrderLine.title, Visit.id)
    )


def _of_store(provider_id: UUID, worker: str) -> tuple[ColumnElement[bool], ...]:
    # A provider never sees what was only suggested.
    theirs = (Order.provider_id == provider_id, Order.held_at.is_not(None))
    if not worker:
        return theirs
    # A database may know small letters of English alone: the name as it is written counts too.
    same = or_(Visit.worker == worker, func.lower(Visit.worker) == worker.lower())
    return (*theirs, same)


def _between(from_at: datetime, before_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Visit.planned_at >= from_at, Visit.planned_at < before_at)


def _read(session: Session, rows: Select[*tuple[Any, ...]]) -> list[CalendarVisit]:
    found = session.execute(rows).all()
    names = names_of(session, user_ids={order.person_id for *_, order in found})
    return [
        _visit(visit, line, order, names.get(order.person_id, "")) for visit, line, order in found
    ]


def _visit(visit: Visit, line: OrderLine, order: Order, person_name: str) -> CalendarVisit:
    unit = Unit(line.unit)
    timed = unit in TIMED
    ends_at = None
    if timed and visit.planned_at is not None:
        booked = Booked(title=line.title, at=visit.planned_at, unit=unit, quantity=line.quantity)
        ends_at = booked.ends_at
    return CalendarVisit(
        id=visit.id,
        order_id=order.id,
        standing_id=order.standing_id,
        number=visit.number,
        person_id=order.person_id,
        person_name=person_name,
        provider_id=order.provider_id,
        provider_name=order.provider_name,
        title=line.title,
        what=line_words(line.title, line.unit, line.quantity, line.choice),
        category=line.category,
        planned_at=visit.planned_at,
        ends_at=ends_at,
        timed=timed,
        worker=visit.worker,
        order_state=order.state,
        state=visit.state,
        note_kind=visit.note_kind,
    )
