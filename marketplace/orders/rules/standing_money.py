"""What a standing order costs, how long the money lasts for it, and what a rise does. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.clock import LONDON
from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders.rules.standing import Fate, Occasion

LOOKED_AHEAD = timedelta(weeks=52)
"""Nobody can see further than a year."""
WARNED_AHEAD = timedelta(weeks=12)
"""Money that runs out sooner than this is told of in a letter."""


def cost_of(occasion: Occasion, bands: PriceBands) -> Money:
    """Return what one visit costs, by the price of its own time of day and week."""
    if occasion.fate is not Fate.HAPPENS:
        return ZERO
    return bands.at(occasion.planned_at.astimezone(LONDON)) * occasion.quantity


def cost_of_all(occasions: Iterable[Occasion], bands: PriceBands) -> Money:
    """Return what some visits cost together."""
    return total(cost_of(each, bands) for each in occasions)


def is_dearer(occasions: Iterable[Occasion], *, agreed: PriceBands, now: PriceBands) -> bool:
    """Tell whether any of some visits costs more than was agreed to."""
    return any(cost_of(each, now) > cost_of(each, agreed) for each in occasions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """What a rise does: each time, each week as a rule, and until the plan's end."""

    before: Money
    after: Money
    """Of four weeks."""
    till_end: Money
    """How much more it is until the plan's end."""

    @property
    def more(self) -> Money:
        """How much more four weeks cost."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What has to be paid for on a day."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How long the money lasts for what is ordered."""

    missing_on: date | None = None
    """The first day that cannot be paid for; None if all can be, as far as anybody can see."""
    missing: Money = ZERO
    """What is lacking on that day."""

    @property
    def until(self) -> date | None:
        """The last day before that."""
        return self.missing_on - timedelta(days=1) if self.missing_on else None


LASTS = Lasting()


def lasting(free: Money, *, coming: Sequence[Due], due: Sequence[Due]) -> Lasting:
    """Return how long money lasts: what is free now, and what comes, pays for what is due."""
    there = free
    waiting = sorted(coming, key=lambda each: each.on)
    for each in sorted(due, key=lambda each: each.on):
        while waiting and waiting[0].on <= each.on:
            there += waiting.pop(0).amount
        if each.amount > there:
            return Lasting(missing_on=each.on, missing=each.amount - there)
        there -= each.amount
    return LASTS
