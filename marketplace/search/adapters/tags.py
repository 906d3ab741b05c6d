"""Which entries have which values of facets, as sets of bits: to choose by them, and to count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Self

from marketplace.search.adapters.bits import bits_of
from marketplace.search.rules import (
    SHOWN_FACETS,
    YES,
    Counts,
    Facet,
    PriceBand,
    Selections,
    price_band,
)

OF_PRICES = (Facet.PRICE_BAND, Facet.FREE)
"""The facets whose values hang on what one person pays."""


def values_of_own(facet: Facet, own: Mapping[int, int]) -> Mapping[str, Sequence[int]]:
    """Return which entries have which values of a facet of prices, at what one person pays."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, pence in own.items():
        band = price_band(price_pence=pence, free=False)
        if facet is Facet.PRICE_BAND and band:
            found[band.value].append(number)
        elif band is PriceBand.FREE:
            found[YES].append(number)
    return found


@dataclass(frozen=True, slots=True)
class Tags:
    """For every value of every facet the entries that have it, for one person's eyes."""

    tagged: Mapping[Facet, Mapping[str, int]]

    def seen_by(self, own: Mapping[int, int], width: int) -> Self:
        """Return the same with what one person pays for some entries below a width, in pence."""
        if not own:
            return self
        changed = {facet: self._priced(facet, own, width) for facet in OF_PRICES}
        return type(self)({**self.tagged, **changed})

    def choose(self, base: int, chosen: Selections, *, but: Facet | None = None) -> int:
        """Return what fits the choices in all facets, or in all but one."""
        for facet, values in chosen.items():
            if facet is not but:
                column = self.tagged[facet]
                base &= reduce(or_, (column.get(value, 0) for value in values), 0)
        return base

    def counts(self, base: int, chosen: Selections) -> Counts:
        """Return each facet's counts with all other facets' choices applied."""
        fitting = self.choose(base, chosen)
        return {
            facet: self._counted(
                facet,
                self.choose(base, chosen, but=facet) if facet in chosen else fitting,
                chosen.get(facet, frozenset()),
            )
            for facet in SHOWN_FACETS
        }

    def _counted(self, facet: Facet, base: int, always: frozenset[str]) -> Mapping[str, int]:
        counted = dict.fromkeys(always, 0)
        if base:
            for value, bits in self.tagged[facet].items():
                count = (base & bits).bit_count()
                if count:
                    counted[value] = count
        return counted

    def _priced(self, facet: Facet, own: Mapping[int, int], width: int) -> Mapping[str, int]:
        others = ~bits_of(own, width)
        column = {value: bits & others for value, bits in self.tagged[facet].items()}
        for value, numbers in values_of_own(facet, own).items():
            column[value] = column.get(value, 0) | bits_of(numbers, width)
        return column
