"""Answers searches from the index on disk and the columns in memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

from whoosh.reading import TermNotFound
from whoosh.searching import Searcher

from marketplace.search.adapters.whoosh.columns import Columns, Found, row_of
from marketplace.search.adapters.whoosh.files import DAMAGED, Document, Files, State
from marketplace.search.rules import Concept, Entry, Query, Results, Suggestion, Vocabulary
from marketplace.search.rules.ranking import BY_WEIGHT, TITLE_WEIGHT
from marketplace.search.rules.spelling import (
    begin_with,
    did_you_mean,
    nearest,
    opening,
    suggestions,
    unknown_words,
)

_REMEMBERED = 500
"""Ideas whose entries are remembered until somebody writes."""


class WhooshEngine:
    """Answers from an index in a folder."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        """Open the index, or begin an empty one."""
        self._vocabulary = vocabulary
        self._files = Files(folder, vocabulary.recipe)

    def add(self, entries: Iterable[Entry]) -> None:
        """Put entries into the index, each in place of an older one with its id."""
        newest = {entry.id: entry for entry in entries}
        if newest:
            gone = [entry_id.hex for entry_id in newest]
            self._files.change(map(self._document, newest.values()), gone)

    def remove(self, ids: Iterable[UUID]) -> None:
        """Take entries out."""
        gone = {entry_id.hex for entry_id in ids}
        if gone:
            self._files.change(iter(()), gone)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Replace the whole index; until it is done the old one answers."""
        newest = {entry.id: entry for entry in entries}
        self._files.replace(map(self._document, newest.values()))

    def size(self) -> int:
        """Return how many entries the index has."""
        return len(self._files.read().columns.rows)

    def needs_rebuild(self) -> bool:
        """Return whether the index was lost, or made with other words that mean the same."""
        return self._files.needs_filling()

    def search(self, query: Query) -> Results:
        """Answer a search."""
        try:
            return self._answer(self._files.read(), query)
        except DAMAGED:
            self._files.begin_again(though_it_opens=True)
            return self._answer(self._files.read(), query)

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on with what has been typed so far, and what each would find."""
        begun = opening(prefix)
        if begun is None:
            return ()
        head, last = begun
        state = self._files.read()
        phrases = {
            phrase: self._uses(state, self._vocabulary.phrases[phrase])
            for phrase in begin_with(prefix, self._vocabulary.phrases)
        }
        endings = {
            word: uses
            for word, uses in state.columns.spellings.items()
            if last and word.startswith(last)
        }
        return suggestions(
            (head, phrases, endings), limit, lambda text: self._together(state, text)
        )

    def _together(self, state: State, text: str) -> int:
        """Return how many entries have all the ideas of a text that occur at all."""
        fits = [self._fit(state, concept) for concept in self._vocabulary.concepts(text)]
        known = [fit.keys() for fit in fits if fit]
        return len(set(known[0]).intersection(*known[1:])) if known else 0

    def _answer(self, state: State, query: Query) -> Results:
        concepts = self._vocabulary.concepts(query.text)
        fits = {concept: self._fit(state, concept) for concept in concepts}
        ignored = [concept for concept in concepts if not fits[concept]]
        known = [fits[concept] for concept in concepts if fits[concept]]
        columns = state.columns
        shown = columns.shown_in(query.council)
        found, base, widened = _match(columns, shown, known)
        if concepts and not known:
            base = 0
        numbers = columns.numbers(base)
        away = columns.distances(query.near, numbers)
        if query.near is not None and query.within_metres is not None:
            base &= columns.near_enough(numbers, away, query.within_metres)
        chosen = columns.choose(base, query.chosen)
        ordered = columns.ordered(chosen, found, away, query)
        page = ordered[query.offset : query.offset + query.limit]
        return Results(
            ids=tuple(columns.hit(number, away) for number in page),
            total=len(ordered),
            counts=columns.counts(base, query.chosen),
            did_you_mean=self._corrected(state, query.text, ignored),
            ignored=unknown_words(ignored),
            widened=widened,
        )

    def _corrected(self, state: State, text: str, ignored: list[Concept]) -> str | None:
        if not ignored:
            return None
        known = dict(state.columns.spellings)
        for word, tokens in self._vocabulary.spellings.items():
            if word not in known:
                known[word] = sum(self._uses(state, token) for token in tokens)
        found = {word: nearest(word, known) for word in unknown_words(ignored)}
        return did_you_mean(text, {word: right for word, right in found.items() if right})

    def _fit(self, state: State, concept: Concept) -> Mapping[int, float]:
        """Return the entries that have an idea, and how well each one's words fit it."""
        with self._files.lock:
            known = state.fits.get(concept)
            if known is None:
                if len(state.fits) >= _REMEMBERED:
                    state.fits.clear()
                known = state.fits[concept] = _fit(state.searcher, concept)
            return known

    def _uses(self, state: State, token: str) -> int:
        return len(self._fit(state, Concept((), frozenset({token}))))

    def _document(self, entry: Entry) -> Document:
        said = Counter(self._vocabulary.tokens(entry.words))
        for text, weight in ((entry.title, TITLE_WEIGHT), (entry.by, BY_WEIGHT)):
            for token in self._vocabulary.tokens(text):
                said[token] += weight
        return Document(entry.id.hex, " ".join(said.elements()), row_of(entry))


def _fit(searcher: Searcher, concept: Concept) -> Mapping[int, float]:
    if not searcher.doc_count_all():
        return {}  # the library takes the logarithm of this count
    fit: dict[int, float] = defaultdict(float)
    for token in concept.tokens:
        for number, score in _scores(searcher, token).items():
            fit[number] += score
    if concept.parts:
        parts = [_scores(searcher, part) for part in sorted(concept.parts)]
        for number in set.intersection(*map(set, parts)):
            fit[number] += sum(scores[number] for scores in parts)
    return fit


def _scores(searcher: Searcher, token: str) -> dict[int, float]:
    try:
        matcher = searcher.postings("tokens", token)
    except TermNotFound:
        return {}
    scores = {}
    while matcher.is_active():
        scores[matcher.id()] = matcher.score()
        matcher.next()
    return scores


def _match(
    columns: Columns, shown: int, known: list[Mapping[int, float]]
) -> tuple[Found, int, bool]:
    """Return what has all ideas, or where nothing has, what has any; and which of the two."""
    if not known:
        return {}, shown, False
    all_of = shown
    any_of = 0
    for fit in known:
        bits = columns.bits(fit)
        all_of &= bits
        any_of |= bits
    base = all_of or any_of & shown
    found = {
        number: (
            sum(number in fit for fit in known),
            sum(fit.get(number, 0.0) for fit in known),
        )
        for number in columns.numbers(base)
    }
    return found, base, not all_of and bool(base)
