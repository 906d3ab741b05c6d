"""What comes before what.

The best answers are those whose words fit best. How well others rated the support and how near
it is nudge that a little; what it costs never does. What nobody looks after comes last, and
equals change places every day, so that no one is always first.
"""

from datetime import date
from uuid import UUID

RATING_NUDGE = 0.15
DISTANCE_NUDGE = 0.15
MIDDLE_RATING_TENTHS = 30
RATING_SPAN_TENTHS = 20
FAR_METRES = 32_000
SCORE_STEPS = 20
"""Scores that differ by less than a twentieth of the best are equals."""

DAY_STRIDE = 0x9E37_79B9_7F4A_7C15
STIRS = ((30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB))
"""How a seed is stirred for a lot."""
_WHOLE = (1 << 64) - 1

TITLE_WEIGHT = 3
BY_WEIGHT = 2


def nudged(score: float, *, rating_tenths: int | None, distance_metres: int | None) -> float:
    """Return a score moved a little by rating and nearness."""
    nudge = 1.0
    if rating_tenths is not None:
        nudge += RATING_NUDGE * (rating_tenths - MIDDLE_RATING_TENTHS) / RATING_SPAN_TENTHS
    if distance_metres is not None:
        nudge += DISTANCE_NUDGE * (1 - min(distance_metres, FAR_METRES) / FAR_METRES)
    return score * nudge


def lot(entry_id: UUID, on: date) -> int:
    """Return the lot an entry draws for a day, to order equals fairly."""
    return drawn(seed_of(entry_id.bytes), on)


def seed_of(entry_id: bytes) -> int:
    """Return what an entry draws its lots with, all its life."""
    return int.from_bytes(entry_id[:8]) ^ int.from_bytes(entry_id[8:])


def drawn(seed: int, on: date) -> int:
    """Return the lot that a seed draws for a day: 32 bits, stirred so that all are alike.

    A checksum of id and day would not do: of three entries it may put one first on every
    second day, for ever. (The stirring is the finish of "SplitMix64".)
    """
    mixed = (seed + on.toordinal() * DAY_STRIDE) & _WHOLE
    for shift, factor in STIRS:
        mixed = (mixed ^ mixed >> shift) * factor & _WHOLE
    return mixed >> 32


def reaches(distance_metres: int, *, within_metres: int, reach_metres: int | None) -> bool:
    """Return whether something is near enough to go to, or comes to where the person is."""
    return distance_metres <= max(within_metres, reach_metres or 0)
