"""When things happen: rules of RFC 5545, days, breaks and bank holidays. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from marketplace.community.errors import BadTimetableError
from marketplace.community.rules import saying
from marketplace.community.rules.holidays import is_bank_holiday
from marketplace.community.rules.saying import Say, in_english
from marketplace.kernel.clock import LONDON

LOOK_AHEAD_DAYS_MAX = 400
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ICAL_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
EPOCH = date(2024, 1, 1)
"""A Monday, from which timetables without a first day count their second weeks."""
_MORNING_ENDS, _AFTERNOON_ENDS = time(12), time(17, 30)
_RULE_LENGTH_MAX = 300

Break = tuple[date, date]
"""The first and the last day on which nothing takes place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The days on which something takes place: a rule, single days, or both."""

    rule: str = ""
    on_day: date | None = None
    also_on: tuple[date, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    breaks: tuple[Break, ...] = ()
    not_bank_holidays: bool = False

    def days(self, *, first: date, days: int) -> list[date]:
        """Return the days from ``first`` on, within so many days, on which it takes place."""
        return [on for on in self.without_pauses(first=first, days=days) if not self.pauses(on)]

    def without_pauses(self, *, first: date, days: int) -> list[date]:
        """Return the days as the rule alone says, before breaks and bank holidays."""
        last = first + timedelta(days=min(days, LOOK_AHEAD_DAYS_MAX) - 1)
        begin = max(first, self.first_on) if self.first_on else first
        end = min(last, self.last_on) if self.last_on else last
        single = {on for on in (self.on_day, *self.also_on) if on and first <= on <= last}
        if not self.rule or begin > end:
            return sorted(single)
        return sorted(single | set(_days_of_rule(self.rule, self.first_on, begin, end)))

    def pauses(self, on: date) -> bool:
        """Tell whether a day falls into a break or on a bank holiday it leaves out."""
        if self.on_day == on:
            return False
        in_break = any(first <= on <= last for first, last in self.breaks)
        return in_break or (self.not_bank_holidays and is_bank_holiday(on))

    @property
    def weekdays(self) -> frozenset[str]:
        """The days of the week on which it takes place: ``mon`` … ``sun``."""
        single = {DAY_CODES[on.weekday()] for on in (self.on_day, *self.also_on) if on}
        if not self.rule:
            return frozenset(single)
        parts = rule_parts(self.rule)
        if parts["FREQ"] == "DAILY":
            return frozenset(DAY_CODES)
        return frozenset(single | {DAY_CODES[code] for code in _weekdays(parts)})

    @property
    def words(self) -> str:
        """The timetable as people say it; empty for a one-off."""
        return self.said(in_english)

    def said(self, pgettext: Say) -> str:
        """Return the timetable as people say it in a language; empty for a one-off."""
        if self.on_day is not None and not self.rule:
            return ""
        said = timetable_words(self.rule, pgettext)
        if not said and self.also_on:
            said = saying.on_single_days(pgettext)
        if said and self.not_bank_holidays:
            said = saying.without_bank_holidays(said, pgettext)
        return said


def read_rule(text: str) -> rrule:
    """Read a weekly, monthly or yearly RFC 5545 rule.

    Raises:
        BadTimetableError: it is no such rule, or one that repeats within a day.
    """
    return _read_rule(text, EPOCH)


@lru_cache(maxsize=4096)
def _read_rule(text: str, first: date) -> rrule:
    begin = datetime.combine(first, time())
    repeats_by_day = "FREQ=" in text and not any(
        f"FREQ={often}" in text for often in ("HOURLY", "MINUTELY", "SECONDLY")
    )
    several = len(text.splitlines()) > 1
    if not repeats_by_day or len(text) > _RULE_LENGTH_MAX or several:
        raise BadTimetableError("That timetable cannot be read.")
    try:
        read = rrulestr(_without_zone(text), dtstart=begin, cache=False)
        if int(rule_parts(text).get("INTERVAL", "1")) < 1:
            raise ValueError(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadTimetableError("That timetable cannot be read.") from None
    assert isinstance(read, rrule), "only several lines make a set of rules"
    return read


def rule_parts(text: str) -> dict[str, str]:
    """Return the parts of a rule by name."""
    return dict(part.split("=", 1) for part in text.removeprefix("RRULE:").split(";") if part)


def _without_zone(text: str) -> str:
    # Days are counted where the people are; an end written in UTC names the same day.
    return ";".join(
        part.removesuffix("Z") if part.startswith("UNTIL=") else part for part in text.split(";")
    )


def _days_of_rule(text: str, first_on: date | None, begin: date, end: date) -> list[date]:
    read = _read_rule(text, _anchor(text, first_on or EPOCH, begin))
    first, last = (datetime.combine(on, time()) for on in (begin, end))
    parts = rule_parts(text)
    if "COUNT" not in parts and "UNTIL" not in parts:
        # With an end of its own even a rule that never comes true is soon looked through.
        read = read.replace(until=last)
    return [found.date() for found in read.between(first, last, inc=True)]


def _anchor(text: str, first: date, begin: date) -> date:
    """Return a day in step with the rule's first, near where one looks: nobody walks all years."""
    parts = rule_parts(text)
    if "COUNT" in parts or begin <= first:
        return first
    every = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "WEEKLY":
        monday = first - timedelta(days=first.weekday())
        weeks = (begin - monday).days // 7
        moved = monday + timedelta(weeks=weeks - weeks % every)
        # Without BYDAY the first day itself says which weekday.
        if "BYDAY" not in parts:
            moved += timedelta(days=first.weekday())
        return max(first, moved)
    if parts["FREQ"] == "MONTHLY" and every == 1 and "BYDAY" in parts:
        return max(first, begin.replace(day=1))
    return first


