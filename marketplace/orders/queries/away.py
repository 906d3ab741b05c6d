"""Whose visits fall on days on which a store is away, and how much a store has to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import Unit, monday_of
from marketplace.catalogue.rules.holidays import Away
from marketplace.kernel.clock import LONDON, local_day
from marketplace.orders.models import Order, OrderLine, StandingOrder, Visit
from marketplace.orders.queries.calendar import CalendarVisit, visits_of_store
from marketplace.orders.queries.standing_course import courses
from marketplace.orders.rules import OrderState, VisitState, moments_words
from marketplace.orders.rules.overlaps import Booked
from marketplace.orders.rules.standing import Fate

GOES_ON = (OrderState.PLACED, OrderState.CHANGE_PROPOSED, OrderState.ACCEPTED)
WEEKS_COUNTED = 4
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class StandingDays:
    """A standing order, and which of its visits are not planned because of a holiday."""

    standing_id: UUID
    title: str
    unit: str
    times: tuple[datetime, ...]

    @property
    def words(self) -> str:
        """When they would be: Tuesday 4 August 2026, 8am; some more."""
        return moments_words(self.times, self.unit)


@dataclass(frozen=True, slots=True)
class Affected:
    """What is planned on the days of a holiday."""

    away: Away
    visits: tuple[CalendarVisit, ...]
    standing: tuple[StandingDays, ...]
    """Standing orders of which visits then are not ordered."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many people have visits ahead, and how long the busiest week ahead is."""

    people: int
    minutes: int


def affected(
    session: Session, *, provider_id: UUID, from_on: date, last_on: date, at: datetime
) -> Affected:
    """Return what a store has planned from one day to another."""
    ends_before = last_on + timedelta(days=1)
    planned = visits_of_store(
        session,
        provider_id=provider_id,
        from_at=max(at, _begin(from_on)),
        before_at=_begin(ends_before),
    )
    visits = tuple(
        visit
        for visit in planned
        if visit.state is VisitState.PLANNED and visit.order_state in GOES_ON
    )
    away = Away(from_on, ends_before)
    return Affected(away, visits, _standing(session, provider_id, away, visits, at=at))


def load_of(session: Session, *, provider_id: UUID, at: datetime) -> Load:
    """Return how much a store has to do: of what is ordered and not delivered yet."""
    ahead = (
        Order.provider_id == provider_id,
        Order.state.in_(GOES_ON),
        Visit.state == VisitState.PLANNED,
        or_(Visit.planned_at.is_(None), Visit.planned_at >= at),
    )
    people = session.scalar(
        select(func.count(func.distinct(Order.person_id)))
        .join(Visit, Visit.order_id == Order.id)
        .where(*ahead)
    )
    rows = (
        select(Visit.planned_at, OrderLine.unit, OrderLine.quantity)
        .join(Order, Order.id == Visit.order_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .where(*ahead, Visit.planned_at < at + timedelta(weeks=WEEKS_COUNTED))
    )
    weeks: dict[date, int] = {}
    for planned_at, unit, quantity in session.execute(rows):
        assert planned_at is not None, "only visits with a time are asked for"
        booked = Booked(title="", at=planned_at, unit=Unit(unit), quantity=quantity)
        week = monday_of(local_day(planned_at))
        weeks[week] = weeks.get(week, 0) + (booked.ends_at - booked.at) // timedelta(minutes=1)
    return Load(people or 0, max(weeks.values(), default=0))


def _standing(
    session: Session,
    provider_id: UUID,
    away: Away,
    visits: Collection[CalendarVisit],
    *,
    at: datetime,
) -> tuple[StandingDays, ...]:
    rows = select(StandingOrder).where(
        StandingOrder.provider_id == provider_id,
        StandingOrder.accepted_at.is_not(None),
        or_(StandingOrder.ends_before.is_(None), StandingOrder.ends_before > away.starts_on),
    )
    standings = list(session.scalars(rows.order_by(StandingOrder.id)))
    found = courses(session, standings)
    ordered = {(visit.standing_id, visit.planned_at) for visit in visits}
    around = away.starts_on - _WEEK, away.ends_before + _WEEK
    days = {
        each.id: tuple(
            occasion.planned_at
            for occasion in found[each.id].between(*around)
            if occasion.fate is Fate.AWAY
            and away.covers(occasion.on)
            and occasion.planned_at > at
            and (each.id, occasion.planned_at) not in ordered
        )
        for each in standings
    }
    return tuple(
        StandingDays(each.id, each.title, each.unit, days[each.id])
        for each in standings
        if days[each.id]
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
