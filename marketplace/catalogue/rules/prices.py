"""What one unit costs, by the time of day and week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from marketplace.catalogue.rules.states import Unit
from marketplace.kernel.bank_holidays import bank_holiday
from marketplace.kernel.money import Money

EVENING_BEGINS_HOUR = 18
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PriceBands:
    """The price of a unit, and what it is at dearer times if that differs."""

    price: Money
    evening: Money | None = None
    weekend: Money | None = None
    bank_holiday: Money | None = None

    @property
    def prices(self) -> tuple[Money | None, ...]:
        """All of them, in the order in which people read them."""
        return (self.price, self.evening, self.weekend, self.bank_holiday)

    def at_most(self, price: Money) -> "PriceBands":
        """Return these prices where none may be dearer than one that was promised."""
        return PriceBands(
            min(self.price, price),
            *(None if each is None else min(each, price) for each in self.prices[1:]),
        )

    def at(self, local: datetime | None) -> Money:
        """Return the price at a local time: a bank holiday's, else a weekend's, else an evening's.

        With no time, or no price of its own for the day, the next band down the list decides.
        """
        if local is None:
            return self.price
        if self.bank_holiday is not None and bank_holiday(local.date()):
            return self.bank_holiday
        if local.weekday() >= _SATURDAY and self.weekend is not None:
            return self.weekend
        if local.hour >= EVENING_BEGINS_HOUR and self.evening is not None:
            return self.evening
        return self.price


def unit_words(unit: Unit, n: int) -> str:
    """Return a number of units in words: 1 hour, 3 hours."""
    return f"{n} {unit.value}" if n == 1 else f"{n} {unit.value}s"


def per_unit(unit: Unit) -> str:
    """Return the words after a price: an hour, a night."""
    return _PER[unit]


_PER: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.HOUR: "an hour",
        Unit.NIGHT: "a night",
        Unit.SESSION: "a session",
        Unit.DAY: "a day",
        Unit.WEEK: "a week",
        Unit.MONTH: "a month",
        Unit.MILE: "a mile",
        Unit.ITEM: "an item",
        Unit.MEMBERSHIP: "a membership",
        Unit.RETAINER: "a retainer",
    }
)
