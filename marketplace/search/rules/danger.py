"""Who may be in danger, by what they look for: they are told who helps now, before all else."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.search.rules.english import is_english
from marketplace.search.rules.spelling import nearest
from marketplace.search.rules.words import TEXT_MAX, words

_LONG = 6
"""Shorter words are like too many others."""


class Danger(StrEnum):
    """From whom somebody may have to fear harm."""

    MYSELF = "myself"
    OTHERS = "others"


Signs = Mapping[Danger, tuple[str, ...]]
"""What people type who may be in danger: whole phrases, in small letters."""


def dangers(text: str, signs: Signs) -> frozenset[Danger]:
    """Return the dangers that a search speaks of.

    The words have to stand there as they are, one after the other: "touches me" is a sign,
    "touch screen" is none. A slip in a long word hides nothing. Nothing of it is kept or counted.
    """
    known = {word: 1 for phrases in signs.values() for phrase in phrases for word in words(phrase)}
    said = f" {' '.join(_meant(word, known) for word in words(text[:TEXT_MAX]))} "
    return frozenset(
        danger
        for danger, phrases in signs.items()
        if any(f" {phrase} " in said for phrase in phrases)
    )


def _meant(word: str, known: Mapping[str, int]) -> str:
    if len(word) < _LONG or is_english(word):
        return word
    return nearest(word, known) or word
