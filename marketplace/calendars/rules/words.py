"""Days, times and changes as letters write them. Pure."""

from datetime import date, datetime

from marketplace.calendars.rules.entries import Entry
from marketplace.kernel.clock import LONDON, local_day

_NOON = 12


def day_words(day: date) -> str:
    """Write Tuesday 4 March."""
    return f"{day:%A} {day.day} {day:%B}"


def clock_words(at: datetime) -> str:
    """Write 2pm, 10:30am, midday or midnight."""
    local = at.astimezone(LONDON)
    if local.minute == 0 and local.hour in {0, _NOON}:
        return "midday" if local.hour else "midnight"
    past = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % _NOON or _NOON}{past}{'am' if local.hour < _NOON else 'pm'}"


def entry_words(entry: Entry) -> str:
    """Write 2pm: Gardening, 2 hours. Green Hands. Wren Ashby comes."""
    when = f"{clock_words(entry.at)}: " if entry.at else ""
    parts = [f"{when}{entry.what}", entry.who]
    parts.append(f"{entry.worker} comes" if entry.worker else "")
    parts.append("" if entry.is_planned else entry.status.words)
    return "".join(f"{part}. " for part in parts if part).rstrip()


def changed_words(what: str, began_at: datetime, now: Entry | None) -> str:
    """Say what became of a visit of which somebody was told; None: it is nowhere near any more."""
    before = f"{what} on {day_words(local_day(began_at))}"
    if now is None or now.on is None:
        return f"{before} is not on that day any more."
    if now.is_off:
        return f"{before} does not take place."
    at = f", {clock_words(now.at)}" if now.at else ""
    return f"{before} is at another time. It is on {day_words(now.on)}{at}."
