"""From which day to which a limit counts. Days are those of London, where the people are."""

from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.budgets.rules.words import LimitWindow

FOUR_WEEKS = timedelta(days=28)
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Some days; the end is not one of them, and may be never."""

    starts_on: date
    ends_before: date | None


def window_of(window: LimitWindow, day: date, *, line_starts_on: date) -> Span:
    """Return the window a day lies in.

    Weeks begin on Monday. Four weeks and years are counted from the day the line starts.
    """
    match window:
        case LimitWindow.ORDER | LimitWindow.DAY:
            return Span(day, day + _DAY)
        case LimitWindow.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Span(monday, monday + _WEEK)
        case LimitWindow.FOUR_WEEKS:
            begins = line_starts_on + (day - line_starts_on) // FOUR_WEEKS * FOUR_WEEKS
            return Span(begins, begins + FOUR_WEEKS)
        case LimitWindow.MONTH:
            first = day.replace(day=1)
            return Span(first, (first + timedelta(days=31)).replace(day=1))
        case LimitWindow.YEAR:
            return _plan_year(day, line_starts_on)
        case _:  # LimitWindow.EVER
            return Span(line_starts_on, None)


def anniversary(of: date, year: int) -> date:
    """Return a date's day in another year; 29 February is 1 March where there is none."""
    try:
        return of.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _plan_year(day: date, starts_on: date) -> Span:
    this_year = anniversary(starts_on, day.year)
    first = day.year if day >= this_year else day.year - 1
    return Span(anniversary(starts_on, first), anniversary(starts_on, first + 1))
