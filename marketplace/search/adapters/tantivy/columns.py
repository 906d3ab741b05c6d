"""What the engine knows of its entries beside their words, in memory and by column.

An entry's number is its place in every column; the next writing of it gets another number.
Sets of entries are bits, 64 to a word. Columns never change: a newer state has newer ones, so
threads may share them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from marketplace.search.adapters.tantivy.rows import Row
from marketplace.search.rules import EntryKind

Bits = NDArray[np.uint64]
Numbers = NDArray[np.int64]

NOTHING = -(2**62)
"""What a column has where an entry has nothing."""

NUMBER_MAX = 2**62
_WORD = 64
_Key = TypeVar("_Key")
_KINDS = tuple(EntryKind)
_COLUMNS = ("east", "north", "reach", "price", "rating", "rated_by", "last", "kind")


def bits_of(numbers: Numbers | Sequence[int], size: int) -> Bits:
    """Return the bits of some entries, of so many."""
    flags = np.zeros(_words(size) * _WORD, dtype=np.bool_)
    flags[np.asarray(numbers, dtype=np.int64)] = True
    octets: NDArray[np.uint8] = np.packbits(flags, bitorder="little")
    return octets.view(np.uint64)


def numbers_of(bits: Bits) -> Numbers:
    """Return the entries that have a bit."""
    return np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little"))


def bounded(value: int) -> int:
    """Return a value that is neither taken for nothing nor too much for a column."""
    return min(max(value, NOTHING + 1), NUMBER_MAX - 1)


def count(bits: Bits) -> int:
    """Return how many entries have a bit."""
    return int(np.bitwise_count(bits).sum())


@dataclass(frozen=True, slots=True)
class Columns:
    """All entries of one state of the index."""

    size: int = 0
    """How many numbers have been given; some of them are of entries that are gone."""
    alive: Bits = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    ids: Sequence[bytes] = ()
    numbers: Mapping[bytes, int] = field(default_factory=dict)
    values: Mapping[str, NDArray[np.int64]] = field(
        default_factory=lambda: {name: np.zeros(0, dtype=np.int64) for name in _COLUMNS}
    )
    seeds: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    tagged: Mapping[tuple[str, str], Bits] = field(default_factory=dict)
    shown: Mapping[str, Bits] = field(default_factory=dict)
    """What each council's portal shows; under "" what all of them show."""
    grouped: Mapping[str, Bits] = field(default_factory=dict)

    def grown(self, added: Mapping[int, Row], alive: Numbers) -> Self:
        """Return the columns with some entries added, of which only some numbers are alive."""
        size = max(self.size, max(added, default=-1) + 1)
        first = self.size
        rows = [added.get(number) for number in range(first, size)]
        living = bits_of(alive, size)
        return type(self)(
            size=size,
            alive=living,
            ids=[*self.ids, *(row.id if row else b"" for row in rows)],
            numbers={**self.numbers, **{row.id: number for number, row in added.items()}},
            values={
                name: np.concatenate((self.values[name], np.array(column, dtype=np.int64)))
                for name, column in _values(rows).items()
            },
            seeds=np.concatenate((self.seeds, _seeds(rows))),
            tagged=_with(self.tagged, _tagged(added), living, size),
            shown=_with(self.shown, _shown(added), living, size),
            grouped=_with(self.grouped, _grouped(added), living, size),
        )

    def none(self) -> Bits:
        """Return no entries."""
        return np.zeros_like(self.alive)

    def kind(self, number: int) -> EntryKind:
        """Return what sort of thing an entry is."""
        return _KINDS[int(self.values["kind"][number])]

    def shown_in(self, council: str | None) -> Bits:
        """Return what a council's portal shows; without a council, everything."""
        if council is None:
            return self.alive
        return self.shown.get("", self.none()) | self.shown.get(council, self.none())

    def carriers(self, group: str) -> int:
        """Return how many entries have any words of a group."""
        bits = self.grouped.get(group)
        return 0 if bits is None else count(bits)

    def any_of(self, tags: Iterable[tuple[str, str]]) -> Bits:
        """Return what has any of some values of facets."""
        return reduce(or_, (self.tagged[tag] for tag in tags if tag in self.tagged), self.none())


def _with(
    before: Mapping[_Key, Bits], added: Mapping[_Key, list[int]], alive: Bits, size: int
) -> Mapping[_Key, Bits]:
    """Return sets of entries with more entries, less those that are gone."""
    sets = {name: _widened(bits, size) & alive for name, bits in before.items()}
    for name, numbers in added.items():
        bits = bits_of(numbers, size) & alive
        sets[name] = sets[name] | bits if name in sets else bits
    return sets


def _widened(bits: Bits, size: int) -> Bits:
    return np.concatenate((bits, np.zeros(_words(size) - len(bits), dtype=np.uint64)))


def _words(size: int) -> int:
    return -(-size // _WORD)


def _values(rows: Sequence[Row | None]) -> Mapping[str, list[int]]:
    columns: dict[str, list[int]] = {name: [] for name in _COLUMNS}
    for row in rows:
        for name, value in zip(_COLUMNS, _row_values(row), strict=True):
            columns[name].append(value)
    return columns


def _row_values(row: Row | None) -> Iterator[int]:
    if row is None:
        yield from (NOTHING for _ in _COLUMNS[:-1])
        yield 0
        return
    for value in (row.east, row.north, row.reach_metres, row.price_pence, row.rating_tenths):
        yield NOTHING if value is None else bounded(value)
    yield row.rating_count
    yield int(row.comes_last)
    yield _KINDS.index(EntryKind(row.kind))


def _seeds(rows: Sequence[Row | None]) -> NDArray[np.uint64]:
    joined = b"".join(row.id if row else bytes(16) for row in rows)
    halves = np.frombuffer(joined, dtype=">u8").reshape(-1, 2)
    seeds: NDArray[np.uint64] = (halves[:, 0] ^ halves[:, 1]).astype(np.uint64)
    return seeds


def _tagged(added: Mapping[int, Row]) -> Mapping[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in added.items():
        for facet, value in row.tags:
            found[facet, value].append(number)
    return found


def _shown(added: Mapping[int, Row]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, row in added.items():
        for council in row.councils or ("",):
            found[council].append(number)
    return found


def _grouped(added: Mapping[int, Row]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, row in added.items():
        for group in row.groups:
            found[group].append(number)
    return found
