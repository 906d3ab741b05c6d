"""On which days somebody else is needed once a provider has stopped."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.orders.models import StandingOrder, StopItem, Visit
from marketplace.orders.queries.standing_course import courses
from marketplace.orders.rules import VisitState
from marketplace.orders.rules.standing import WEEKS_AHEAD
from marketplace.orders.rules.stops import new_begins_on

_WEEK = timedelta(weeks=1)


def days_to_fill(
    session: Session, item: StopItem, *, last_on: date, today: date
) -> tuple[date, ...]:
    """Return the days after the last one, of what goes on those of the first four weeks."""
    if item.standing_id is None:
        return _of_order(session, item, last_on)
    standing = session.get_one(StandingOrder, item.standing_id)
    begins_on = new_begins_on(last_on, today=today)
    # What ends because the provider stops goes on with somebody else.
    course = replace(courses(session, [standing])[standing.id], ends_before=None)
    found = course.between(begins_on, begins_on + WEEKS_AHEAD * _WEEK)
    return tuple(sorted({each.on for each in found if each.may_stay}))


def _of_order(session: Session, item: StopItem, last_on: date) -> tuple[date, ...]:
    rows = select(Visit.planned_at).where(
        Visit.line_id == item.line_id,
        Visit.state.in_([VisitState.PLANNED, VisitState.RELEASED]),
        Visit.planned_at.is_not(None),
    )
    times: list[datetime] = [at for at in session.scalars(rows) if at is not None]
    return tuple(sorted({day for day in map(local_day, times) if day > last_on}))
