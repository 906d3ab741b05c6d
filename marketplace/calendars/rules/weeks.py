"""Weeks and months by number, as people turn their pages. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from marketplace.calendars.errors import NoSuchTimeError
from marketplace.kernel.bank_holidays import bank_holiday
from marketplace.kernel.clock import LONDON, local_instant

FIRST_YEAR, LAST_YEAR = 2020, 2099
"""Before the first there was no market; after the last nobody plans."""
DAYS_A_WEEK = 7
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week by its year and number, as ISO 8601 counts them: from Monday."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week of a day."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def at(cls, year: int, number: int) -> Self:
        """Return a week that is there.

        Raises:
            NoSuchTimeError: the year has no such week, or is too far away.
        """
        if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= number <= _weeks_of(year):
            raise NoSuchTimeError
        return cls(year, number)

    @property
    def starts_on(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def ends_before(self) -> date:
        """The Monday after it."""
        return self.starts_on + _WEEK

    @property
    def days(self) -> tuple[date, ...]:
        """Its days from Monday to Sunday."""
        return tuple(self.starts_on + n * _DAY for n in range(DAYS_A_WEEK))

    @property
    def previous(self) -> "Week | None":
        """The week before; None if the calendar begins with this one."""
        return _within(Week.of(self.starts_on - _DAY))

    @property
    def next(self) -> "Week | None":
        """The week after; None if the calendar ends with this one."""
        return _within(Week.of(self.ends_before))

    @property
    def month(self) -> "Month":
        """The month in which most of its days are."""
        middle = self.starts_on + 3 * _DAY
        return Month(middle.year, middle.month)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month by its year and number."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def at(cls, year: int, number: int) -> Self:
        """Return a month that is there.

        Raises:
            NoSuchTimeError: there is none, or its year is too far away.
        """
        if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= number <= _MONTHS_A_YEAR:
            raise NoSuchTimeError
        return cls(year, number)

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def ends_before(self) -> date:
        """The first day of the month after."""
        return self.starts_on + monthrange(self.year, self.number)[1] * _DAY

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks of which it has a day."""
        first = self.starts_on - self.starts_on.weekday() * _DAY
        count = -(-(self.ends_before - first).days // DAYS_A_WEEK)
        return tuple(Week.of(first + n * _WEEK) for n in range(count))

    @property
    def previous(self) -> "Month | None":
        """The month before; None if the calendar begins with this one."""
        before = Month.of(self.starts_on - _DAY)
        return before if before.year >= FIRST_YEAR else None

    @property
    def next(self) -> "Month | None":
        """The month after; None if the calendar ends with this one."""
        after = Month.of(self.ends_before)
        return after if after.year <= LAST_YEAR else None


def span(starts_on: date, ends_before: date) -> tuple[datetime, datetime]:
    """Return from which instant to which some days last, the last one left out."""
    return local_instant(starts_on, 0, 0), local_instant(ends_before, 0, 0)


def remark(day: date) -> str:
    """Say what is special about a day: a bank holiday, the clocks; "" if nothing is."""
    changed = _clocks(day)
    return " ".join(filter(None, (f"{bank_holiday(day)}." if bank_holiday(day) else "", changed)))


def _clocks(day: date) -> str:
    midnights = (datetime.combine(each, time(), LONDON) for each in (day, day + _DAY))
    begins, ends = (each.astimezone(UTC) for each in midnights)
    if ends - begins < _DAY:
        return "The clocks go forward in the night: 1am becomes 2am."
    if ends - begins > _DAY:
        return "The clocks go back in the night: 2am becomes 1am."
    return ""


def _weeks_of(year: int) -> int:
    # The 28th of December is in the last week of its year, whatever day it is.
    return date(year, 12, 28).isocalendar().week


def _within(week: Week) -> Week | None:
    return week if FIRST_YEAR <= week.year <= LAST_YEAR else None
