"""Which of the entries found come first.

Going through all of them is kept to one short step for each, and to those that may stand on the
page: whatever no words or nearness set apart stands in the order of the day, worked out once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from itertools import compress, islice
from math import sqrt
from operator import mul

from marketplace.places.rules import Point
from marketplace.search.adapters.bits import flags_of, slots_of
from marketplace.search.adapters.postgres.choosing import squared_at, squared_distances
from marketplace.search.adapters.postgres.columns import LATE, NO_PRICE, Columns
from marketplace.search.adapters.postgres.days import NUDGES, WHOLE_STEPS, Day
from marketplace.search.rules import Query, Sort
from marketplace.search.rules.ranking import DISTANCE_NUDGE, FAR_METRES, SCORE_STEPS

_LAST = 1_000_000
_IDEA = 1_000
_FEW = 2_000
"""So few are put in order faster than they are looked for in the order of the day."""
_RINGS_METRES = (5_000, 20_000, 60_000)
_FAR_SQUARED = FAR_METRES**2
_BY_METRE = DISTANCE_NUDGE / FAR_METRES
_HALF = 0.5
_LATE_STEPS = tuple((stands >= LATE) * _LAST for stands in range(2 * LATE))

Ranked = tuple[int, int, int, int]
"""What comes before all else, how well it fits, its lot, its slot: less comes first."""


@dataclass(frozen=True)
class Found:
    """What fits a search.

    ``scores`` are noughts to 255 for every slot there is, for each idea asked for, and what the
    idea weighs; an idea that an entry does not have is a nought.
    """

    columns: Columns
    bits: int
    own: Mapping[int, int]
    scores: Sequence[tuple[bytes, float]]

    @cached_property
    def top(self) -> float:
        """Return the best score of all."""
        flags = flags_of(self.bits, self.columns.width)
        weighed = [
            [octet * weight for octet in compress(octets, flags)] for octets, weight in self.scores
        ]
        if len(weighed) == 1:
            return max(weighed[0], default=1.0)
        return max(map(sum, zip(*weighed, strict=True)), default=1.0)


def page(found: Found, day: Day, query: Query) -> Sequence[int]:
    """Return the slots of the entries that stand on the page asked for."""
    wanted = min(query.offset + query.limit, found.bits.bit_count())
    if query.offset >= wanted:
        return ()
    if query.sort is Sort.NEAREST and query.near is not None:
        ranked = _nearest(found, day, query.near, wanted)
    elif query.sort in {Sort.PRICE, Sort.RATING}:
        ranked = _by_column(found, day, query, wanted)
    elif found.scores:
        ranked = _best(found, day, found.bits, query.near, wanted)
    else:
        ranked = _whatever(found, day, query.near, wanted)
    return [slot for *_, slot in sorted(ranked)[query.offset : wanted]]


def _nearest(found: Found, day: Day, near: Point, wanted: int) -> Iterable[Ranked]:
    """Return enough of the nearest: what is outside a ring is farther than its radius."""
    for radius in _RINGS_METRES:
        bits = found.bits & found.columns.around(near, radius)
        flags = flags_of(bits, found.columns.width)
        squared = squared_distances(found.columns, near, flags)
        if sum(square <= radius * radius for square in squared) >= wanted:
            break
    else:
        flags = flags_of(found.bits, found.columns.width)
        squared = squared_distances(found.columns, near, flags)
    return _leading(found, day, flags, squared, near, wanted)


def _by_column(found: Found, day: Day, query: Query, wanted: int) -> Iterable[Ranked]:
    columns = found.columns
    flags = flags_of(found.bits, columns.width)
    if query.sort is Sort.RATING:
        raters = compress(columns.rated_by, flags)
        ratings = compress(columns.rating, flags)
        first = [-(rating << 32) - count for rating, count in zip(ratings, raters, strict=True)]
    else:
        first = list(compress(columns.price, flags))
        if found.own:
            unknown = max(NO_PRICE, *found.own.values()) + 1
            first = [
                found.own.get(slot, unknown if price == NO_PRICE else price)
                for slot, price in zip(slots_of(found.bits, columns.width), first, strict=True)
            ]
    return _leading(found, day, flags, first, query.near, wanted)


def _leading(
    found: Found,
    day: Day,
    flags: bytes,
    first: Sequence[int],
    near: Point | None,
    wanted: int,
) -> Iterable[Ranked]:
    """Return what comes first by some order, and all that equals the last of it."""
    most = nsmallest(wanted, first)[-1]
    leading = [
        (key, slot)
        for key, slot in zip(first, compress(range(len(flags)), flags), strict=True)
        if key <= most
    ]
    slots = [slot for _, slot in leading]
    fits = _fits(found, slots, near)
    return [
        (key, fit, day.lot(found.columns.seeds[slot]), slot)
        for (key, slot), fit in zip(leading, fits, strict=True)
    ]


def _best(found: Found, day: Day, bits: int, near: Point | None, wanted: int) -> Iterable[Ranked]:
    """Return the best of some entries, by going through them all."""
    slots = slots_of(bits, found.columns.width)
    if not slots:
        return ()
    fits = _fits(found, slots, near)
    most = nsmallest(wanted, fits)[-1]
    seeds = found.columns.seeds
    return [
        (0, fit, day.lot(seeds[slot]), slot)
        for fit, slot in zip(fits, slots, strict=True)
        if fit <= most
    ]


def _whatever(found: Found, day: Day, near: Point | None, wanted: int) -> Iterable[Ranked]:
    """Return the best where no words were asked for: only what is near is set apart by place."""
    columns = found.columns
    apart = day.unsettled
    if near is not None:
        apart |= columns.around(near, FAR_METRES)
    rest = found.bits & ~apart
    if rest.bit_count() <= _FEW:
        return _best(found, day, found.bits, near, wanted)
    flags = flags_of(rest, columns.width)
    settled = list(islice((slot for slot in day.order if flags[slot]), wanted))
    ranked = _fits(found, settled, None)
    return [
        *_best(found, day, found.bits & apart, near, wanted),
        *(
            (0, fit, day.lot(columns.seeds[slot]), slot)
            for fit, slot in zip(ranked, settled, strict=True)
        ),
    ]


def _fits(found: Found, slots: Sequence[int], near: Point | None) -> Sequence[int]:
    """Return how well entries fit, in steps, less for better: those on one step are equals."""
    standing = map(found.columns.standing.__getitem__, slots)
    if near is None and len(found.scores) <= 1:
        return _fits_one_idea(found, slots, standing)
    if near is None:
        nudges: Sequence[float] = [NUDGES[stands] for stands in standing]
    else:
        nudges = [
            NUDGES[stands] + DISTANCE_NUDGE - _BY_METRE * sqrt(square)
            if square < _FAR_SQUARED
            else NUDGES[stands]
            for stands, square in zip(standing, squared_at(found.columns, near, slots), strict=True)
        ]
    late = map(_LATE_STEPS.__getitem__, map(found.columns.standing.__getitem__, slots))
    if not found.scores:
        return [
            step - int(nudge * SCORE_STEPS + _HALF)
            for step, nudge in zip(late, nudges, strict=True)
        ]
    if len(found.scores) == 1:
        scores, weight = found.scores[0]
        steps = weight * SCORE_STEPS / found.top
        return [
            step - _IDEA - int(scores[slot] * steps * nudge + _HALF)
            for step, slot, nudge in zip(late, slots, nudges, strict=True)
        ]
    return _fits_ideas(found, slots, late, nudges)


def _fits_ideas(
    found: Found, slots: Sequence[int], late: Iterable[int], nudges: Sequence[float]
) -> Sequence[int]:
    """Return the same where several ideas were asked for."""
    octets = [list(map(scores.__getitem__, slots)) for scores, _ in found.scores]
    steps = [weight * SCORE_STEPS / found.top for _, weight in found.scores]
    sums = [sum(map(mul, each, steps)) for each in zip(*octets, strict=True)]
    ideas = (len(each) - each.count(0) for each in zip(*octets, strict=True))
    return [
        step - idea * _IDEA - int(score * nudge + _HALF)
        for step, idea, score, nudge in zip(late, ideas, sums, nudges, strict=True)
    ]


def _fits_one_idea(found: Found, slots: Sequence[int], standing: Iterable[int]) -> Sequence[int]:
    """Return the same where it depends on two octets alone: there are few pairs of them."""
    if not found.scores:
        return [WHOLE_STEPS[stands] for stands in standing]
    scores, weight = found.scores[0]
    steps = _Steps(weight * SCORE_STEPS / found.top)
    return [steps[scores[slot] << 8 | stands] for slot, stands in zip(slots, standing, strict=True)]


class _Steps(dict[int, int]):
    """The step of a score and a standing, worked out once for each pair."""

    def __init__(self, steps: float) -> None:
        super().__init__()
        self._steps = steps

    def __missing__(self, pair: int) -> int:
        score, stands = pair >> 8, pair & 255
        step = (stands >= LATE) * _LAST - _IDEA - int(score * self._steps * NUDGES[stands] + _HALF)
        self[pair] = step
        return step
