"""Answers searches from the index on disk and the columns in memory."""

import logging
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial, reduce
from itertools import chain, islice, repeat, takewhile
from operator import and_, or_
from pathlib import Path
from typing import Any
from uuid import UUID

from whoosh.reading import TermNotFound
from whoosh.searching import Searcher

from marketplace.search.adapters.bits import bits_of
from marketplace.search.adapters.whoosh.columns import Columns, numbers_of, row_of
from marketplace.search.adapters.whoosh.files import DAMAGED, Document, Files, State
from marketplace.search.adapters.whoosh.ordering import Fits, page
from marketplace.search.errors import SearchRestingError
from marketplace.search.rules import Concept, Entry, Query, Results, Suggestion, Vocabulary
from marketplace.search.rules.matching import matching
from marketplace.search.rules.ranking import APART, PLACES, rarity, tokens_of
from marketplace.search.rules.spelling import (
    commonest,
    corrected,
    opening,
    or_corrected,
    suggestions,
    unknown_words,
)

ENTRIES_MAX = 10_000
"""So many entries this engine is made for. Past that it works, and gets slower and slower."""

_TENTHS = 10
"""A word is kept so often that it counts a tenth each time."""

_REMEMBERED = 500
"""Words and ideas whose entries are remembered until somebody writes."""

_log = logging.getLogger(__name__)


