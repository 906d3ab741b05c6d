"""Moving the first visit of a standing order: all others move along. Pure."""

from dataclasses import replace
from datetime import datetime

from marketplace.kernel.clock import LONDON, local_day
from marketplace.orders.rules.standing import Occasion, Pattern, monday


def moved_pattern(pattern: Pattern, *, old_first: Occasion, new_first: datetime) -> Pattern:
    """Return a pattern whose first visit the provider moved: all others move along."""
    starts_on = local_day(new_first)
    days = (starts_on - old_first.on).days
    return replace(
        pattern,
        number=pattern.number + 1,
        starts_on=starts_on,
        weekdays=frozenset((day + days) % 7 for day in pattern.weekdays),
        minutes=moved_minutes(pattern, old_first.minute, new_first),
        counts_from=monday(starts_on),
    )


def moved_minutes(pattern: Pattern, old: int | None, new_first: datetime) -> tuple[int, ...]:
    """Return the times of day once one of them is moved; some may be on another day then."""
    local = new_first.astimezone(LONDON)
    new = local.hour * 60 + local.minute
    if old is None:
        return (new,)
    return tuple(minute + new - old for minute in pattern.minutes)
