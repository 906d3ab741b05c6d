"""Ideas that a sentence may mean, where its words themselves find little. An optional package.

The package holds one small table of word vectors; nothing is sent anywhere. Every phrase of the
vocabulary is a point, and a sentence is near the ideas whose phrases are near. It guesses: what it
says is shown as a suggestion, never mixed with what was found.
"""

from collections import defaultdict
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.rules import Vocabulary
from marketplace.search.rules.words import TEXT_MAX

if TYPE_CHECKING:
    from numpy import float32  # comes with the optional package
    from numpy.typing import NDArray

PACKAGE = "wordllama"
ALIKE_MIN = 0.5
"""How near the nearest phrase of an idea has to be: 1 is the same, 0 is nothing in common."""
SURE_MIN = 0.75
_READ = 60
_WEIGHTS = (1.0, 0.3, 0.3)
"""Of an idea's nearest, second and third phrase: several near ones are worth more than one."""


class _Vectors(Protocol):
    def embed(self, texts: list[str], *, norm: bool) -> "NDArray[float32]": ...


class Meanings:
    """The ideas of a vocabulary, each with where its phrases lie."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take a vocabulary; vectors are read when they are first asked for."""
        self._phrases = [
            (group.words[0], phrase)
            for group in vocabulary.groups
            for phrase in (*group.words, *group.typed)
        ]

    def near(self, text: str, *, limit: int = 3) -> tuple[str, ...]:
        """Return the first phrase of the ideas that a sentence may mean, the likeliest first."""
        asked = text[:TEXT_MAX].strip()
        if not asked:
            return ()
        alike = self._points @ self._vectors.embed([asked], norm=True)[0]
        nearest: dict[str, list[float]] = defaultdict(list)
        for number in alike.argsort()[::-1][:_READ]:
            nearest[self._phrases[number][0]].append(float(alike[number]))
        sure = {idea: _sure(found) for idea, found in nearest.items() if found[0] >= ALIKE_MIN}
        ordered = sorted(sure, key=lambda idea: (-sure[idea], idea))
        return tuple(idea for idea in ordered if sure[idea] >= SURE_MIN)[:limit]

    @cached_property
    def _vectors(self) -> _Vectors:
        package = import_module(PACKAGE)
        # Told where its own files lie, it does not look for them elsewhere.
        folder = Path(package.__file__ or "").parent
        loaded: _Vectors = package.WordLlama.load(cache_dir=folder, disable_download=True)
        return loaded

    @cached_property
    def _points(self) -> "NDArray[float32]":
        return self._vectors.embed([phrase for _, phrase in self._phrases], norm=True)


@cache
def meanings() -> Meanings | None:
    """Return the ideas of the shipped vocabulary; None where the package is not installed."""
    return Meanings(everyday_words()) if find_spec(PACKAGE) else None


def _sure(found: list[float]) -> float:
    return sum(weight * alike for weight, alike in zip(_WEIGHTS, found, strict=False))
