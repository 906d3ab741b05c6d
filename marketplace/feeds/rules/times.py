"""Schedules of another catalogue as timetables of ours. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from marketplace.feeds.rules.cleaning import Cleaner

MINUTES_A_DAY = 24 * 60
USUAL_MINUTES = 60
_DAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When something takes place: by a rule, on a day, or only in words."""

    rrule: str = ""
    on_day: date | None = None
    first_on: date | None = None
    last_on: date | None = None
    starts: str = ""
    minutes: int = 0
    words: str = ""
    """What the timetable could not take: further times, opening hours in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    freq: str
    interval: int
    days: tuple[str, ...]
    month_days: tuple[int, ...]
    first: date | None
    last: date | None
    opens: time | None
    closes: time | None
    words: str


def times_of(schedules: Iterable[Mapping[str, Any]], cleaner: Cleaner) -> Times:
    """Return when something takes place; what the timetable cannot say stands in its words."""
    rows = [_row(raw, cleaner) for raw in schedules]
    usable = [row for row in rows if row.opens and (_rule(row) or _single(row))]
    if not usable:
        return Times(words=_all_words(rows))
    first = usable[0]
    # Other days at the same time are one timetable: opening hours come a row a day.
    alike = [row for row in usable if _like(row) == _like(first)]
    others = [row for row in rows if row not in alike]
    rule = _rule(_together(alike))
    return Times(
        rrule=rule,
        on_day=None if rule else _single(first),
        first_on=first.first if rule else None,
        last_on=first.last if rule else None,
        starts=first.opens.strftime("%H:%M") if first.opens else "",
        minutes=_minutes(first),
        words=_all_words(others) or first.words,
    )


def _row(raw: Mapping[str, Any], cleaner: Cleaner) -> _Row:
    days = _days(raw, cleaner)
    freq = cleaner.line(raw, "freq").upper()
    if freq == "DAILY":
        freq, days = "WEEKLY", days or _WEEK
    return _Row(
        # The first two versions of the standard have a row a weekday, and no word for how often.
        freq=freq or ("WEEKLY" if days else ""),
        interval=_interval(raw, cleaner),
        days=days,
        month_days=_month_days(raw, cleaner),
        first=cleaner.day(raw, "dtstart") or cleaner.day(raw, "valid_from"),
        last=cleaner.day(raw, "until") or cleaner.day(raw, "valid_to"),
        opens=cleaner.clock(raw, "opens_at"),
        closes=cleaner.clock(raw, "closes_at"),
        words=cleaner.line(raw, "description"),
    )


def _days(raw: Mapping[str, Any], cleaner: Cleaner) -> tuple[str, ...]:
    typed = cleaner.line(raw, "byday") or cleaner.line(raw, "weekday")
    found = []
    for each in re.split(r"[,;\s]+", typed.strip()):
        code = _day_code(each)
        if code:
            found.append(code)
        elif each:
            cleaner.note(f"“{each[:20]}” is no day of the week and was left out.")
    return tuple(dict.fromkeys(found))


def _day_code(typed: str) -> str:
    text = typed.upper().lstrip("+")
    if _DAY.fullmatch(text):
        return text
    if text in {"1", "2", "3", "4", "5", "6", "7"}:
        return _WEEK[int(text) - 1]
    named = typed.casefold()[:3]
    return _WEEK[_NAMES.index(named)] if named in _NAMES else ""


def _interval(raw: Mapping[str, Any], cleaner: Cleaner) -> int:
    number = cleaner.number(raw, "interval") or 1
    return int(number) if 1 <= number <= 52 else 1  # noqa: PLR2004 - weeks of a year


def _month_days(raw: Mapping[str, Any], cleaner: Cleaner) -> tuple[int, ...]:
    found = (each.strip() for each in cleaner.line(raw, "bymonthday").split(","))
    return tuple(int(each) for each in found if re.fullmatch(r"[1-9]|[12]\d|3[01]|-1", each))


def _together(rows: Sequence[_Row]) -> _Row:
    """Return rows that are alike as one, with the days of all."""
    return replace(
        rows[0],
        days=tuple(dict.fromkeys(day for row in rows for day in row.days)),
        month_days=tuple(dict.fromkeys(day for row in rows for day in row.month_days)),
    )


def _rule(row: _Row) -> str:
    wanted = sorted(row.days, key=lambda day: _WEEK.index(day[-2:]))
    every = f";INTERVAL={row.interval}" if row.interval > 1 else ""
    if row.freq == "WEEKLY" and wanted:
        codes = dict.fromkeys(day[-2:] for day in wanted)
        return f"FREQ=WEEKLY{every};BYDAY={','.join(codes)}"
    if row.freq == "MONTHLY" and row.days:
        return f"FREQ=MONTHLY{every};BYDAY={','.join(_ordinal(day) for day in row.days)}"
    if row.freq == "MONTHLY" and row.month_days:
        return f"FREQ=MONTHLY{every};BYMONTHDAY={','.join(map(str, row.month_days))}"
    return ""


def _ordinal(day: str) -> str:
    return day if len(day) > 2 else f"1{day}"  # noqa: PLR2004 - MO without its number


def _single(row: _Row) -> date | None:
    if row.freq or row.first is None:
        return None
    return row.first if row.last in {None, row.first} else None


def _like(row: _Row) -> tuple[object, ...]:
    return row.freq, row.interval, row.first, row.last, row.opens, row.closes, bool(row.days)


def _minutes(row: _Row) -> int:
    if row.opens is None or row.closes is None:
        return USUAL_MINUTES
    span = (row.closes.hour - row.opens.hour) * 60 + row.closes.minute - row.opens.minute
    return span % MINUTES_A_DAY or USUAL_MINUTES


def _of_the_month(days: Iterable[int]) -> str:
    said = ("the last day" if day < 0 else _ordinal_words(day) for day in days)
    return f"{', '.join(said)} of the month"


def _ordinal_words(number: int) -> str:
    teen = 10 < number % 100 < 20  # noqa: PLR2004 - eleventh to nineteenth
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _all_words(rows: Iterable[_Row]) -> str:
    return "; ".join(dict.fromkeys(filter(None, map(_words, rows))))


def _words(row: _Row) -> str:
    days = [_FULL[_WEEK.index(day[-2:])] for day in row.days]
    if not days and row.month_days:
        days = [_of_the_month(row.month_days)]
    on = _single(row)
    if not days and on is not None:
        days = [f"{on.day} {on:%B %Y}"]
    hours = f"{row.opens:%H:%M}" if row.opens else ""
    if row.opens and row.closes:
        hours = f"{row.opens:%H:%M} to {row.closes:%H:%M}"
    said = " ".join(part for part in (", ".join(days), hours) if part)
    return ": ".join(part for part in (said, row.words) if part)
