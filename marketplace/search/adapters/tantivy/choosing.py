"""What fits the choices of a search, and how much each further choice would find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Self
from uuid import UUID

import numpy as np

from marketplace.places.rules import Point
from marketplace.search.adapters.tags import OF_PRICES, values_of_own
from marketplace.search.adapters.tantivy.columns import (
    NOTHING,
    Bits,
    Columns,
    Numbers,
    bits_of,
    bounded,
)
from marketplace.search.rules import SHOWN_FACETS, Counts, Facet, Selections

Sets = Mapping[str, Bits]
Tag = tuple[Facet, str]

_TOGETHER = (OF_PRICES, tuple(facet for facet in SHOWN_FACETS if facet not in OF_PRICES))
"""Facets that are counted at one go: those that look different to each person, and all others."""

FAR = 2**30
"""Metres past which everything is equally far: squares of it still fit into a number."""


def own_prices(columns: Columns, prices: Mapping[UUID, int]) -> Mapping[int, int]:
    """Return what one person pays for the entries that are here, by their numbers."""
    numbers = ((columns.numbers.get(offer_id.bytes), pence) for offer_id, pence in prices.items())
    return {number: pence for number, pence in numbers if number is not None}


def squared(columns: Columns, near: Point, numbers: Numbers) -> Numbers:
    """Return the square of how far away entries are; `NOTHING` for those without a place."""
    east, north = columns.values["east"][numbers], columns.values["north"][numbers]
    away = np.zeros(len(numbers), dtype=np.int64)
    for column, here in ((east, near.easting), (north, near.northing)):
        apart = _bounded(_bounded(column) - min(max(here, -FAR), FAR))
        away += apart * apart
    return np.where((east == NOTHING) | (north == NOTHING), NOTHING, away)


def _bounded(metres: Numbers) -> Numbers:
    # Of few numbers, np.clip is far slower.
    return np.minimum(np.maximum(metres, -FAR), FAR)


def near_enough(columns: Columns, numbers: Numbers, away: Numbers, within_metres: int) -> Bits:
    """Return what is near enough or comes so far; what has no place is near everywhere."""
    reach = np.maximum(columns.values["reach"][numbers], 0)
    limit = np.minimum(np.maximum(reach, min(max(within_metres, 0), FAR)), FAR) + 1
    # Distances are rounded down, so something is within 5 metres until it is 6 metres away.
    return bits_of(numbers[(away == NOTHING) | (away < limit * limit)], columns.size)


@dataclass(frozen=True, slots=True)
class Tags:
    """For every value of every facet the entries that have it, for one person's eyes.

    ``stacks`` keeps the values of some facets on top of each other, ready to be counted at one go.
    """

    columns: Columns
    sets: Mapping[Facet, Sets]
    stacks: dict[Sequence[Facet], tuple[list[Tag], Bits]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Columns) -> Self:
        """Return every facet's values, the prices as anyone pays them."""
        sets: dict[Facet, dict[str, Bits]] = {facet: {} for facet in Facet}
        for (facet, value), bits in columns.tagged.items():
            sets[Facet(facet)][value] = bits
        return cls(columns, sets)

    def seen_by(self, own: Mapping[int, int]) -> Self:
        """Return every facet's values, the prices of some entries as one person pays them."""
        if not own:
            return self
        priced = {facet: _priced(self.columns, facet, own, self.sets[facet]) for facet in OF_PRICES}
        kept = {each: stack for each, stack in self.stacks.items() if not priced.keys() & each}
        return type(self)(self.columns, {**self.sets, **priced}, kept)

    def choose(self, base: Bits, chosen: Selections, *, but: Facet | None = None) -> Bits:
        """Return what fits the choices in all facets, or in all but one."""
        for facet, values in chosen.items():
            if facet is not but:
                column = self.sets[facet]
                sets = (column[value] for value in values if value in column)
                base = base & reduce(or_, sets, self.columns.none())
        return base

    def counts(self, base: Bits, chosen: Selections) -> Counts:
        """Return each facet's counts with all other facets' choices applied."""
        fitting = self.choose(base, chosen)
        counted: dict[Facet, dict[str, int]] = {
            facet: dict.fromkeys(chosen.get(facet, ()), 0) for facet in SHOWN_FACETS
        }
        if not self.columns.size:
            return counted
        for facets in _TOGETHER:
            self._count(facets, fitting, counted)
        for facet in chosen.keys() & counted.keys():
            counted[facet] = dict.fromkeys(chosen[facet], 0)
            self._count((facet,), self.choose(base, chosen, but=facet), counted)
        return counted

    def _count(
        self, facets: Sequence[Facet], here: Bits, counted: Mapping[Facet, dict[str, int]]
    ) -> None:
        tags, sets = self._stacked(facets)
        sums = np.bitwise_count(sets & here).sum(axis=1, dtype=np.int64)
        for (facet, value), number in zip(tags, sums.tolist(), strict=True):
            if number:
                counted[facet][value] = number

    def _stacked(self, facets: Sequence[Facet]) -> tuple[list[Tag], Bits]:
        known = self.stacks.get(facets)
        if known is None:
            known = self.stacks[facets] = self._stack(facets)
        return known

    def _stack(self, facets: Sequence[Facet]) -> tuple[list[Tag], Bits]:
        found = {
            (facet, value): bits for facet in facets for value, bits in self.sets[facet].items()
        }
        none = self.columns.none()[np.newaxis, :][:0]
        return list(found), np.stack(list(found.values())) if found else none


def _priced(columns: Columns, facet: Facet, own: Mapping[int, int], public: Sets) -> Sets:
    others = ~bits_of(list(own), columns.size)
    column = {value: bits & others for value, bits in public.items()}
    for value, numbers in values_of_own(facet, own).items():
        column[value] = column.get(value, columns.none()) | bits_of(numbers, columns.size)
    return column


def with_own(columns: Columns, numbers: Numbers, own: Mapping[int, int]) -> Numbers:
    """Return what entries cost one person."""
    price = columns.values["price"]
    if own:
        price = price.copy()
        for number, pence in own.items():
            price[number] = bounded(pence)
    return price[numbers]
