"""What people can be told about money, and when it is true. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.money import ZERO, Money

USUAL_ORDERS_MIN = 3
"""With fewer orders than this there is no usual one."""


class AlertKind(StrEnum):
    """What somebody can be told about money."""

    LOW = "low"
    UNUSUAL = "unusual"
    PRICE_RISE = "price_rise"
    INSTALMENT_LATE = "instalment_late"
    MONTHLY = "monthly"

    @property
    def label(self) -> str:
        """The news in words, after "Tell me when …"."""
        return _LABELS[self]


_LABELS: Mapping[AlertKind, str] = MappingProxyType(
    {
        AlertKind.LOW: "the money is getting low",
        AlertKind.UNUSUAL: "something unusual is spent",
        AlertKind.PRICE_RISE: "something I buy costs more",
        AlertKind.INSTALMENT_LATE: "money is late",
        AlertKind.MONTHLY: "a month is over, with what came in and went out",
    }
)


def is_low(available: Money, weeks_left: int | None, *, below: Money, below_weeks: int) -> bool:
    """Tell whether there is less money than somebody wants to be told about.

    Nothing as ``below`` and 0 as ``below_weeks`` mean that this does not matter to them.
    """
    if below and available < below:
        return True
    return bool(below_weeks) and weeks_left is not None and weeks_left < below_weeks


def is_unusual(amount: Money, usual: Sequence[Money], *, times: int) -> bool:
    """Tell whether a spend is more than so many times the usual one, the middle one of all."""
    if not times or len(usual) < USUAL_ORDERS_MIN:
        return False
    middle = sorted(usual, key=lambda each: each.pence)[len(usual) // 2]
    return middle > ZERO and amount > middle * times


def is_late(due_on: date, *, days: int, today: date) -> bool:
    """Tell whether an instalment that was not paid is late by more than some days."""
    return today > due_on + timedelta(days=days)


def month_before(day: date) -> tuple[date, date]:
    """Return the first day of the month before a day's, and the first day of the day's own."""
    ends_before = day.replace(day=1)
    return (ends_before - timedelta(days=1)).replace(day=1), ends_before
