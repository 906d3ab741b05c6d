"""Who could take the place of a provider: on which of the days they cannot. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from marketplace.catalogue.rules.holidays import Away, away_on


def lost_days(
    days: Iterable[date],
    *,
    away: Iterable[Away],
    last_on: date | None,
    full_until: date | None = None,
) -> list[date]:
    """Return on which of some days a store is away or full, or does not sell it any more."""
    breaks = tuple(away)
    return [
        day
        for day in days
        if (last_on is not None and day > last_on)
        or (full_until is not None and day < full_until)
        or away_on([day], breaks) is not None
    ]


def lost_words(lost: Sequence[date], days: Sequence[date]) -> str:
    """Say how many of the days they cannot do; "" if they can do all."""
    if not lost:
        return ""
    return f"They cannot come on {len(lost)} of these {len(days)} days, from {_day(lost[0])}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
