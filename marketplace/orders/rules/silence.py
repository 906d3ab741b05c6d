"""When a delivery that nobody answers is told again, and when it confirms itself. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.kernel.clock import local_day

BETWEEN_TELLINGS = timedelta(hours=12)
LAST_CALL = timedelta(days=1)


class Silence(StrEnum):
    """What is to be done next about a note that nobody has answered."""

    WAIT = "wait"
    TELL_FIRST = "tell_first"
    TELL_SECOND = "tell_second"
    CONFIRM = "confirm"


def next_step(
    *,
    noted_at: datetime,
    told_first_at: datetime | None,
    told_second_at: datetime | None,
    days: int,
    at: datetime,
) -> Silence:
    """Return what is due now: told half-way, told a day before, confirmed after so many days.

    Nothing is confirmed before it was told twice, and never less than a day after the second time:
    when the letters were late, the confirmation is late too.
    """
    ends_at = noted_at + timedelta(days=days)
    if told_first_at is None:
        return Silence.TELL_FIRST if at >= noted_at + (ends_at - noted_at) / 2 else Silence.WAIT
    if told_second_at is None:
        second = max(ends_at - LAST_CALL, told_first_at + BETWEEN_TELLINGS)
        return Silence.TELL_SECOND if at >= second else Silence.WAIT
    return Silence.CONFIRM if at >= max(ends_at, told_second_at + LAST_CALL) else Silence.WAIT


def confirms_on(noted_at: datetime | None, days: int) -> date | None:
    """Return the day on which a note confirms itself if nobody answers, at the earliest."""
    return None if noted_at is None else local_day(noted_at + timedelta(days=days))
