"""Asking what many will ask, before anybody does.

An engine remembers which entries have a word, and works that out when the word is first asked for.
For a word that every third entry has, that takes as long as a hundred searches after it. A process
that has just begun asks such words itself, so that nobody waits for it. Only words of the index are
asked for: what everybody may see.
"""

from collections.abc import Iterator
from datetime import date
from time import monotonic

from marketplace.search.adapters import Engine, EngineOfTheDatabase
from marketplace.search.rules import Query

WORDS = 250
"""So many of the commonest words. What few entries have is found at once in any case."""
SECONDS = 8.0
"""Longer than this no process waits to begin."""
_LETTERS = (2, 3, 4)
_A_SLIP = "wheelchiar"
"""What English words there are is read for the first that is none."""


def warm(engine: Engine, *, on: date, seconds: float = SECONDS) -> int:
    """Ask what is asked most, for so long at most; return how many questions that were."""
    asked, until = 0, monotonic() + seconds
    engine.search(Query(on=on))
    engine.search(Query(on=on, text=_A_SLIP))
    words = engine.common_words(WORDS)
    if isinstance(engine, EngineOfTheDatabase) and monotonic() < until:
        engine.learn(words)
    for text in words:
        if monotonic() >= until:
            return asked
        engine.search(Query(on=on, text=text, page_size=1))
        asked += 1
    for begun in _beginnings(words):
        if monotonic() >= until:
            return asked
        engine.suggest(begun)
        asked += 1
    return asked


def _beginnings(words: list[str]) -> Iterator[str]:
    """Return how typing common words begins, the shortest first."""
    for letters in _LETTERS:
        yield from dict.fromkeys(word[:letters] for word in words)
