"""Days on which a store takes no visits, and how much it can take. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

AHEAD_DAYS_MAX = 730
"""So far ahead a holiday can be planned."""
LONG_DAYS_MAX = 370
WORDS_LENGTH_MAX = 200
PEOPLE_MAX = 10_000
HOURS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much a store can take, and has; None where it does not count."""

    people_most: int | None
    hours_most: int | None
    people_now: int | None
    minutes_now: int | None


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which a store takes no visits."""

    starts_on: date
    ends_before: date
    """The day on which they are back."""

    @property
    def last_on(self) -> date:
        """The last day of it."""
        return self.ends_before - timedelta(days=1)

    def covers(self, day: date) -> bool:
        """Tell whether a day falls in it."""
        return self.starts_on <= day < self.ends_before

    @property
    def words(self) -> str:
        """The days in words: from 3 August to 9 August, back on 10 August."""
        first, last, back = (
            f"{day.day} {day:%B}" for day in (self.starts_on, self.last_on, self.ends_before)
        )
        days = f"on {first}" if self.starts_on == self.last_on else f"from {first} to {last}"
        return f"{days}, back on {back}"


def away_on(days: Iterable[date], breaks: Iterable[Away]) -> Away | None:
    """Return the first holiday that one of some days falls in."""
    known = sorted(breaks, key=lambda each: each.starts_on)
    return next((away for day in sorted(days) for away in known if away.covers(day)), None)


def is_full(
    *,
    people_now: int | None,
    people_most: int | None,
    minutes_now: int | None,
    hours_most: int | None,
) -> bool:
    """Tell whether a store has as many people, or hours in a week, as it said it can take."""
    by_people = people_most is not None and (people_now or 0) >= people_most
    by_hours = hours_most is not None and (minutes_now or 0) >= hours_most * 60
    return by_people or by_hours


def capacity_words(capacity: Capacity) -> str:
    """Return how much a store can take and has, in a sentence."""
    parts = []
    if capacity.people_most is not None:
        parts.append(_of(capacity.people_now, capacity.people_most, "people"))
    if capacity.hours_most is not None:
        hours = None if capacity.minutes_now is None else -(-capacity.minutes_now // 60)
        parts.append(_of(hours, capacity.hours_most, "hours in the busiest week"))
    if not parts:
        return "You do not count."
    full = is_full(
        people_now=capacity.people_now,
        people_most=capacity.people_most,
        minutes_now=capacity.minutes_now,
        hours_most=capacity.hours_most,
    )
    return f"{', '.join(parts)}: {'full' if full else 'room for more'}"


def _of(number: int | None, most: int, words: str) -> str:
    return f"at most {most} {words}" if number is None else f"{number} of {most} {words}"
