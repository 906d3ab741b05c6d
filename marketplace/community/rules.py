"""When things happen, and when an entry is too old to be trusted. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from marketplace.community.errors import BadTimetableError
from marketplace.kernel.clock import LONDON, local_day

MARKED_AFTER = timedelta(weeks=26)
DROPPED_AFTER = timedelta(weeks=52)
LOOK_AHEAD_DAYS_MAX = 400
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = date(2024, 1, 1)
"""A Monday. Timetables count from here, so that "every second week" means the same to everybody."""
_MORNING_ENDS, _AFTERNOON_ENDS = time(12), time(17, 30)


class ListingState(StrEnum):
    """Whether something still takes place."""

    OPEN = "open"
    ENDED = "ended"


class Freshness(StrEnum):
    """How far an entry can be trusted, by when somebody last said it is still right."""

    FRESH = "fresh"
    MARKED = "marked"
    DROPPED = "dropped"


def freshness(confirmed_at: datetime, at: datetime) -> Freshness:
    """Return how far an entry can be trusted (L2222 names staleness as the failure)."""
    age = at - confirmed_at
    if age > DROPPED_AFTER:
        return Freshness.DROPPED
    return Freshness.MARKED if age > MARKED_AFTER else Freshness.FRESH


def read_rule(text: str) -> rrule:
    """Read a weekly, monthly or yearly RFC 5545 rule.

    Raises:
        BadTimetableError: it is no such rule, or one that repeats within a day.
    """
    first = datetime.combine(_EPOCH, time())
    try:
        read = rrulestr(text, dtstart=first, cache=False)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadTimetableError("That timetable cannot be read.") from None
    repeats_by_day = "FREQ=" in text and not any(
        f"FREQ={often}" in text for often in ("HOURLY", "MINUTELY", "SECONDLY")
    )
    if not isinstance(read, rrule) or not repeats_by_day:
        raise BadTimetableError("That timetable cannot be read.")
    return read


def days_of(rule: str, on_day: date | None, *, first: date, days: int) -> list[date]:
    """Return the days from ``first`` on, within so many days, on which something takes place."""
    last = first + timedelta(days=min(days, LOOK_AHEAD_DAYS_MAX) - 1)
    if not rule:
        return [on_day] if on_day is not None and first <= on_day <= last else []
    begin = datetime.combine(first, time())
    end = datetime.combine(last, time())
    return [found.date() for found in read_rule(rule).between(begin, end, inc=True)]


def start_of(on: date, starts: time, zone: ZoneInfo = LONDON) -> datetime:
    """Return the UTC instant at which something starts; in a skipped hour, an hour later."""
    return datetime.combine(on, starts, tzinfo=zone).astimezone(UTC)


def next_start(rule: str, on_day: date | None, starts: time, *, at: datetime) -> datetime | None:
    """Return when something takes place next, if it does within the look-ahead."""
    first = local_day(at)
    for on in days_of(rule, on_day, first=first, days=LOOK_AHEAD_DAYS_MAX):
        start = start_of(on, starts)
        if start >= at:
            return start
    return None


def timetable_words(rule: str) -> str:
    """Say a rule as people do: "Every Tuesday and Friday", "Every second Monday"."""
    if not rule:
        return ""
    read = read_rule(rule)
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    often = parts["FREQ"]
    if often == "DAILY":
        return "Every day"
    names = [_DAYS[code] for code in _weekdays(parts)]
    every = int(parts.get("INTERVAL", "1"))
    if often == "WEEKLY" and names:
        lead = {1: "Every", 2: "Every second"}.get(every, f"Every {every} weeks on")
        return f"{lead} {_listed(names)}"
    if often == "MONTHLY" and names:
        return f"The {_ordinal(parts)} {names[0]} of the month"
    following = read.after(datetime.combine(_EPOCH, time()), inc=True)
    return "Now and then" if following is None else f"Every {often.lower().removesuffix('ly')}"


def weekdays_of(rule: str, on_day: date | None) -> frozenset[str]:
    """Return the days of the week on which something takes place: ``mon`` … ``sun``."""
    if not rule:
        return frozenset() if on_day is None else frozenset({_CODES[on_day.weekday()]})
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    if parts["FREQ"] == "DAILY":
        return frozenset(_CODES)
    return frozenset(_CODES[code] for code in _weekdays(parts))


def part_of_day(starts: time) -> str:
    """Return morning, afternoon or evening."""
    if starts < _MORNING_ENDS:
        return "morning"
    return "afternoon" if starts < _AFTERNOON_ENDS else "evening"


def read_time(text: str) -> time:
    """Read ``10:30``.

    Raises:
        BadTimetableError: it is no time of day.
    """
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise BadTimetableError("Enter a time like 10:30.") from None


def _weekdays(parts: dict[str, str]) -> list[int]:
    codes = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    return [codes.index(code[-2:]) for code in parts.get("BYDAY", "").split(",") if code]


def _ordinal(parts: dict[str, str]) -> str:
    place = parts["BYDAY"][:-2] or parts.get("BYSETPOS", "1")
    words = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
    return words.get(place.removeprefix("+"), "first")


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
