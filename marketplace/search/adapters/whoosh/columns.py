"""What an embedded index knows of its entries beside their words, in memory and by column.

Each value of each facet is one long number with a bit for every entry that has it. To choose is
to AND and OR such numbers, and to count is to count bits: a few microseconds for ten thousand
entries, where going through the entries would take as many milliseconds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from marketplace.places.rules import Point, distance
from marketplace.search.rules import (
    Entry,
    EntryKind,
    Facet,
    Hit,
    Query,
    Selections,
    Sort,
    facet_values,
    spellings,
)
from marketplace.search.rules.ranking import SCORE_STEPS, lot, nudged, reaches

Found = Mapping[int, tuple[int, float]]
"""For each entry found: how many of the search's ideas it has, and how well its words fit."""


class Row(NamedTuple):
    """What is kept of one entry."""

    id: bytes
    kind: str
    place: tuple[int, int] | None
    reach_metres: int | None
    price_pence: int | None
    rating_tenths: int | None
    rating_count: int
    comes_last: bool
    tags: tuple[tuple[str, str], ...]
    councils: tuple[str, ...]
    spellings: str


def row_of(entry: Entry) -> Row:
    """Return what is kept of an entry."""
    point = entry.point
    return Row(
        id=entry.id.bytes,
        kind=entry.kind.value,
        place=(point.easting, point.northing) if point else None,
        reach_metres=entry.reach_metres,
        price_pence=0 if entry.free else entry.price_pence,
        rating_tenths=entry.rating_tenths,
        rating_count=entry.rating_count,
        comes_last=entry.comes_last,
        tags=tuple(
            (facet.value, value)
            for facet, values in facet_values(entry).items()
            for value in sorted(values)
        ),
        councils=tuple(sorted(entry.councils)),
        spellings=" ".join(sorted(spellings(f"{entry.title} {entry.by} {entry.words}"))),
    )


class Columns:
    """All rows of one state of an index. It never changes, so threads may share it."""

    def __init__(self, rows: Mapping[int, Row]) -> None:
        """Turn rows, by their number in the index, into columns."""
        self.rows = rows
        self._width = max(rows, default=-1) // 8 + 1
        self.all = self.bits(rows)
        tagged: dict[tuple[str, str], list[int]] = defaultdict(list)
        shown: dict[str, list[int]] = defaultdict(list)
        everywhere: list[int] = []
        for number, row in rows.items():
            for tag in row.tags:
                tagged[tag].append(number)
            for council in row.councils:
                shown[council].append(number)
            if not row.councils:
                everywhere.append(number)
        self._everywhere = self.bits(everywhere)
        self._shown = {council: self.bits(numbers) for council, numbers in shown.items()}
        self._tagged: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
        for (facet, value), numbers in tagged.items():
            self._tagged[Facet(facet)][value] = self.bits(numbers)

    @cached_property
    def spellings(self) -> Mapping[str, int]:
        """Return every word in the index and how many entries have it."""
        return Counter(word for row in self.rows.values() for word in row.spellings.split())

    def bits(self, numbers: Iterable[int]) -> int:
        """Return a number with a bit for each of some entries."""
        octets = bytearray(self._width)
        for number in numbers:
            octets[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(octets, "little")

    def numbers(self, bits: int) -> list[int]:
        """Return the entries that have a bit."""
        return [number for number in self.rows if bits >> number & 1]

    def shown_in(self, council: str | None) -> int:
        """Return what a council's portal shows; without a council, everything."""
        if council is None:
            return self.all
        return self._everywhere | self._shown.get(council, 0)

    def distances(self, near: Point | None, numbers: Iterable[int]) -> Mapping[int, int]:
        """Return how far away entries are; those without a place are left out."""
        if near is None:
            return {}
        return {
            number: distance(near, Point(*place))
            for number in numbers
            if (place := self.rows[number].place) is not None
        }

    def near_enough(
        self, numbers: Iterable[int], away: Mapping[int, int], within_metres: int
    ) -> int:
        """Return what is near enough; what has no place is near everywhere."""
        return self.bits(
            number
            for number in numbers
            if number not in away
            or reaches(
                away[number],
                within_metres=within_metres,
                reach_metres=self.rows[number].reach_metres,
            )
        )

    def choose(self, base: int, chosen: Selections, *, but: Facet | None = None) -> int:
        """Return what fits the choices in all facets, or in all but one."""
        for facet, values in chosen.items():
            if facet is not but:
                column = self._tagged[facet]
                base &= reduce(or_, (column.get(value, 0) for value in values), 0)
        return base

    def counts(self, base: int, chosen: Selections) -> Mapping[Facet, Mapping[str, int]]:
        """Return each facet's counts with all other facets' choices applied."""
        fitting = self.choose(base, chosen)
        return {
            facet: self._counted(
                facet,
                self.choose(base, chosen, but=facet) if facet in chosen else fitting,
                chosen.get(facet, frozenset()),
            )
            for facet in Facet
        }

    def _counted(self, facet: Facet, base: int, always: frozenset[str]) -> Mapping[str, int]:
        counted = {value: (base & bits).bit_count() for value, bits in self._tagged[facet].items()}
        shown = {value: count for value, count in counted.items() if count}
        return dict.fromkeys(always, 0) | shown

    def ordered(self, base: int, found: Found, away: Mapping[int, int], query: Query) -> list[int]:
        """Return entries in the order that was asked for."""
        return sorted(self.numbers(base), key=self._order(found, away, query))

    def hit(self, number: int, away: Mapping[int, int]) -> Hit:
        """Return what the page is told of an entry."""
        row = self.rows[number]
        return Hit(UUID(bytes=row.id), EntryKind(row.kind), away.get(number))

    def _order(
        self, found: Found, away: Mapping[int, int], query: Query
    ) -> Callable[[int], tuple[float, ...]]:
        top = max((score for _, score in found.values()), default=0.0) or 1.0

        def best(number: int) -> tuple[float, ...]:
            row = self.rows[number]
            ideas, score = found.get(number, (0, top))
            fit = nudged(
                score / top,
                rating_tenths=row.rating_tenths,
                distance_metres=away.get(number),
            )
            drawn = lot(UUID(bytes=row.id), query.on)
            return (row.comes_last, -ideas, -round(fit * SCORE_STEPS), drawn)

        def asked(number: int) -> tuple[float, ...]:
            row = self.rows[number]
            if query.sort is Sort.NEAREST:
                return _least_first(away.get(number)) + best(number)
            if query.sort is Sort.PRICE:
                return _least_first(row.price_pence) + best(number)
            if query.sort is Sort.RATING:
                rating = None if row.rating_tenths is None else -row.rating_tenths
                return (*_least_first(rating), -row.rating_count, *best(number))
            return best(number)

        return asked


def _least_first(value: int | None) -> tuple[float, ...]:
    return (value is None, value or 0)
