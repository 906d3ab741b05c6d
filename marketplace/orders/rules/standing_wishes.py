"""What a standing order is asked to be like, and what of that makes no sense. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from marketplace.catalogue.rules import Unit
from marketplace.catalogue.rules.holidays import Away
from marketplace.kernel.clock import local_day
from marketplace.orders.errors import StandingRefusedError
from marketplace.orders.rules.clock_changes import time_of, time_words
from marketplace.orders.rules.overlaps import length_of
from marketplace.orders.rules.standing import (
    EVERY_WEEKS_MAX,
    MONTH_DAY_MAX,
    TIMED,
    TIMES_MAX,
    BankHolidays,
    Course,
    Fate,
    Occasion,
    Pattern,
    four_weeks,
    monday,
)
from marketplace.orders.rules.times import QUANTITY_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """When and how much: weekdays, or a day of the month, local times, every so many weeks."""

    weekdays: frozenset[int] = frozenset()
    month_day: int | None = None
    minutes: tuple[int, ...] = ()
    every_weeks: int = 1
    quantity: int = 1
    quantities: tuple[int, ...] = ()
    """How much at each of the times, where it is not as much at all of them."""
    choice: str = ""
    bank_holidays: BankHolidays = BankHolidays.AS_USUAL

    @property
    def each_time(self) -> tuple[int, ...]:
        """How much at each of the times."""
        return self.quantities or (self.quantity,) * len(self.minutes)


def pattern_of(weekly: Weekly, *, number: int, starts_on: date) -> Pattern:
    """Return a pattern from a day on."""
    times = sorted(zip(weekly.minutes, weekly.each_time, strict=True))
    amounts = tuple(quantity for _, quantity in times)
    return Pattern(
        number=number,
        starts_on=starts_on,
        weekdays=weekly.weekdays,
        month_day=weekly.month_day,
        minutes=tuple(minute for minute, _ in times),
        every_weeks=weekly.every_weeks,
        counts_from=monday(starts_on),
        quantity=amounts[0] if amounts else weekly.quantity,
        quantities=amounts if len(set(amounts)) > 1 else (),
        choice=weekly.choice,
        bank_holidays=weekly.bank_holidays,
    )


def check_weekly(weekly: Weekly, unit: Unit) -> None:
    """Refuse a pattern that makes no sense for an offer.

    Raises:
        StandingRefusedError: it makes none.
    """
    amounts = (weekly.quantity, *weekly.quantities)
    if not all(1 <= each <= QUANTITY_MAX for each in amounts):
        raise StandingRefusedError("quantity", f"Choose between 1 and {QUANTITY_MAX} each time.")
    if weekly.month_day is None and not weekly.weekdays:
        raise StandingRefusedError("weekdays", "Choose at least one day of the week.")
    if not weekly.weekdays <= frozenset(range(7)):
        raise StandingRefusedError("weekdays", "Choose the days from the list.")
    if weekly.month_day is not None and not 1 <= weekly.month_day <= MONTH_DAY_MAX:
        raise StandingRefusedError(
            "month_day", f"Choose a day between 1 and {MONTH_DAY_MAX}: every month has it."
        )
    if not 1 <= weekly.every_weeks <= EVERY_WEEKS_MAX:
        raise StandingRefusedError("every_weeks", "Choose how often from the list.")
    if weekly.quantities and len(weekly.quantities) != len(weekly.minutes):
        raise StandingRefusedError("quantity", "Enter how many for each time.")
    _check_times(sorted(zip(weekly.minutes, weekly.each_time, strict=True)), unit)


def _check_times(times: Sequence[tuple[int, int]], unit: Unit) -> None:
    if not times and unit in TIMED:
        raise StandingRefusedError("at_time", "Enter a time, like 2pm.")
    if len(times) > TIMES_MAX:
        raise StandingRefusedError("at_time", f"Choose no more than {TIMES_MAX} times a day.")
    for (earlier, quantity), (later, _) in pairwise(times):
        first, second = time_words(time_of(earlier)), time_words(time_of(later))
        if earlier == later:
            raise StandingRefusedError("at_time", f"You wrote {first} twice. Choose another time.")
        if timedelta(minutes=later - earlier) < length_of(unit, quantity):
            raise StandingRefusedError(
                "at_time",
                f"The visit at {first} is not over at {second}. Leave more time between them.",
            )


def again(pattern: Pattern, *, number: int, starts_on: date) -> Pattern:
    """Return the same pattern once more, from a day on; its weeks are counted as before."""
    return replace(pattern, number=number, starts_on=starts_on)


def course_wished(
    weekly: Weekly, *, begins_on: date, ends_before: date | None, away: tuple[Away, ...]
) -> Course:
    """Return on which days it would happen."""
    return Course(
        patterns=(pattern_of(weekly, number=1, starts_on=begins_on),),
        begins_on=begins_on,
        ends_before=ends_before,
        away=away,
    )


def first_week(course: Course, *, at: datetime) -> list[Occasion]:
    """Return what happens in the first week in which anything does.

    Raises:
        StandingRefusedError: nothing happens, or the first time has gone.
    """
    visits = [
        each
        for each in four_weeks(course, today=local_day(at))
        if each.fate is Fate.HAPPENS and each.planned_at > at
    ]
    if not visits:
        raise StandingRefusedError(
            "weekdays", "Nothing would happen between the first and the last day. Change them."
        )
    return [each for each in visits if each.week_on == visits[0].week_on]