def days_of(rule: str, on_day: date | None, *, first: date, days: int) -> list[date]:
    """Return the days from ``first`` on, within so many days, on which something takes place."""
    return Timetable(rule=rule, on_day=on_day).days(first=first, days=days)


def start_of(on: date, starts: time, zone: ZoneInfo = LONDON) -> datetime:
    """Return the UTC instant at which something starts; in a skipped hour, an hour later."""
    return datetime.combine(on, starts, tzinfo=zone).astimezone(UTC)


def timetable_words(rule: str, pgettext: Say = in_english) -> str:
    """Say a rule as people do: "Every Tuesday and Friday", "Every second Monday"."""
    if not rule:
        return ""
    read_rule(rule)
    parts = rule_parts(rule)
    often, every = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    if often == "DAILY":
        return saying.every_day(every, pgettext)
    days = _weekdays(parts)
    if often == "WEEKLY" and days:
        return saying.every_week(every, days, pgettext)
    if often == "MONTHLY" and days:
        return saying.every_month(every, _ordinals(parts), days[0], pgettext)
    return saying.now_and_then(often, pgettext)


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


def weekly_rule(days: Iterable[str], every: int = 1) -> str:
    """Return the rule "every so many weeks on these days" (``mon`` … ``sun``)."""
    assert every >= 1
    codes = [ICAL_CODES[DAY_CODES.index(day)] for day in sorted(days, key=DAY_CODES.index)]
    interval = f"INTERVAL={every};" if every > 1 else ""
    return f"FREQ=WEEKLY;{interval}BYDAY={','.join(codes)}"


def monthly_rule(ordinal: str, day: str) -> str:
    """Return the rule "the second Tuesday of the month"; -1 is the last."""
    assert ordinal in ORDINALS
    return f"FREQ=MONTHLY;BYDAY={ordinal}{ICAL_CODES[DAY_CODES.index(day)]}"


def _weekdays(parts: dict[str, str]) -> list[int]:
    codes = parts.get("BYDAY", "").split(",")
    found = [ICAL_CODES.index(code.strip()[-2:]) for code in codes if code]
    return list(dict.fromkeys(found))


def _ordinals(parts: dict[str, str]) -> list[str]:
    places = [code[:-2] or parts.get("BYSETPOS", "1") for code in parts["BYDAY"].split(",")]
    known = (place.removeprefix("+") for place in places)
    return list(dict.fromkeys(place if place in ORDINALS else "1" for place in known))
