"""When visits are, and until when they can be called off or noted. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from marketplace.kernel.clock import LONDON, local_day
from marketplace.orders.rules.clock_changes import wall_instant

ANSWER_WITHIN = timedelta(days=14)
"""A provider who has not answered by then does not keep the money waiting."""
VISITS_MAX = 52
QUANTITY_MAX = 500
EVERY_DAYS_MAX = 28
NOTE_LENGTH_MAX = 1_000
WORDS_LENGTH_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How much of an offer somebody wants, and when."""

    offer_id: UUID
    quantity: int
    """Units each time."""
    visits: int
    first_at: datetime | None
    every_days: int


def visit_times(
    first_at: datetime | None, *, visits: int, every_days: int
) -> list[datetime | None]:
    """Return when each of some visits is, at the same time by the clock on the wall.

    Without a first time the provider and the person agree on times as they go.
    """
    if first_at is None:
        return [None] * visits
    local = first_at.astimezone(LONDON)
    days = (local.date() + timedelta(days=every_days * n) for n in range(visits))
    return [wall_instant(day, local.time()) for day in days]


def moved_times(planned: list[datetime | None], *, first_at: datetime) -> list[datetime | None]:
    """Return when visits are once the first of them is moved: the others move along by the day.

    Where there are several on a day, the others keep their distance on the wall's clock.
    """
    if not planned or planned[0] is None:
        return [first_at, *planned[1:]]
    old_first, new_first = _on_the_wall(planned[0]), _on_the_wall(first_at)
    walls = [at and _on_the_wall(at) for at in planned]
    days = [wall.date() for wall in walls if wall]
    if len(set(days)) < len(days):
        moved = [wall and wall + (new_first - old_first) for wall in walls]
    else:
        by_day, clock = new_first.date() - old_first.date(), new_first.time()
        moved = [wall and datetime.combine(wall.date() + by_day, clock) for wall in walls]
    return [wall and wall_instant(wall.date(), wall.time()) for wall in moved]


def _on_the_wall(at: datetime) -> datetime:
    return at.astimezone(LONDON).replace(tzinfo=None)


def in_time_to_cancel(planned_at: datetime | None, *, notice_hours: int, at: datetime) -> bool:
    """Tell whether a visit can be called off without paying."""
    return planned_at is None or planned_at - at >= timedelta(hours=notice_hours)


def may_be_noted(planned_at: datetime | None, *, at: datetime) -> bool:
    """Tell whether it can be said what became of a visit: not before the day it is planned for."""
    return planned_at is None or local_day(at) >= local_day(planned_at)


def has_begun(began_at: datetime | None, *, timed: bool, at: datetime) -> bool:
    """Tell whether a visit can have happened: not before its time, or the day if it has none."""
    if began_at is None:
        return True
    return at >= began_at if timed else local_day(at) >= local_day(began_at)
