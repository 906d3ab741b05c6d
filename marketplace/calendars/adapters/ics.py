"""iCalendar (RFC 5545): what stands in a calendar, as phones and computers read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Event

from marketplace.calendars.rules.addresses import Words
from marketplace.calendars.rules.entries import Entry, Sureness
from marketplace.kernel.clock import LONDON
from marketplace.kernel.icalendars import empty_calendar

PRODUCER = "-//Care and support market//My calendar//EN"
_FETCH_EVERY = "PT1H"
_DAY = timedelta(days=1)
_STATUS = {
    Sureness.SURE: "CONFIRMED",
    Sureness.UNSURE: "TENTATIVE",
    Sureness.OFF: "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Written:
    """An entry with what is known of its changes: how many there were, and the last of them."""

    entry: Entry
    changes: int
    changed_at: datetime
    link: str


def ics_of(written: Sequence[Written], *, name: str, words: Words, domain: str) -> bytes:
    """Return a calendar; the same entries give the same bytes.

    With ``Words.BUSY`` it says when, and neither what, who nor where to look.
    """
    calendar = empty_calendar(
        name=name if words is Words.FULL else "Busy", producer=PRODUCER, fetch_every=_FETCH_EVERY
    )
    for each in written:
        if each.entry.on is not None:
            calendar.add_component(_event(each, words, domain))
    found: bytes = calendar.to_ical()
    return found


def _event(written: Written, words: Words, domain: str) -> Event:
    entry, event = written.entry, Event()
    event.add("uid", f"{entry.key}@{domain}")
    event.add("dtstamp", written.changed_at)
    event.add("last-modified", written.changed_at)
    event.add("sequence", written.changes)
    event.add("status", _STATUS[entry.status.sureness])
    _add_times(event, entry)
    if words is Words.BUSY:
        event.add("summary", "Busy")
        event.add("class", "PRIVATE")
        return event
    event.add("summary", f"{entry.what} – {entry.who}" if entry.who else entry.what)
    event.add("description", _description(written))
    event.add("url", written.link)
    if entry.place:
        event.add("location", entry.place)
    return event


def _add_times(event: Event, entry: Entry) -> None:
    assert entry.on is not None, "what has no day is left out"
    takes_time = entry.status.sureness is not Sureness.OFF
    if entry.at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + _DAY)
        # Something on a day does not keep anybody busy the whole day.
        takes_time = False
    else:
        begins, ends = entry.at.astimezone(LONDON), (entry.ends_at or entry.at).astimezone(LONDON)
        if begins.fold or ends.fold:
            # A wall's time that comes twice is read as the first of the two.
            begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
        event.add("dtstart", begins)
        if entry.ends_at is not None:
            event.add("dtend", ends)
    event.add("transp", "OPAQUE" if takes_time else "TRANSPARENT")


def _description(written: Written) -> str:
    entry = written.entry
    said = [f"{entry.status.words}."]
    if entry.worker:
        said.append(f"Who comes: {entry.worker}")
    if entry.note:
        said.append(entry.note)
    return "\n".join([*said, written.link])
