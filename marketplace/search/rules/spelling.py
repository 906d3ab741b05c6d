"""What somebody may have meant, and how they may want to go on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from marketplace.search.rules.plain import is_plain, is_unremarked
from marketplace.search.rules.query import Query, Results, Suggestion
from marketplace.search.rules.vocabulary import Concept
from marketplace.search.rules.words import TEXT_MAX, words

SUGGESTIONS_MAX = 20

_TYPED_MIN = 2
_SHORT, _LONG = 4, 9
_BEGINS_ALIKE = 3
"""Of a word of up to six letters: who makes two slips in one has at least begun it right."""
_ONE_SLIP_UP_TO = 6


def slips(word: str) -> int:
    """Return how many wrong letters a word of this length may have."""
    if len(word) < 3:  # noqa: PLR2004
        return 0
    if len(word) <= _SHORT:
        return 1
    return 2 if len(word) < _LONG else 3


def nearest(word: str, known: Mapping[str, int]) -> str | None:
    """Return the known word that is most like a typed one, the commoner of two; or none.

    A word that is known itself meant itself, and so did a plain one.
    """
    if known.get(word, 0) > 0 or is_plain(word):
        return None
    allowed = slips(word)
    alike = extract_iter(word, known.keys(), scorer=OSA.distance, score_cutoff=allowed)
    ranked = (
        (wrong, candidate[:1] != word[:1], -known[candidate], candidate)
        for candidate, wrong, _ in alike
        if known[candidate] > 0 and _may_be(word, candidate, wrong)
    )
    best = min(ranked, default=None)
    return best[3] if best else None


def _may_be(word: str, candidate: str, wrong: int) -> bool:
    if wrong <= 1 or len(word) > _ONE_SLIP_UP_TO:
        return True
    return candidate[:_BEGINS_ALIKE] == word[:_BEGINS_ALIKE]


def did_you_mean(text: str, corrections: Mapping[str, str]) -> str | None:
    """Return the search with its wrong words put right; none if none can be."""
    if not corrections:
        return None
    return " ".join(corrections.get(word, word) for word in words(text[:TEXT_MAX]))


def or_corrected(query: Query, answer: Callable[[Query], Results]) -> Results:
    """Return the answer to a search; where there is none, to what it may have meant."""
    results = answer(query)
    if results.total or not results.did_you_mean:
        return results
    meant = answer(replace(query, text=results.did_you_mean))
    if not meant.total:
        return results
    return replace(meant, did_you_mean=results.did_you_mean, corrected=True)


def unknown_words(ignored: Iterable[Concept]) -> tuple[str, ...]:
    """Return the typed words of ideas that occur nowhere; some deserve no remark."""
    typed = dict.fromkeys(word for concept in ignored for word in concept.typed)
    return tuple(word for word in typed if not is_unremarked(word))


def opening(prefix: str) -> tuple[str, str] | None:
    """Return the finished words of what has been typed, and the beginning of the next one.

    One letter says nothing yet; after a space the next word has not been begun.
    """
    said = words(prefix[:TEXT_MAX])
    if len("".join(said)) < _TYPED_MIN:
        return None
    if len(said[-1]) < _TYPED_MIN or prefix[-1:].isspace():
        return " ".join(said), ""
    return " ".join(said[:-1]), said[-1]


def suggestions(
    begun: tuple[str, Mapping[str, int], Mapping[str, int]],
    limit: int,
    count: Callable[[str], int],
) -> tuple[Suggestion, ...]:
    """Return whole phrases first, then the typed words with the last one finished.

    ``begun`` are the finished words, the phrases that begin so and the endings of the last
    word, with their uses. ``count`` tells how many entries have all the ideas of a text; what
    none has is not offered.
    """
    head, phrases, endings = begun
    most = min(max(limit, 0), SUGGESTIONS_MAX)
    finished = [f"{head} {word}".strip() for word in commonest(endings, most)]
    offered: dict[str, Suggestion] = {}
    for texts in (commonest(phrases, most), finished):
        counted = [Suggestion(text, count(text)) for text in texts if text not in offered]
        for one in sorted(counted, key=lambda one: (-one.count, one.text)):
            if one.count:
                offered[one.text] = one
    return tuple(offered.values())[:most]


def commonest(counted: Mapping[str, int], most: int) -> list[str]:
    """Return the words that are used most, the commonest first."""
    used = [word for word, uses in counted.items() if uses > 0]
    return sorted(used, key=lambda word: (-counted[word], word))[:most]
