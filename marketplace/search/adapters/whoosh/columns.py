"""What an embedded index knows of its entries beside their words, in memory and by column.

Each value of each facet is one long number with a bit for every entry that has it. To choose is
to AND and OR such numbers, and to count is to count bits: a few microseconds for ten thousand
entries, where going through the entries would take as many milliseconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import isqrt
from typing import NamedTuple
from uuid import UUID

from marketplace.places.rules import Point
from marketplace.search.adapters.bits import bits_of
from marketplace.search.adapters.tags import Tags
from marketplace.search.rules import Entry, EntryKind, Facet, Hit, facet_values, spellings
from marketplace.search.rules.ranking import reaches

Tag = tuple[str, str]
"""A facet and one of its values."""

# The bits that are set in each octet.
_BITS = tuple(tuple(bit for bit in range(8) if octet >> bit & 1) for octet in range(256))


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
    tags: tuple[Tag, ...]
    councils: tuple[str, ...]
    spellings: str
    groups: str


def row_of(entry: Entry, groups: Iterable[str]) -> Row:
    """Return what is kept of an entry that has words of some groups."""
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
        spellings=" ".join(sorted(spellings(entry.said))),
        groups=" ".join(sorted(groups)),
    )


def numbers_of(bits: int) -> list[int]:
    """Return the entries that have a bit."""
    found: list[int] = []
    octets = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for place, octet in enumerate(octets):
        if octet:
            first = place << 3
            found.extend([first + bit for bit in _BITS[octet]])
    return found


class Piece:
    """The rows of one piece of the index on disk. A piece never changes, so it is kept.

    ``rows`` has none where an entry was gone already when the piece was read.
    """

    def __init__(self, rows: Sequence[Row | None]) -> None:
        """Turn rows into columns."""
        self.rows = rows
        tagged: dict[Tag, list[int]] = defaultdict(list)
        shown: dict[str, list[int]] = defaultdict(list)
        grouped: dict[str, list[int]] = defaultdict(list)
        everywhere: list[int] = []
        for number, row in enumerate(rows):
            if row is None:
                continue
            for tag in row.tags:
                tagged[tag].append(number)
            for council in row.councils:
                shown[council].append(number)
            for token in row.groups.split():
                grouped[token].append(number)
            if not row.councils:
                everywhere.append(number)
        size = len(rows)
        self.everywhere = bits_of(everywhere, size)
        self.shown = {council: bits_of(numbers, size) for council, numbers in shown.items()}
        self.grouped = {token: bits_of(numbers, size) for token, numbers in grouped.items()}
        self.tagged = {tag: bits_of(numbers, size) for tag, numbers in tagged.items()}

    @cached_property
    def words(self) -> Counter[str]:
        """Return every word of the piece and how many of its entries have it."""
        return Counter(word for row in self.rows if row for word in row.spellings.split())


class Placed(NamedTuple):
    """A piece, the number of its first entry, and the entries of it that are still there."""

    first: int
    piece: Piece
    alive: int


class Columns:
    """All entries of one state of an index. It never changes, so threads may share it."""

    def __init__(self, pieces: Sequence[Placed]) -> None:
        """Lay the columns of all pieces end to end."""
        self._pieces = pieces
        self.all = 0
        self._everywhere = 0
        self._shown: dict[str, int] = defaultdict(int)
        tagged: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
        for first, piece, alive in pieces:
            self.all |= alive << first
            self._everywhere |= (piece.everywhere & alive) << first
            for council, bits in piece.shown.items():
                self._shown[council] |= (bits & alive) << first
            for (facet, value), bits in piece.tagged.items():
                column = tagged[Facet(facet)]
                column[value] = column.get(value, 0) | (bits & alive) << first
        self._tags = Tags(tagged)

    @cached_property
    def rows(self) -> Sequence[Row]:
        """Return what is kept of each entry, by its number; of those that are gone nothing."""
        laid: list[Row | None] = []
        for first, piece, _ in self._pieces:
            laid.extend([None] * (first - len(laid)))
            laid.extend(piece.rows)
        return laid  # type: ignore[return-value]  # whoever has a number has a living entry

    @cached_property
    def words(self) -> Mapping[str, int]:
        """Return every word in the index and how many entries have it."""
        counted: Counter[str] = Counter()
        for _, piece, alive in self._pieces:
            counted.update(piece.words)
            for number, row in enumerate(piece.rows):
                if row is not None and not alive >> number & 1:
                    counted.subtract(row.spellings.split())
        return +counted

    @cached_property
    def sorted_words(self) -> Sequence[str]:
        """Return every word in the index in the order of a dictionary."""
        return sorted(self.words)

    def carriers(self, group: str) -> int:
        """Return how many entries have any words of a group."""
        return sum(
            (piece.grouped.get(group, 0) & alive).bit_count() for _, piece, alive in self._pieces
        )

    @property
    def size(self) -> int:
        """Return how many entries there are."""
        return self.all.bit_count()

    def shown_in(self, council: str | None) -> int:
        """Return what a council's portal shows; without a council, everything."""
        if council is None:
            return self.all
        return self._everywhere | self._shown.get(council, 0)

    def tags(self, own: Mapping[int, int]) -> Tags:
        """Return every facet's values, the prices as one person pays them."""
        return self._tags.seen_by(own, self.all.bit_length())

    def own(self, prices: Mapping[UUID, int]) -> Mapping[int, int]:
        """Return what one person pays for the entries that are here, by their numbers."""
        numbers = self._numbers if prices else {}
        return {
            numbers[offer_id.bytes]: pence
            for offer_id, pence in prices.items()
            if offer_id.bytes in numbers
        }

    def distances(self, near: Point | None, numbers: Iterable[int]) -> Mapping[int, int]:
        """Return how far away entries are; those without a place are left out."""
        if near is None:
            return {}
        rows, east, north = self.rows, near.easting, near.northing
        return {
            number: isqrt((place[0] - east) ** 2 + (place[1] - north) ** 2)
            for number in numbers
            if (place := rows[number].place) is not None
        }

    def near_enough(
        self, numbers: Iterable[int], away: Mapping[int, int], within_metres: int
    ) -> int:
        """Return what is near enough; what has no place is near everywhere."""
        rows = self.rows
        near = (
            number
            for number in numbers
            if number not in away
            or reaches(
                away[number], within_metres=within_metres, reach_metres=rows[number].reach_metres
            )
        )
        return bits_of(near, self.all.bit_length())

    def hit(self, number: int, away: Mapping[int, int]) -> Hit:
        """Return what the page is told of an entry."""
        row = self.rows[number]
        return Hit(UUID(bytes=row.id), EntryKind(row.kind), away.get(number))

    @cached_property
    def _numbers(self) -> Mapping[bytes, int]:
        return {self.rows[number].id: number for number in numbers_of(self.all)}
