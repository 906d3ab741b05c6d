"""iCalendar (RFC 5545): entries as events that calendars read, with what was cancelled or moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from icalendar import Event, vRecur

from marketplace.community.rules import (
    LOOK_AHEAD_DAYS_MAX,
    Change,
    DateChange,
    Timetable,
    read_rule,
    rule_parts,
    start_of,
)
from marketplace.kernel.clock import LONDON, local_day
from marketplace.kernel.icalendars import empty_calendar

PRODUCER = "-//Community catalogue//What is on//EN"
LOOK_BACK = timedelta(days=62)
"""Days left out longer ago than this are told to nobody."""
_TIMES_MAX = 1000
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """What a calendar is told of an entry: nothing that is about one person."""

    id: UUID
    title: str
    about: str
    by: str
    link: str
    venue: str
    postcode: str
    online: str
    category: str
    timetable: Timetable
    starts: time
    minutes: int
    changes: tuple[DateChange, ...]
    made_at: datetime
    changed_at: datetime
    sequence: int


def ics_of(entries: Sequence[CalendarEntry], *, name: str, at: datetime) -> bytes:
    """Return a calendar. The same entries give the same bytes for a month."""
    calendar = empty_calendar(name=name, producer=PRODUCER, fetch_every="PT6H")
    for entry in entries:
        for event in _events(entry, at):
            calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _events(entry: CalendarEntry, at: datetime) -> list[Event]:
    """Return the event of an entry, and one more for each of its times that was moved."""
    if entry.timetable.on_day is not None:
        return [_one_off(entry, entry.timetable.on_day)]
    first = _first_day(entry)
    if first is None:
        return []
    event = _event(entry, first, entry.starts)
    if entry.timetable.rule:
        event.add("rrule", _rule(entry.timetable))
    also = [on for on in entry.timetable.also_on if on != first]
    if also:
        event.add("rdate", [_local(on, entry.starts) for on in also])
    left_out = _left_out(entry, first, at)
    if left_out:
        event.add("exdate", [_local(on, entry.starts) for on in left_out])
    return [event, *(_moved(entry, change) for change in entry.changes if _is_moved(entry, change))]


def _one_off(entry: CalendarEntry, on: date) -> Event:
    change = next((each for each in entry.changes if each.on_day == on), None)
    if change is None:
        return _event(entry, on, entry.starts)
    starts = time.fromisoformat(change.moved_starts) if change.moved_starts else entry.starts
    event = _event(entry, change.day_now, starts, change)
    if change.what is Change.CANCELLED:
        event.add("status", "CANCELLED")
    return event


def _moved(entry: CalendarEntry, change: DateChange) -> Event:
    starts = time.fromisoformat(change.moved_starts) if change.moved_starts else entry.starts
    event = _event(entry, change.day_now, starts, change)
    event.add("recurrence-id", _local(change.on_day, entry.starts))
    return event


def _event(entry: CalendarEntry, on: date, starts: time, change: DateChange | None = None) -> Event:
    event = Event()
    begins = start_of(on, starts).astimezone(LONDON)
    ends = (start_of(on, starts) + timedelta(minutes=entry.minutes)).astimezone(LONDON)
    event.add("uid", str(entry.id))
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("created", entry.made_at)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("description", _words(entry, change))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    venue = (change.moved_venue if change else "") or entry.venue
    place = ", ".join(
        part for part in (venue, "" if venue != entry.venue else entry.postcode) if part
    )
    if place or entry.online:
        event.add("location", place or entry.online)
    if entry.category:
        event.add("categories", [entry.category])
    event.add("url", entry.link)
    return event


def _words(entry: CalendarEntry, change: DateChange | None) -> str:
    """Return the description, and what was said about the days that are different."""
    told = [change] if change else [each for each in entry.changes if each.what is Change.CANCELLED]
    said = [
        f"{'Cancelled' if each.what is Change.CANCELLED else 'Moved'}: "
        f"{each.on_day:%A} {each.on_day.day} {each.on_day:%B}. {each.words}".strip()
        for each in told
    ]
    return "\n\n".join([*said, entry.about, f"{entry.by}\n{entry.link}"])


def _first_day(entry: CalendarEntry) -> date | None:
    """Return the first day the timetable names: where the calendar begins to count."""
    timetable = entry.timetable
    begin = timetable.first_on or local_day(entry.made_at)
    if timetable.rule:
        # From a single day before it the rule would name days on which nothing takes place.
        ruled = replace(timetable, also_on=())
        named = ruled.without_pauses(first=begin, days=LOOK_AHEAD_DAYS_MAX)
        if named:
            return named[0]
    if timetable.also_on:
        begin = min(begin, *timetable.also_on)
    found = timetable.without_pauses(first=begin, days=LOOK_AHEAD_DAYS_MAX)
    return found[0] if found else None


def _rule(timetable: Timetable) -> vRecur:
    """Return the rule with its end as an instant, as it has to be beside a zone."""
    parts = rule_parts(timetable.rule)
    until = parts.pop("UNTIL", "")
    lasts = [timetable.last_on] if timetable.last_on else []
    if until:
        lasts.append(date(int(until[:4]), int(until[4:6]), int(until[6:8])))
    if parts.pop("COUNT", ""):
        read = read_rule(timetable.rule)
        begin = timetable.first_on
        counted = read.replace(dtstart=datetime.combine(begin, time())) if begin else read
        lasts += [each.date() for each in islice(counted, _TIMES_MAX)][-1:]
    rule: vRecur = vRecur.from_ical(";".join(f"{name}={value}" for name, value in parts.items()))
    if lasts:
        rule["UNTIL"] = [start_of(min(lasts), _LAST_SECOND).astimezone(UTC)]
    return rule


def _left_out(entry: CalendarEntry, first: date, at: datetime) -> list[date]:
    """Return the days on which the rule says something and nothing takes place."""
    this_month = local_day(at).replace(day=1)
    begin = max(first, this_month - LOOK_BACK)
    named = entry.timetable.without_pauses(first=begin, days=LOOK_AHEAD_DAYS_MAX)
    paused = {on for on in named if entry.timetable.pauses(on)}
    cancelled = {
        change.on_day
        for change in entry.changes
        if change.what is Change.CANCELLED and change.on_day in named
    }
    return sorted(paused | cancelled)


def _is_moved(entry: CalendarEntry, change: DateChange) -> bool:
    takes_place = entry.timetable.days(first=change.on_day, days=1)
    return change.what is Change.MOVED and bool(takes_place)


def _local(on: date, starts: time) -> datetime:
    return start_of(on, starts).astimezone(LONDON)
