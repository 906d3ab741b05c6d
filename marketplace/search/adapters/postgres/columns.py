"""What a process keeps in memory of the entries beside their words: by column, a few megabytes.

The database finds words; which entries fit the choices, how near they are, how many each further
choice would leave and which come first is worked out here. What is here is as true as the
database: every search first asks for what was written since the last one (see ``reading``).
A state of the columns never changes, so threads may share it.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from marketplace.places.rules import Point
from marketplace.search.adapters.bits import bits_of
from marketplace.search.rules import EntryKind, Facet
from marketplace.search.rules.ranking import seed_of

NOWHERE = -(2**30)
"""The easting of what has no place: farther away than anything."""
NO_PRICE = 2**31 - 1
RATING_MAX = 50
LATE = 64
"""The standing of an entry is its rating in tenths; so much more where it comes last."""

_SQUARE_METRES = 20_000
_KINDS = tuple(EntryKind)
_KIND_NUMBERS = {kind.value: number for number, kind in enumerate(_KINDS)}
_ID_OCTETS = 16

Key = tuple[str, ...]


class Row(NamedTuple):
    """What is read of one entry."""

    slot: int
    id: UUID
    gone: bool
    kind: str
    tags: str
    councils: str
    easting: int | None
    northing: int | None
    reach_metres: int | None
    price_pence: int | None
    rating_tenths: int | None
    rating_count: int
    comes_last: bool


BETWEEN = "\x1f"
"""What stands between tags, and between councils."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All entries in one state. ``sets`` are named: the tags, the councils, where, and so on."""

    width: int = 0
    ids: bytes = b""
    kinds: bytes = b""
    easting: "array[int]" = field(default_factory=lambda: array("i"))
    northing: "array[int]" = field(default_factory=lambda: array("i"))
    reach: "array[int]" = field(default_factory=lambda: array("i"))
    price: "array[int]" = field(default_factory=lambda: array("i"))
    rating: "array[int]" = field(default_factory=lambda: array("i"))
    rated_by: "array[int]" = field(default_factory=lambda: array("i"))
    seeds: "array[int]" = field(default_factory=lambda: array("Q"))
    standing: bytes = b""
    reach_max: int = 0
    sets: Mapping[Key, int] = field(default_factory=dict)
    tagged: Mapping[Facet, Mapping[str, int]] = field(
        default_factory=lambda: {facet: {} for facet in Facet}
    )
    """The entries of every value of every facet."""
    slots: dict[bytes, int] = field(default_factory=dict)
    """Where each id stands. It only ever grows, so all states share it."""

    @property
    def everything(self) -> int:
        """Return all entries."""
        return self.sets.get(("all",), 0)

    def shown_in(self, council: str | None) -> int:
        """Return what a council's portal shows; without a council, everything."""
        if council is None:
            return self.everything
        return self.sets.get(("everywhere",), 0) | self.sets.get(("council", council), 0)

    def around(self, near: Point, metres: int) -> int:
        """Return what may be so near: the squares of the map around a circle, and no place."""
        reach = range(-metres, metres + _SQUARE_METRES, _SQUARE_METRES)
        keys = {
            _square(near.easting + east, near.northing + north) for east in reach for north in reach
        }
        return reduce(or_, (self.sets.get(key, 0) for key in keys), self.sets.get(("nowhere",), 0))

    def squares_around(self, metres: int) -> int:
        """Return how many squares that are."""
        return (2 * metres // _SQUARE_METRES + 2) ** 2

    def id_of(self, slot: int) -> UUID:
        """Return the id of what stands in a slot."""
        return UUID(bytes=self.ids[slot * _ID_OCTETS : (slot + 1) * _ID_OCTETS])

    def kind_of(self, slot: int) -> EntryKind:
        """Return the kind of what stands in a slot."""
        return _KINDS[self.kinds[slot]]

    def slot_of(self, entry_id: UUID) -> int | None:
        """Return where an entry stands; nothing if it is not there."""
        slot = self.slots.get(entry_id.bytes)
        if slot is None or slot >= self.width or not self.everything >> slot & 1:
            return None
        return slot


def changed(columns: Columns, rows: Sequence[Row]) -> Columns:
    """Return the state after some rows were written."""
    width = max(columns.width, 1 + max(row.slot for row in rows))
    more = width - columns.width
    ids = bytearray(columns.ids) + bytes(more * _ID_OCTETS)
    kinds = bytearray(columns.kinds) + bytes(more)
    standing = bytearray(columns.standing) + bytes(more)
    easting, northing, reach, price, rating, rated_by, seeds = (
        old + array(old.typecode, bytes(more * old.itemsize))
        for old in (
            columns.easting,
            columns.northing,
            columns.reach,
            columns.price,
            columns.rating,
            columns.rated_by,
            columns.seeds,
        )
    )
    for row in rows:
        slot = row.slot
        octets = row.id.bytes
        columns.slots[octets] = slot
        ids[slot * _ID_OCTETS : (slot + 1) * _ID_OCTETS] = octets
        kinds[slot] = _KIND_NUMBERS[row.kind]
        standing[slot] = _standing(row)
        easting[slot] = NOWHERE if row.easting is None else row.easting
        northing[slot] = 0 if row.northing is None else row.northing
        reach[slot] = row.reach_metres or 0
        price[slot] = NO_PRICE if row.price_pence is None else row.price_pence
        rating[slot] = row.rating_tenths or 0
        rated_by[slot] = row.rating_count
        seeds[slot] = seed_of(octets)
    sets = _changed_sets(columns.sets, rows, width)
    return Columns(
        width=width,
        ids=bytes(ids),
        kinds=bytes(kinds),
        easting=easting,
        northing=northing,
        reach=reach,
        price=price,
        rating=rating,
        rated_by=rated_by,
        seeds=seeds,
        standing=bytes(standing),
        reach_max=max(columns.reach_max, *(row.reach_metres or 0 for row in rows)),
        sets=sets,
        tagged=_tagged(sets),
        slots=columns.slots,
    )


def _changed_sets(sets: Mapping[Key, int], rows: Sequence[Row], width: int) -> Mapping[Key, int]:
    written = bits_of((row.slot for row in rows), width)
    kept = {key: bits & ~written for key, bits in sets.items()} if sets else {}
    added: dict[Key, list[int]] = defaultdict(list)
    for row in rows:
        for key in _keys(row):
            added[key].append(row.slot)
    for key, slots in added.items():
        kept[key] = kept.get(key, 0) | bits_of(slots, width)
    return {key: bits for key, bits in kept.items() if bits}


def _tagged(sets: Mapping[Key, int]) -> Mapping[Facet, Mapping[str, int]]:
    found: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    for key, bits in sets.items():
        if key[0] == "tag":
            facet, _, value = key[1].partition("=")
            found[Facet(facet)][value] = bits
    return found


def _standing(row: Row) -> int:
    return row.comes_last * LATE + min(max(row.rating_tenths or 0, 0), RATING_MAX)


def _keys(row: Row) -> Iterable[Key]:
    if row.gone:
        return
    yield ("all",)
    for tag in row.tags.split(BETWEEN) if row.tags else ():
        yield ("tag", tag)
    for council in row.councils.split(BETWEEN) if row.councils else ():
        yield ("council", council)
    if not row.councils:
        yield ("everywhere",)
    if row.easting is None or row.northing is None:
        yield ("nowhere",)
    else:
        yield _square(row.easting, row.northing)


def _square(easting: int, northing: int) -> Key:
    return ("square", str(easting // _SQUARE_METRES), str(northing // _SQUARE_METRES))
