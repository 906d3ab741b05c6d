"""On which days a standing order happens: weeks, bank holidays, clock changes, gaps. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from marketplace.catalogue.rules import Unit
from marketplace.catalogue.rules.holidays import Away, away_on
from marketplace.kernel.bank_holidays import bank_holiday
from marketplace.kernel.clock import local_day
from marketplace.orders.rules.clock_changes import (
    clock_change_words,
    no_such_time_words,
    time_of,
    wall_instant,
)

WEEKS_AHEAD = 4
"""For so many weeks the money is set aside beforehand."""
EVERY_WEEKS_MAX = 8
MONTH_DAY_MAX = 28
TIMES_MAX = 4
"""So often a day: morning, noon, evening and bedtime."""
PROVIDER_NOTICE = timedelta(days=28)
"""A provider who ends a standing order leaves so much time to find somebody else."""
BEGIN_WITHIN = timedelta(days=365)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_MOVES_MAX = 7
_WEEKS_A_YEAR = 53
_NOON = time(12)

TIMED = frozenset({Unit.HOUR, Unit.NIGHT, Unit.SESSION, Unit.DAY})
"""What happens at a time of day; of the rest only the day is agreed."""
LASTING = frozenset({Unit.WEEK, Unit.MONTH, Unit.MEMBERSHIP, Unit.RETAINER})
"""What goes on for a while: a membership, somebody on call."""


class BankHolidays(StrEnum):
    """What becomes of a visit that falls on a bank holiday."""

    AS_USUAL = "as_usual"
    SKIP = "skip"
    DAY_BEFORE = "day_before"
    DAY_AFTER = "day_after"

    @property
    def label(self) -> str:
        """The rule in words, on a page."""
        return _HOLIDAY_WORDS[self]


class Reply(StrEnum):
    """What the other side says to a change, or to a price."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What becomes of one visit of the pattern."""

    HAPPENS = "happens"
    SKIPPED = "skipped"
    HOLIDAY = "holiday"
    CLOCKS = "clocks"
    """It would be at the same time as the next one: the clocks go forward."""
    AWAY = "away"
    """The provider is away that day. What was ordered before they said so stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Weekdays, or one day of the month, at local times, every so many weeks, from a day on."""

    number: int
    starts_on: date
    weekdays: frozenset[int]
    """0 is Monday."""
    minutes: tuple[int, ...]
    """Times of day, in minutes since midnight, in turn; none: there is only a day."""
    quantity: int
    quantities: tuple[int, ...] = ()
    """How much at each of the times, in turn, where it is not as much at all of them."""
    choice: str = ""
    """What was chosen from the menu of the offer."""
    every_weeks: int = 1
    counts_from: date | None = None
    month_day: int | None = None
    bank_holidays: BankHolidays = BankHolidays.AS_USUAL

    def falls_on(self, day: date) -> bool:
        """Tell whether a day is one of the pattern's own."""
        if self.month_day is not None:
            return day.day == self.month_day
        counted = monday(day) - monday(self.counts_from or self.starts_on)
        return day.weekday() in self.weekdays and counted.days // 7 % self.every_weeks == 0

    def quantity_at(self, minute: int | None) -> int:
        """Return how much it is at one of the day's times."""
        if minute is None or not self.quantities:
            return self.quantity
        return self.quantities[self.minutes.index(minute)]


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which nothing happens, the last one excluded; or one time of them."""

    starts_on: date
    ends_before: date
    minute: int | None = None

    def has(self, day: date, minute: int | None) -> bool:
        """Tell whether a visit is one of them."""
        left_out = self.minute is None or self.minute == minute
        return left_out and self.starts_on <= day < self.ends_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One visit of a pattern, and what becomes of it."""

    nominal_on: date
    """The day the pattern says."""
    on: date
    """The day it happens."""
    planned_at: datetime
    pattern: Pattern
    minute: int | None
    """Which of the day's times it is."""
    fate: Fate
    words: str = ""
    """Why it is not as the pattern says; "" if it is."""

    @property
    def quantity(self) -> int:
        """How much it is."""
        return self.pattern.quantity_at(self.minute)

    @property
    def may_stay(self) -> bool:
        """Tell whether a visit that is ordered for it stays."""
        return self.fate in {Fate.HAPPENS, Fate.AWAY}

    @property
    def week_on(self) -> date:
        """The Monday of the week it belongs to, wherever a bank holiday moves it."""
        return monday(self.nominal_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that decides on which days a standing order happens."""

    patterns: tuple[Pattern, ...]
    """In the order in which they begin to count."""
    begins_on: date
    ends_before: date | None = None
    gaps: tuple[Gap, ...] = ()
    away: tuple[Away, ...] = ()
    """Days on which the provider is away."""

    def between(self, first_on: date, before: date) -> list[Occasion]:
        """Return what the pattern says for the weeks that begin within some days, by time.

        What a bank holiday moves out of them is still told of with its own week.
        """
        found = [
            each
            for pattern, days in self._days(first_on, before)
            for day in days
            for each in self._occasions(day, pattern)
        ]
        inside = [each for each in found if self._is_inside(each.on)]
        return sorted(inside, key=lambda each: (each.planned_at, each.nominal_on))

    def weeks(self, weeks: Iterable[date]) -> list[Occasion]:
        """Return what the pattern says for some weeks, each named by its Monday."""
        return [each for week in weeks for each in self.between(week, week + _WEEK)]

    def _days(self, first_on: date, before: date) -> Iterator[tuple[Pattern, list[date]]]:
        ends = [following.starts_on for _, following in pairwise(self.patterns)]
        for pattern, until in zip(self.patterns, [*ends, date.max], strict=True):
            start = max(first_on, pattern.starts_on, self.begins_on)
            stop = min(before, until, self.ends_before or date.max)
            days = (start + n * _DAY for n in range(max((stop - start).days, 0)))
            yield pattern, [day for day in days if pattern.falls_on(day)]

    def _occasions(self, day: date, pattern: Pattern) -> Iterator[Occasion]:
        on, words = self._moved_to(day, pattern)
        away = away_on([on], self.away) if on else None
        minutes: tuple[int | None, ...] = pattern.minutes or (None,)
        clocks = [None if minute is None else time_of(minute) for minute in minutes]
        times = [wall_instant(on or day, clock or _NOON) for clock in clocks]
        for n, (minute, clock, planned_at) in enumerate(zip(minutes, clocks, times, strict=True)):
            fate, why = Fate.HAPPENS if on else Fate.HOLIDAY, words
            if on and any(gap.has(on, minute) for gap in self.gaps):
                fate, why = Fate.SKIPPED, "You left this out."
            elif on and clock and planned_at in times[n + 1 :]:
                fate, why = Fate.CLOCKS, no_such_time_words(clock)
            elif away is not None:
                fate, why = Fate.AWAY, f"{away.words[0].upper()}{away.words[1:]}."
            elif on and clock:
                why = " ".join(filter(None, (words, clock_change_words(on, clock))))
            yield Occasion(
                nominal_on=day,
                on=on or day,
                planned_at=planned_at,
                pattern=pattern,
                minute=minute,
                fate=fate,
                words=why,
            )

    def _moved_to(self, day: date, pattern: Pattern) -> tuple[date | None, str]:
        """Return the day on which a day's visits happen, None if they do not, and why."""
        holiday = bank_holiday(day)
        if not holiday or pattern.bank_holidays is BankHolidays.AS_USUAL:
            return day, ""
        moved = _moved(day, pattern)
        if moved is None or not self._is_inside(moved):
            return None, f"{holiday}: there is no visit."
        return moved, f"{holiday} is {day:%A} {day.day} {day:%B}, so it is moved."

    def _is_inside(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_before is None or day < self.ends_before)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * _DAY


def weeks_ahead(at: datetime) -> list[date]:
    """Return the Mondays of the weeks whose money is to be set aside by now: this one and more."""
    today = local_day(at)
    this = monday(today)
    return [
        this + n * _WEEK
        for n in range(WEEKS_AHEAD + 1)
        if this + n * _WEEK < today + WEEKS_AHEAD * _WEEK
    ]


def four_weeks(course: Course, *, today: date) -> list[Occasion]:
    """Return what happens in four weeks, from the first day to come on which anything does."""
    this = monday(max(today, course.begins_on))
    for n in range(_WEEKS_A_YEAR):
        week = course.between(this + n * _WEEK, this + (n + 1) * _WEEK)
        first = next(
            (each for each in week if each.fate is Fate.HAPPENS and each.on >= today), None
        )
        if first is not None:
            return course.between(first.nominal_on, first.nominal_on + WEEKS_AHEAD * _WEEK)
    return []


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOLIDAY_WORDS = {
    BankHolidays.AS_USUAL: "They come as usual",
    BankHolidays.SKIP: "Nobody comes that day",
    BankHolidays.DAY_BEFORE: "They come the day before",
    BankHolidays.DAY_AFTER: "They come the day after",
}


def _moved(day: date, pattern: Pattern) -> date | None:
    """Return where a visit on a bank holiday goes; None if it falls out.

    It goes to the next day, or the one before, that is no bank holiday. If somebody comes on that
    day anyway, or for a bank holiday that is nearer to it, it falls out.
    """
    steps = {BankHolidays.DAY_BEFORE: -_DAY, BankHolidays.DAY_AFTER: _DAY}
    step = steps.get(pattern.bank_holidays)
    if step is None:
        return None
    for n in range(1, _MOVES_MAX):
        to = day + n * step
        if pattern.falls_on(to):
            break
        if not bank_holiday(to):
            return to
    return None
