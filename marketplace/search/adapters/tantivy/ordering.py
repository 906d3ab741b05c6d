"""Which of the entries found stand on the page that was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketplace.search.adapters.tantivy.choosing import with_own
from marketplace.search.adapters.tantivy.columns import NOTHING, NUMBER_MAX, Columns, Numbers
from marketplace.search.rules import Query, Sort
from marketplace.search.rules.ranking import (
    DAY_STRIDE,
    DISTANCE_NUDGE,
    FAR_METRES,
    MIDDLE_RATING_TENTHS,
    RATING_NUDGE,
    RATING_SPAN_TENTHS,
    SCORE_STEPS,
    STIRS,
)

_LOT_BITS = 32
_FIT_MAX = 255
_IDEAS_MAX = 255
_WHOLE = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Fits:
    """How well each of the entries found fits the words, and how many of the ideas it has."""

    scores: NDArray[np.float64] | None = None
    ideas: NDArray[np.int64] | None = None


def lots(seeds: NDArray[np.uint64], on: date) -> Numbers:
    """Return the lots that entries draw for a day; one by one `ranking.drawn` does the same."""
    mixed = seeds + np.uint64(on.toordinal() * DAY_STRIDE & _WHOLE)
    for shift, factor in STIRS:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed >> np.uint64(_LOT_BITS)).astype(np.int64)


def page(
    columns: Columns,
    found: tuple[Numbers, Fits, Numbers | None, Mapping[int, int]],
    drawn: Numbers,
    query: Query,
) -> Sequence[int]:
    """Return the numbers of the entries on the page that was asked for.

    ``found`` are all entries found, how well each fits, the square of how far away it is, and
    what this person pays for some. ``drawn`` are the day's lots of all entries.
    """
    numbers, fits, away, own = found
    if query.offset >= len(numbers):
        return ()
    best = _best(columns, numbers, fits, away, drawn[numbers])
    keys = _asked(columns, numbers, away, own, query)
    few = _first(keys[0] if keys else best, query.offset + query.limit)
    order = np.lexsort((numbers[few], best[few], *(key[few] for key in reversed(keys))))
    shown: list[int] = numbers[few][order][query.offset : query.offset + query.limit].tolist()
    return shown


def _first(key: Numbers, wanted: int) -> Numbers:
    """Return where the smallest of a key are: as many as are wanted, and all equal to the last."""
    if wanted >= len(key):
        return np.arange(len(key))
    last = np.partition(key, wanted - 1)[wanted - 1]
    return np.flatnonzero(key <= last)


def _best(
    columns: Columns, numbers: Numbers, fits: Fits, away: Numbers | None, drawn: Numbers
) -> Numbers:
    """Return one number that puts first who is looked after, has most ideas, and fits best."""
    fit = _nudge(columns, numbers, away)
    if fits.scores is not None:
        fit = fit * (fits.scores / (float(fits.scores.max()) or 1.0))
    steps = np.minimum(np.maximum(np.rint(fit * SCORE_STEPS), 0), _FIT_MAX).astype(np.int64)
    place = columns.values["last"][numbers] * (_IDEAS_MAX + 1) + _IDEAS_MAX
    if fits.ideas is not None:
        place = place - np.minimum(fits.ideas, _IDEAS_MAX)
    place = place * (_FIT_MAX + 1) + _FIT_MAX - steps
    return (place << _LOT_BITS) + drawn


def _nudge(columns: Columns, numbers: Numbers, away: Numbers | None) -> NDArray[np.float64]:
    """Return what rating and nearness make of a score, as `ranking.nudged` says."""
    rating = columns.values["rating"][numbers]
    rated = RATING_NUDGE * (rating - MIDDLE_RATING_TENTHS) / RATING_SPAN_TENTHS
    nudge = 1.0 + np.where(rating == NOTHING, 0.0, rated)
    if away is None:
        return nudge
    metres = np.minimum(np.floor(np.sqrt(np.maximum(away, 0))), FAR_METRES)
    near = DISTANCE_NUDGE * (1 - metres / FAR_METRES)
    return nudge + np.where(away == NOTHING, 0.0, near)


def _asked(
    columns: Columns,
    numbers: Numbers,
    away: Numbers | None,
    own: Mapping[int, int],
    query: Query,
) -> list[Numbers]:
    """Return what counts before the best order, the weightiest first."""
    if query.sort is Sort.NEAREST and away is not None:
        metres = np.floor(np.sqrt(np.maximum(away, 0))).astype(np.int64)
        return [np.where(away == NOTHING, NUMBER_MAX, metres)]
    if query.sort is Sort.PRICE:
        price = with_own(columns, numbers, own)
        return [np.where(price == NOTHING, NUMBER_MAX, price)]
    if query.sort is Sort.RATING:
        return [-columns.values["rating"][numbers], -columns.values["rated_by"][numbers]]
    return []
