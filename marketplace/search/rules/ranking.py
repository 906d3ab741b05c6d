"""What comes before what.

The best answers are those whose words fit best. How well others rated the support and how near
it is nudge that a little; what it costs never does. What nobody looks after comes last, and
equals change places every day, so that no one is always first.
"""

from datetime import date
from uuid import UUID
from zlib import crc32

RATING_NUDGE = 0.15
DISTANCE_NUDGE = 0.15
MIDDLE_RATING_TENTHS = 30
RATING_SPAN_TENTHS = 20
FAR_METRES = 32_000
SCORE_STEPS = 20
"""Scores that differ by less than a twentieth of the best are equals."""

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
    return crc32(entry_id.bytes, on.toordinal())


def reaches(distance_metres: int, *, within_metres: int, reach_metres: int | None) -> bool:
    """Return whether something is near enough to go to, or comes to where the person is."""
    return distance_metres <= max(within_metres, reach_metres or 0)
