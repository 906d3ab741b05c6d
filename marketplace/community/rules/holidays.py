"""The bank holidays of England and Wales, by their fixed rules. Pure.

Days that a proclamation adds or moves for one year (a jubilee, a coronation) stand in ``_EXTRA``.
"""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

_SATURDAY = 5
_EXTRA = frozenset({date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
_GONE = frozenset({date(2022, 5, 30)})


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of a year."""
    sunday = easter(year)
    found = {
        *_first_free(date(year, 1, 1), 1),
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        _monday_on_or_after(date(year, 5, 1)),
        _monday_on_or_after(date(year, 5, 25)),
        _monday_on_or_after(date(year, 8, 25)),
        *_first_free(date(year, 12, 25), 2),
    }
    return frozenset((found - _GONE) | {day for day in _EXTRA if day.year == year})


def is_bank_holiday(on: date) -> bool:
    """Tell whether a day is a bank holiday in England and Wales."""
    return on in bank_holidays(on.year)


def _monday_on_or_after(first: date) -> date:
    return first + timedelta(days=-first.weekday() % 7)


def _first_free(first: date, count: int) -> list[date]:
    """Return so many holidays from a day on; one at the weekend is given on the next weekday.

    Christmas on a Saturday is given on Monday 27th, Boxing Day on Tuesday 28th; Christmas on a
    Sunday leaves Boxing Day on its Monday and is given on Tuesday 27th.
    """
    proper = [first + timedelta(days=number) for number in range(count)]
    kept = [day for day in proper if day.weekday() < _SATURDAY]
    following = proper[-1] + timedelta(days=1)
    while len(kept) < count:
        if following.weekday() < _SATURDAY:
            kept.append(following)
        following += timedelta(days=1)
    return kept
