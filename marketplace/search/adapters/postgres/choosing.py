"""Which entries fit the choices of a search, what each would leave, and which are near."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress
from operator import or_
from uuid import UUID

from marketplace.places.rules import Point
from marketplace.search.adapters.postgres.bits import bits_of, flags_of
from marketplace.search.adapters.postgres.columns import Columns
from marketplace.search.rules import (
    SHOWN_FACETS,
    YES,
    Counts,
    Facet,
    PriceBand,
    Query,
    Selections,
    price_band,
)

FAR_AWAY = 2**56
"""The square of a distance that is farther than anything: no place is known."""
_WIDEST_METRES = 1_500_000
"""Nothing in the country is farther away than this."""

Tagged = Mapping[Facet, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Tags:
    """For every value of every facet the entries that have it, for one person's eyes."""

    tagged: Tagged

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


def tags_for(columns: Columns, own: Mapping[int, int]) -> Tags:
    """Return every facet's values, the prices as one person pays them: by slot, in pence."""
    if not own:
        return Tags(columns.tagged)
    changed = {facet: _priced(columns, facet, own) for facet in (Facet.PRICE_BAND, Facet.FREE)}
    return Tags({**columns.tagged, **changed})


def own_prices(columns: Columns, prices: Mapping[UUID, int]) -> Mapping[int, int]:
    """Return what one person pays for the entries that are here, by their slots."""
    return {
        slot: pence
        for offer_id, pence in prices.items()
        if (slot := columns.slot_of(offer_id)) is not None
    }


def near_enough(columns: Columns, base: int, query: Query) -> int:
    """Return what is near enough, or comes to where the person is; or has no place at all."""
    near, within = query.near, query.within_metres
    if near is None or within is None:
        return base
    widest = max(within, columns.reach_max)
    if widest < _WIDEST_METRES:
        base &= columns.around(near, widest)
    # Distances are rounded down, so something is within 5 metres until it is 6 metres away.
    limit = min(max(within, -1) + 1, FAR_AWAY) ** 2
    flags = flags_of(base, columns.width)
    squared = squared_distances(columns, near, flags)
    reaches = compress(columns.reach, flags)
    near_by = [
        square < limit or square <= reach * (reach + 2) or square >= FAR_AWAY
        for square, reach in zip(squared, reaches, strict=True)
    ]
    slots = compress(range(columns.width), flags)
    return bits_of(compress(slots, near_by), columns.width)


def squared_distances(columns: Columns, near: Point, flags: bytes) -> Sequence[int]:
    """Return how far away entries are, squared; at least ``FAR_AWAY`` without a place."""
    east, north = near.easting, near.northing
    places = zip(compress(columns.easting, flags), compress(columns.northing, flags), strict=True)
    return [
        (over := easting - east) * over + (up := northing - north) * up
        for easting, northing in places
    ]


def squared_at(columns: Columns, near: Point, slots: Sequence[int]) -> Sequence[int]:
    """Return the same for some slots in any order."""
    east, north = near.easting, near.northing
    eastings, northings = columns.easting, columns.northing
    return [
        (over := eastings[slot] - east) * over + (up := northings[slot] - north) * up
        for slot in slots
    ]


def _priced(columns: Columns, facet: Facet, own: Mapping[int, int]) -> Mapping[str, int]:
    priced: dict[str, list[int]] = defaultdict(list)
    for slot, pence in own.items():
        band = price_band(price_pence=pence, free=False)
        if facet is Facet.PRICE_BAND and band:
            priced[band.value].append(slot)
        elif band is PriceBand.FREE:
            priced[YES].append(slot)
    others = ~bits_of(own, columns.width)
    column = {value: bits & others for value, bits in columns.tagged[facet].items()}
    for value, slots in priced.items():
        column[value] = column.get(value, 0) | bits_of(slots, columns.width)
    return column
