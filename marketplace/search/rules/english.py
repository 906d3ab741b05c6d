"""Which words are English, whatever the market has: these are seldom a slip of the finger."""

from functools import cache

from spellchecker import SpellChecker

USES_MIN = 200
"""Words that a corpus of this size has more seldom are as often misprints and names."""


def is_english(word: str) -> bool:
    """Tell whether a typed word is a common English one."""
    return word in _common()


@cache
def _common() -> frozenset[str]:
    uses = SpellChecker(language="en", distance=1).word_frequency.dictionary
    return frozenset(word for word, times in uses.items() if times >= USES_MIN)
