"""Times of day on the nights when the clocks change. Pure."""

from datetime import UTC, date, datetime, time

from marketplace.kernel.clock import LONDON, MINUTES_AN_HOUR, local_instant

_NOON = 12


def wall_instant(day: date, clock: time) -> datetime:
    """Return the instant of a time on the wall; one that is skipped is an hour later."""
    try:
        return local_instant(day, clock.hour, clock.minute)
    except ValueError:
        # The clocks go forward in that hour: the visit is one hour later by the wall.
        return local_instant(day, clock.hour + 1, clock.minute)


def clock_change_words(day: date, clock: time) -> str:
    """Say what a clock change does to a time on a day; "" if nothing."""
    local = datetime.combine(day, clock, tzinfo=LONDON)
    back = local.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None)
    if back != local.replace(tzinfo=None):
        return (
            f"The clocks go forward that night and there is no {time_words(clock)}, "
            f"so it is at {time_words(back.time())}."
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return (
            f"The clocks go back that night and {time_words(clock)} comes twice. "
            "It is the first of the two."
        )
    return ""


def no_such_time_words(clock: time) -> str:
    """Say why nobody comes at a time that a clock change takes away: they come right after it."""
    return f"The clocks go forward that night and there is no {time_words(clock)}."


def time_words(clock: time) -> str:
    """Write 2pm, 2:30pm."""
    half = "am" if clock.hour < _NOON else "pm"
    past = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % _NOON or _NOON}{past}{half}"


def time_of(minute: int) -> time:
    """Return the time of day so many minutes after midnight."""
    hours, minutes = divmod(minute, MINUTES_AN_HOUR)
    return time(hours, minutes)
