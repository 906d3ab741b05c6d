"""The order of a day: how all entries stand where nobody asked for words or a place.

Equals change places every day. To put a hundred thousand in order takes longer than a search may,
so it is done once a day, and what was written since is put in its place by hand.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from marketplace.search.adapters.bits import bits_of
from marketplace.search.adapters.postgres.columns import LATE
from marketplace.search.adapters.postgres.reading import State
from marketplace.search.rules.ranking import (
    MIDDLE_RATING_TENTHS,
    RATING_NUDGE,
    RATING_SPAN_TENTHS,
    SCORE_STEPS,
    drawn,
)

_UNSETTLED_MAX = 2_000
_ONE, _OTHER = 0x5EED, 0xFEED
_LOTS = 2**64 - 1
_LAST = 1_000_000
_HALF = 0.5


def _nudge(rating_tenths: int) -> float:
    if not rating_tenths:
        return 1.0
    return 1.0 + RATING_NUDGE * (rating_tenths - MIDDLE_RATING_TENTHS) / RATING_SPAN_TENTHS


NUDGES = tuple(_nudge(stands % LATE) for stands in range(2 * LATE))
"""What a rating does to how well an entry fits, by its standing."""
WHOLE_STEPS = tuple(
    (stands >= LATE) * _LAST - int(nudge * SCORE_STEPS + _HALF)
    for stands, nudge in enumerate(NUDGES)
)
"""How an entry stands where all fit alike."""


@dataclass(frozen=True)
class _Order:
    """All entries of one state in the order of a day."""

    standing: bytes
    seeds: "array[int]"
    version: int
    stride: int

    @cached_property
    def slots(self) -> Sequence[int]:
        """Return the slots in order, worked out when first looked at."""
        stride = self.stride
        keys = [
            WHOLE_STEPS[stands] << 64 | seed * stride & _LOTS
            for stands, seed in zip(self.standing, self.seeds, strict=True)
        ]
        return sorted(range(len(keys)), key=keys.__getitem__)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, its lots and its order. ``unsettled`` are the entries written since."""

    on: date
    stride: int
    settled: _Order
    unsettled: int

    @property
    def order(self) -> Sequence[int]:
        """Return the slots in the order of the day, those unsettled where they once stood."""
        return self.settled.slots

    def lot(self, seed: int) -> int:
        """Return the lot that a seed draws for the day."""
        return seed * self.stride & _LOTS


def day_of(on: date, state: State, known: Day | None) -> Day:
    """Return a day as a state of the columns has it, made from what is known of it."""
    if known is not None and known.on == on:
        slots = state.changed_since(known.settled.version)
        if slots is not None and len(slots) <= _UNSETTLED_MAX:
            unsettled = bits_of(slots, state.columns.width)
            return Day(on, known.stride, known.settled, unsettled)
    stride = drawn(_ONE, on) << 32 | drawn(_OTHER, on) | 1
    return Day(on, stride, _order(state, stride), 0)


def _order(state: State, stride: int) -> _Order:
    # Not the columns themselves: what was taken out of them must not be kept until tomorrow.
    return _Order(state.columns.standing, state.columns.seeds, state.version, stride)
