"""When reminders are due, in local time, and of which days. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.kernel.clock import LONDON, local_day, local_instant

EVENING, MORNING, WEEKLY = 18, 7, 17
"""At which hour by the clock on the wall each is written."""
LOOKED_EVERY = timedelta(minutes=30)
"""How soon a change of something that was told is seen."""
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_SUNDAY = 6


class Kind(StrEnum):
    """What a letter of reminder is about."""

    EVENING = "evening"
    MORNING = "morning"
    WEEK = "week"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When somebody wants to be reminded."""

    evening: bool = False
    morning: bool = False
    weekly: bool = False

    @property
    def is_nothing(self) -> bool:
        """Tell whether they want no letters."""
        return not (self.evening or self.morning or self.weekly)


@dataclass(frozen=True, slots=True)
class Due:
    """Something to write about now: of what kind, about the days from one to before another."""

    kind: Kind
    starts_on: date
    ends_before: date


def due(wish: Wish, at: datetime) -> list[Due]:
    """Return what is to be written about at an instant.

    A letter that was not written in time is written later, but not once its day is another: the
    evening before ends at midnight, and so does Sunday.
    """
    today, hour = local_day(at), at.astimezone(LONDON).hour
    found = []
    if wish.morning and hour >= MORNING:
        found.append(Due(Kind.MORNING, today, today + _DAY))
    if wish.evening and hour >= EVENING:
        found.append(Due(Kind.EVENING, today + _DAY, today + 2 * _DAY))
    if wish.weekly and today.weekday() == _SUNDAY and hour >= WEEKLY:
        found.append(Due(Kind.WEEK, today + _DAY, today + _DAY + _WEEK))
    return found


def next_look(wish: Wish, *, told_ahead: bool, at: datetime) -> datetime | None:
    """Return when to look again; None for somebody who wants no letters.

    ``told_ahead``: something was told that is still to come, and may change meanwhile.
    """
    today = local_day(at)
    moments = [
        local_instant(day, hour, 0)
        for wanted, hour, day in (
            *((wish.morning, MORNING, today + n * _DAY) for n in range(2)),
            *((wish.evening, EVENING, today + n * _DAY) for n in range(2)),
            *((wish.weekly, WEEKLY, _sunday(today) + n * _WEEK) for n in range(2)),
        )
        if wanted
    ]
    coming = [moment for moment in moments if moment > at]
    if not coming:
        return None
    return min(*coming, at + LOOKED_EVERY) if told_ahead else min(coming)


def _sunday(day: date) -> date:
    return day + (_SUNDAY - day.weekday()) * _DAY
