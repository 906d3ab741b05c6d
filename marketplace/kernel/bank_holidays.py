"""The bank holidays of England and Wales, by the rules in ``seed/bank_holidays.toml``."""

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_FILE = Path(__file__).parent.parent.parent / "seed" / "bank_holidays.toml"
_DAY = timedelta(days=1)
_SATURDAY = 5


def bank_holiday(on: date) -> str:
    """Return the name of the bank holiday on a day; "" if it is none."""
    return bank_holidays(on.year).get(on, "")


def working_day_after(day: date, count: int) -> date:
    """Return the day so many working days later; bank holidays and weekends do not count."""
    while count:
        day += _DAY
        if day.weekday() < _SATURDAY and not bank_holiday(day):
            count -= 1
    return day


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """Return the bank holidays of a year by day, as they are kept."""
    found: dict[date, str] = {}
    fixed = []
    for rule in _rules()["day"]:
        if "day" in rule:
            fixed.append((date(year, rule["month"], rule["day"]), rule["name"]))
        else:
            found[_moving(year, rule)] = rule["name"]
    # The days themselves come before those kept instead: Boxing Day is never pushed by Christmas.
    for on, name in sorted(fixed, key=lambda each: each[0].weekday() >= _SATURDAY):
        found[next(_kept(on, found))] = name
    for moved in _rules().get("moved", ()):
        if found.get(moved["from"]) == moved["name"]:
            del found[moved["from"]]
            found[moved["to"]] = moved["name"]
    found.update({row["on"]: row["name"] for row in _rules()["extra"] if row["on"].year == year})
    return MappingProxyType(dict(sorted(found.items())))


def easter(year: int) -> date:
    """Return Easter Sunday of a year (Gregorian; the anonymous computus)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    shift = century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15
    moon = shift % 30 - (shift % 30 // 28) * (
        1 - (shift % 30 // 28) * (29 // (shift % 30 + 1)) * ((21 - golden) // 11)
    )
    weekday = (year + of_century // 400 + year // 4 + moon + 2 - century + century // 4) % 7
    gap = moon - weekday
    month = 3 + (gap + 40) // 44
    return date(year, month, gap + 28 - 31 * (month // 4))


def _moving(year: int, rule: Mapping[str, Any]) -> date:
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    length = monthrange(year, rule["month"])[1]
    days = [date(year, rule["month"], number) for number in range(1, length + 1)]
    of_weekday = [day for day in days if day.weekday() == rule["weekday"]]
    nth = int(rule["nth"])
    return of_weekday[nth - 1 if nth > 0 else nth]


def _kept(on: date, taken: Mapping[date, str]) -> Iterator[date]:
    while True:
        if on.weekday() < _SATURDAY and on not in taken:
            yield on
        on += _DAY


@cache
def _rules() -> Mapping[str, list[dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
