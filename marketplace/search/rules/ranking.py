"""What comes before what.

The best answers are those whose words fit best. How well others rated the support and how near
it is nudge that a little; what it costs never does. What nobody looks after comes last, and
equals change places every day, so that no one is always first.
"""

from collections.abc import Mapping
from datetime import date
from math import log
from uuid import UUID

from marketplace.search.rules.entries import Entry
from marketplace.search.rules.vocabulary import Vocabulary

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

PLACES: Mapping[str, float] = {"title": 1.0, "by": 0.6, "words": 0.3, "also": 0.1}
"""What a word counts in each place of an entry: what many entries have tells little of one."""
APART = 0.3
"""What the words of a phrase count that stand apart."""


def tokens_of(entry: Entry, vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Return what an entry is found by in each place."""
    texts = (entry.title, entry.by, entry.words, entry.also)
    return {
        place: frozenset(vocabulary.tokens(text)) for place, text in zip(PLACES, texts, strict=True)
    }


def rarity(entries: int, having: int) -> float:
    """Return what an idea weighs that some of all entries have: a rare one weighs more."""
    return log(1 + entries / having)


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
