"""What the index keeps of one entry beside its words."""

from collections.abc import Iterable
from typing import NamedTuple

import msgpack

from marketplace.search.rules import Entry, facet_values


class Row(NamedTuple):
    """What is kept of one entry."""

    id: bytes
    kind: str
    east: int | None
    north: int | None
    reach_metres: int | None
    price_pence: int | None
    rating_tenths: int | None
    rating_count: int
    comes_last: bool
    tags: list[list[str]]
    councils: list[str]
    groups: list[str]


def packed(entry: Entry, groups: Iterable[str]) -> bytes:
    """Return what is kept of an entry that has words of some groups."""
    point = entry.point
    row = Row(
        id=entry.id.bytes,
        kind=entry.kind.value,
        east=point.easting if point else None,
        north=point.northing if point else None,
        reach_metres=entry.reach_metres,
        price_pence=0 if entry.free else entry.price_pence,
        rating_tenths=entry.rating_tenths,
        rating_count=entry.rating_count,
        comes_last=entry.comes_last,
        tags=[
            [facet.value, value]
            for facet, values in facet_values(entry).items()
            for value in sorted(values)
        ],
        councils=sorted(entry.councils),
        groups=sorted(groups),
    )
    octets: bytes = msgpack.packb(row)
    return octets


def unpacked(octets: bytes) -> Row:
    """Return what was kept of an entry."""
    return Row(*msgpack.unpackb(octets))
