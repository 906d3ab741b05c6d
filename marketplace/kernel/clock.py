"""The only place where the clock is read, and the market's own time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MINUTES_AN_HOUR = 60


def now() -> datetime:
    """Return this instant, aware and in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime, zone: ZoneInfo = LONDON) -> date:
    """Return the calendar day it is at an instant, where the people are."""
    return at.astimezone(zone).date()


def local_instant(on: date, hour: int, minute: int, zone: ZoneInfo = LONDON) -> datetime:
    """Return the UTC instant of a wall-clock time.

    An hour that happens twice (clocks go back) is read as the first of the two; an hour that is
    skipped (clocks go forward) raises ValueError, because nobody can keep an appointment in it.
    """
    local = datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("On that day the clocks go forward and there is no such time.")
    return instant


def length_words(minutes: int) -> str:
    """Write 45 minutes, 1 hour, 2 hours 30 minutes."""
    hours, past = divmod(minutes, MINUTES_AN_HOUR)
    said = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    if past or not hours:
        said.append(f"{past} minute{'' if past == 1 else 's'}")
    return " ".join(said)
