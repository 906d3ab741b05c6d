"""What entries cost one person, and which are near."""

from collections.abc import Mapping, Sequence
from itertools import compress
from uuid import UUID

from marketplace.places.rules import Point
from marketplace.search.adapters.bits import bits_of, flags_of
from marketplace.search.adapters.postgres.columns import Columns
from marketplace.search.rules import Query

FAR_AWAY = 2**56
"""The square of a distance that is farther than anything: no place is known."""
_EDGE_METRES = 2**27
"""Far outside the country."""


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
    near = Point(_on_map(near.easting), _on_map(near.northing))
    widest = max(within, columns.reach_max)
    # Where somebody comes from far away, there may be more squares to look at than entries.
    if columns.squares_around(widest) < base.bit_count():
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


def _on_map(metres: int) -> int:
    """Return a number of metres that no square of a distance makes as far as what has no place."""
    return min(max(metres, -_EDGE_METRES), _EDGE_METRES)


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
