"""Two visits to one person at the same time. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.catalogue.rules import Unit

_LENGTHS = {
    Unit.HOUR: timedelta(hours=1),
    Unit.NIGHT: timedelta(hours=9),
    Unit.DAY: timedelta(hours=8),
    Unit.SESSION: timedelta(hours=1),
}
"""How long one unit takes, for telling whether two visits get in each other's way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Somebody comes: from when, for how long, and for what."""

    title: str
    at: datetime
    unit: Unit
    quantity: int
    minutes: int | None = None
    """How long it was, once that is known."""

    @property
    def ends_at(self) -> datetime:
        """When it is over. A session, a day or a night counts once, hours add up."""
        if self.minutes is not None:
            return self.at + timedelta(minutes=self.minutes)
        return self.at + length_of(self.unit, self.quantity)

    def meets(self, other: "Booked") -> bool:
        """Tell whether two get in each other's way."""
        return self.at < other.ends_at and other.at < self.ends_at


def length_of(unit: Unit, quantity: int) -> timedelta:
    """Return how long a visit takes, as far as that is known from what was ordered."""
    return _LENGTHS.get(unit, timedelta()) * (quantity if unit is Unit.HOUR else 1)


def overlapping(new: Iterable[Booked], known: Iterable[Booked]) -> list[tuple[Booked, Booked]]:
    """Return what is new beside what it gets in the way of, by time."""
    by_time = sorted(known, key=lambda each: each.at)
    return [
        (each, other)
        for each in sorted(new, key=lambda each: each.at)
        for other in by_time
        if each.meets(other)
    ]