class WhooshEngine:
    """Answers from an index in a folder."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        """Open the index, or begin an empty one."""
        self._vocabulary = vocabulary
        self._groups = frozenset(vocabulary.phrases.values())
        self._files = Files(folder, vocabulary.recipe)
        self._warned = False

    def add(self, entries: Iterable[Entry]) -> None:
        """Put entries into the index, each in place of an older one with its id."""
        newest = {entry.id: entry for entry in entries}
        if newest:
            gone = [entry_id.hex for entry_id in newest]
            self._files.change(map(self._document, newest.values()), gone)
            self._warn()

    def remove(self, ids: Iterable[UUID]) -> None:
        """Take entries out."""
        gone = {entry_id.hex for entry_id in ids}
        if gone:
            self._files.change(iter(()), gone)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Replace the whole index; until it is done the old one answers."""
        newest = {entry.id: entry for entry in entries}
        self._files.replace(map(self._document, newest.values()))
        self._warn()

    def size(self) -> int:
        """Return how many entries the index has."""
        return self._files.read().columns.size

    def needs_rebuild(self) -> bool:
        """Return whether the index was lost, or made with other words that mean the same."""
        return self._files.needs_filling()

    def ready(self) -> bool:
        """Return whether a search would be answered."""
        try:
            return not self._files.is_lost()
        except SearchRestingError:
            return False

    def advice(self) -> str | None:
        """Return that the index has outgrown this engine, if it has."""
        return too_many(self.size())

    def search(self, query: Query) -> Results:
        """Answer a search."""
        try:
            return or_corrected(query, lambda asked: self._answer(self._state(), asked))
        except DAMAGED:
            self._files.begin_again(though_it_opens=True)
            return self._answer(self._state(), query)

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on with what has been typed so far, and what each would find."""
        begun = opening(prefix)
        if begun is None:
            return ()
        head, last = begun
        state = self._files.read()
        phrases = {
            phrase: state.columns.carriers(self._vocabulary.phrases[phrase])
            for phrase in self._vocabulary.phrases_begun(prefix)
        }
        endings = _endings(state.columns, last) if last else {}
        return suggestions(
            (head, phrases, endings), limit, lambda text: self._together(state, text)
        )

    def common_words(self, most: int) -> list[str]:
        """Return the words that most entries have, the commonest first."""
        return commonest(self._files.read().columns.words, most)

    def _state(self) -> State:
        state = self._files.read()
        if not state.columns.size and self._files.is_lost():
            raise SearchRestingError
        return state

    def _together(self, state: State, text: str) -> int:
        """Return how many entries have all the ideas of a text that occur at all."""
        ideas = self._ideas(state, text)
        if any(each.stands_in for each in ideas):
            return 0
        known = [bits for bits in (self._having(state, each) for each in ideas) if bits]
        return reduce(and_, known, state.columns.all).bit_count() if known else 0

    def _answer(self, state: State, query: Query) -> Results:
        columns = state.columns
        concepts = self._ideas(state, query.text)
        having = {concept: self._having(state, concept) for concept in concepts}
        ignored = [concept for concept in concepts if not having[concept]]
        known = [concept for concept in concepts if having[concept]]
        shown = columns.shown_in(query.council)
        matched = matching(shown, [(each, having[each]) for each in known], int.bit_count)
        base = 0 if concepts and not known else matched.answers
        own = columns.own(query.own_prices)
        tags = columns.tags(own)
        away: Mapping[int, int] = {}
        if query.near is not None:
            numbers = numbers_of(base)
            away = columns.distances(query.near, numbers)
            if query.within_metres is not None:
                near = columns.near_enough(numbers, away, query.within_metres)
                base &= near | tags.choose(base, query.coming)
        chosen = tags.choose(base, query.chosen)
        fits = [self._fit(state, concept) for concept in known]
        how_well = _how_well(chosen, fits, some_ideas=matched.some_ideas)
        unknown = unknown_words(ignored)
        meant = corrected(query.text, unknown, lambda _: columns.words, self._vocabulary)
        hits = page(columns, state.days, (chosen, how_well, away, own), query)
        return Results(
            ids=tuple(columns.hit(number, away) for number in hits),
            total=chosen.bit_count(),
            counts=tags.counts(base, query.chosen),
            did_you_mean=meant.text if meant else None,
            surely=meant is not None and meant.surely,
            ignored=unknown,
            widened=matched.widened,
        )

    def _ideas(self, state: State, text: str) -> tuple[Concept, ...]:
        return self._vocabulary.instead(
            self._vocabulary.concepts(text),
            lambda ideas: {each for each in ideas if not self._having(state, each)},
        )

    def _having(self, state: State, concept: Concept) -> int:
        """Return the entries that have an idea."""
        having = partial(self._having_token, state)
        parts = reduce(and_, map(having, concept.parts)) if concept.parts else 0
        return reduce(or_, map(having, concept.tokens), parts)

    def _having_token(self, state: State, token: str) -> int:
        with self._files.lock:
            known = state.having.get(token)
            if known is None:
                _make_room(state.having)
                numbers = _numbers(state.searcher, token)
                known = state.having[token] = bits_of(numbers, state.columns.all.bit_length())
            return known

    def _fit(self, state: State, concept: Concept) -> Mapping[int, float]:
        """Return how well the words of each entry that has an idea fit it."""
        with self._files.lock:
            known = state.fits.get(concept)
            if known is None:
                _make_room(state.fits)
                known = state.fits[concept] = _fit(state.searcher, concept)
            return known

    def _warn(self) -> None:
        advice = self.advice()
        if advice and not self._warned:
            _log.warning(advice)
            self._warned = True

    def _document(self, entry: Entry) -> Document:
        tokens = tokens_of(entry, self._vocabulary)
        said = chain.from_iterable(
            repeat(token, round(PLACES[place] * _TENTHS))
            for place, some in tokens.items()
            for token in some
        )
        everywhere = frozenset().union(*tokens.values())
        return Document(entry.id.hex, " ".join(said), row_of(entry, self._groups & everywhere))


def too_many(entries: int) -> str | None:
    """Return what to change where an index has more entries than this engine is made for."""
    if entries <= ENTRIES_MAX:
        return None
    return (
        f"The search index has {entries:,} entries. Whoosh is made for {ENTRIES_MAX:,} at most "
        "and will be slow: set MARKETPLACE_SEARCH to postgres, or to tantivy where one machine "
        "does everything."
    )


def _fit(searcher: Searcher, concept: Concept) -> Mapping[int, float]:
    if not searcher.doc_count_all():
        return {}
    fit: dict[int, float] = defaultdict(float)
    for token in concept.tokens:
        for number, score in _scores(searcher, token).items():
            fit[number] += score
    if concept.parts:
        parts = [_scores(searcher, part) for part in sorted(concept.parts)]
        for number in set.intersection(*map(set, parts)):
            fit[number] += APART * sum(scores[number] for scores in parts)
    if not fit:
        return fit
    weight = rarity(searcher.doc_count(), len(fit))
    return {number: score * weight for number, score in fit.items()}


def _numbers(searcher: Searcher, token: str) -> Iterable[int]:
    if not searcher.doc_count_all():
        return ()
    try:
        numbers: Iterable[int] = searcher.postings("tokens", token).all_ids()
    except TermNotFound:
        return ()
    return numbers


def _scores(searcher: Searcher, token: str) -> dict[int, float]:
    try:
        matcher = searcher.postings("tokens", token)
    except TermNotFound:
        return {}
    scores = {}
    while matcher.is_active():
        scores[matcher.id()] = matcher.weight()
        matcher.next()
    return scores


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _REMEMBERED:
        kept.clear()


def _how_well(bits: int, fits: Sequence[Mapping[int, float]], *, some_ideas: bool) -> Fits:
    if not fits:
        return Fits()
    if len(fits) == 1:
        return Fits(fits[0])
    numbers = numbers_of(bits)
    if not some_ideas:
        return Fits({number: sum(fit[number] for fit in fits) for number in numbers})
    return Fits(
        {number: sum(fit.get(number, 0.0) for fit in fits) for number in numbers},
        {number: sum(number in fit for fit in fits) for number in numbers},
    )


def _endings(columns: Columns, begun: str) -> Mapping[str, int]:
    """Return the words of the index that begin so, with their uses."""
    words = columns.sorted_words
    first = bisect_left(words, begun)
    ending = takewhile(lambda word: word.startswith(begun), islice(words, first, None))
    return {word: columns.words[word] for word in ending}
