"""Which of the entries found stand on the page that was asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest

from marketplace.search.adapters.whoosh.columns import Columns, Row, numbers_of
from marketplace.search.rules import Query, Sort
from marketplace.search.rules.ranking import SCORE_STEPS, drawn, nudged, seed_of

_LOT_BITS = 32
_FIT_BITS = 8
_FIT_MAX = (1 << _FIT_BITS) - 1
_IDEAS_BITS = 8
_IDEAS_MAX = (1 << _IDEAS_BITS) - 1

Place = int | tuple[int | bool, ...]


@dataclass(frozen=True, slots=True)
class Fits:
    """How well entries fit the words of a search.

    ``ideas`` says how many of the ideas an entry has, where some of them sufficed.
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    ideas: Mapping[int, int] = field(default_factory=dict)


class Days:
    """What a state of the index has worked out for a day: lots, and the order without words."""

    def __init__(self, columns: Columns) -> None:
        """Begin with no day."""
        self._columns = columns
        self._kept: tuple[date, Mapping[int, int], Mapping[int, int]] | None = None

    def of(self, on: date) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """Return the lots of a day, and each entry's place if nothing but the day counts."""
        kept = self._kept
        if kept is None or kept[0] != on:
            rows, numbers = self._columns.rows, numbers_of(self._columns.all)
            lots = {number: drawn(seed_of(rows[number].id), on) for number in numbers}
            plain = {number: _best(rows[number], 1.0, 0, None, lots[number]) for number in numbers}
            # Another thread may do the same at the same time, and comes to the same.
            kept = self._kept = (on, lots, plain)
        return kept[1:]


def page(
    columns: Columns,
    days: Days,
    found: tuple[int, Fits, Mapping[int, int], Mapping[int, int]],
    query: Query,
) -> Sequence[int]:
    """Return the numbers of the entries on the page that was asked for.

    ``found`` are all entries found, how well each fits the words, how far away each is, and
    what this person pays for some.
    """
    bits, fits, away, own = found
    if query.offset >= bits.bit_count():
        return ()
    numbers = numbers_of(bits)
    best = _all_best(columns, days, numbers, fits, away, query)
    first = nsmallest(
        query.offset + query.limit,
        zip(_asked(columns, numbers, best, away, own, query), numbers, strict=True),
    )
    return [number for _, number in first[query.offset :]]


def _all_best(
    columns: Columns,
    days: Days,
    numbers: Sequence[int],
    fits: Fits,
    away: Mapping[int, int],
    query: Query,
) -> Iterable[int]:
    lots, plain = days.of(query.on)
    if not fits.scores and not away:
        return [plain[number] for number in numbers]
    rows, scores, ideas = columns.rows, fits.scores, fits.ideas
    top = max(map(scores.__getitem__, numbers)) if scores else 1.0
    return [
        _best(
            rows[number],
            scores[number] / top if scores else 1.0,
            ideas.get(number, 0),
            away.get(number),
            lots[number],
        )
        for number in numbers
    ]


def _best(row: Row, score: float, ideas: int, away: int | None, lot: int) -> int:
    """Return one number that puts first who is looked after, has most ideas, and fits best."""
    fit = round(nudged(score, rating_tenths=row.rating_tenths, distance_metres=away) * SCORE_STEPS)
    place = (row.comes_last << _IDEAS_BITS) + _IDEAS_MAX - min(ideas, _IDEAS_MAX)
    place = (place << _FIT_BITS) + _FIT_MAX - min(max(fit, 0), _FIT_MAX)
    return (place << _LOT_BITS) + lot


def _asked(
    columns: Columns,
    numbers: Sequence[int],
    best: Iterable[int],
    away: Mapping[int, int],
    own: Mapping[int, int],
    query: Query,
) -> Iterable[Place]:
    rows = columns.rows
    value: Callable[[int], tuple[int | bool, ...]]
    if query.sort is Sort.NEAREST:
        value = lambda number: _least_first(away.get(number))  # noqa: E731
    elif query.sort is Sort.PRICE:
        value = lambda number: _least_first(own.get(number, rows[number].price_pence))  # noqa: E731
    elif query.sort is Sort.RATING:
        value = lambda number: _most_first(rows[number])  # noqa: E731
    else:
        return best
    return [(*value(number), place) for number, place in zip(numbers, best, strict=True)]


def _least_first(value: int | None) -> tuple[int | bool, ...]:
    return (value is None, value or 0)


def _most_first(row: Row) -> tuple[int | bool, ...]:
    return (row.rating_tenths is None, -(row.rating_tenths or 0), -row.rating_count)
