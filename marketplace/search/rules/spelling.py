"""What somebody may have meant, and how they may want to go on."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from marketplace.search.rules.english import is_english
from marketplace.search.rules.plain import is_plain, is_unremarked
from marketplace.search.rules.query import Query, Results, Suggestion
from marketplace.search.rules.vocabulary import Concept, Vocabulary
from marketplace.search.rules.words import STOP_WORDS, TEXT_MAX, is_weak, stem, words

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


@dataclass(frozen=True, slots=True)
class Corrected:
    """A search with its wrong words put right; ``surely`` if that was certainly meant."""

    text: str
    surely: bool


Alike = Callable[[str], Mapping[str, int]]
"""Returns the words of an index that a typed word may have meant, with their uses."""


def corrected(
    text: str, unknown: Collection[str], alike: Alike, vocabulary: Vocabulary
) -> Corrected | None:
    """Return a search with its unknown words put right; none if none can be.

    ``unknown`` are the typed words that occur nowhere. They may have been written apart or
    together, or be a letter or two wrong; what goes with the word beside it is meant before
    what is only alike.
    """
    typed = words(text[:TEXT_MAX])
    found: list[str] = []
    sure: list[bool] = []
    rest = iter(range(len(typed)))
    for place in rest:
        word, after = typed[place], _telling(typed[place + 1 :])
        right = None
        if whole := _written_apart(typed[place : place + 2], unknown, alike, vocabulary):
            next(rest)
            right = whole, True
        elif word in unknown:
            right = _right(word, (_telling(typed[:place][::-1]), after), alike, vocabulary)
        found.append(right[0] if right else word)
        sure += [right[1]] if right else []
    return Corrected(" ".join(found), surely=all(sure)) if sure else None


def _telling(said: Sequence[str]) -> str:
    return next((word for word in said if word not in STOP_WORDS), "")


def _written_apart(
    pair: Sequence[str], unknown: Collection[str], alike: Alike, vocabulary: Vocabulary
) -> str | None:
    """Return two words as one, where only that is known."""
    if len(pair) < 2 or not set(pair) & set(unknown) or set(pair) & STOP_WORDS:  # noqa: PLR2004
        return None
    whole = "".join(pair)
    return whole if whole in vocabulary.written or whole in alike(whole) else None


def _right(
    word: str, beside: tuple[str, str], alike: Alike, vocabulary: Vocabulary
) -> tuple[str, bool] | None:
    """Return what an unknown word meant, and whether it surely did."""
    apart = vocabulary.run_together.get(word)
    if apart:
        return apart, True
    before, after = map(stem, beside)

    def goes_with(candidate: str) -> bool:
        pairs = (before, stem(candidate)), (stem(candidate), after)
        return any(pair in vocabulary.pairs for pair in pairs)

    right = nearest(word, alike(word), vocabulary.written, goes_with=goes_with)
    if right is None:
        return None
    slight = max(1, slips(word) - 1)
    is_sure = len(word) > _SHORT and OSA.distance(word, right) <= slight
    return right, not is_english(word) and (is_sure or goes_with(right))


def nearest(
    word: str, *known: Mapping[str, int], goes_with: Callable[[str], bool] = lambda _: False
) -> str | None:
    """Return the known word that is most like a typed one, the commoner of two; or none.

    What ``goes_with`` the words beside it comes first. A word that is known itself meant itself,
    and so did a plain one. An English word that is not known has one wrong letter at most.
    """

    def uses(candidate: str) -> int:
        return sum(some.get(candidate, 0) for some in known)

    if uses(word) > 0 or is_plain(word):
        return None
    allowed = min(slips(word), 1) if is_english(word) else slips(word)
    words_known = chain.from_iterable(known)
    alike = extract_iter(word, words_known, scorer=OSA.distance, score_cutoff=allowed)
    likely = [
        (not goes_with(found), wrong, *_unlikely(word, found), -uses(found), found)
        for found, wrong, _ in alike
        if _may_be(word, found, wrong) and uses(found) > 0
    ]
    return min(likely)[-1] if likely else None


def _unlikely(word: str, candidate: str) -> tuple[bool, bool]:
    return is_weak(stem(candidate)), candidate[0] != word[0]


def _may_be(word: str, candidate: str, wrong: int) -> bool:
    if candidate in STOP_WORDS:
        return False
    if wrong <= 1 or len(word) > _ONE_SLIP_UP_TO:
        return True
    return candidate[:_BEGINS_ALIKE] == word[:_BEGINS_ALIKE]


def or_corrected(query: Query, answer: Callable[[Query], Results]) -> Results:
    """Return the answer to a search, or to what it meant.

    What it surely meant is answered where that has more of the words; what it may have meant
    only where nothing is found for the words as they are. What would lead nowhere is not said.
    """
    results = answer(query)
    if not results.did_you_mean:
        return results
    meant = answer(replace(query, text=results.did_you_mean))
    if not meant.total or (results.total and len(meant.ignored) >= len(results.ignored)):
        return replace(results, did_you_mean=None)
    if results.total and not results.surely:
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
