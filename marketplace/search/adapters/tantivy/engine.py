"""Answers searches from the index on disk and the columns in memory."""

from collections.abc import Iterable, Mapping, Sequence
from math import isqrt
from pathlib import Path
from uuid import UUID

import numpy as np

from marketplace.places.rules import Point
from marketplace.search.adapters.tantivy import reading
from marketplace.search.adapters.tantivy.choosing import Tags, near_enough, own_prices, squared
from marketplace.search.adapters.tantivy.columns import (
    NOTHING,
    Bits,
    Columns,
    Numbers,
    count,
    numbers_of,
)
from marketplace.search.adapters.tantivy.files import (
    BROKEN,
    Document,
    Files,
    State,
    no_panic,
    schema,
)
from marketplace.search.adapters.tantivy.ordering import Fits, lots, page
from marketplace.search.adapters.tantivy.reading import Fit
from marketplace.search.adapters.tantivy.rows import packed
from marketplace.search.errors import SearchRestingError
from marketplace.search.rules import (
    Concept,
    Entry,
    Hit,
    Query,
    Results,
    Suggestion,
    Vocabulary,
    spellings,
)
from marketplace.search.rules.matching import matching
from marketplace.search.rules.ranking import tokens_of
from marketplace.search.rules.spelling import (
    commonest,
    corrected,
    opening,
    or_corrected,
    suggestions,
    unknown_words,
)

_REMEMBERED = 500
"""Ideas whose entries are remembered until somebody writes."""


class TantivyEngine:
    """Answers from an index in a folder."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        """Look at the index, which need not be there."""
        self._vocabulary = vocabulary
        self._groups = frozenset(vocabulary.phrases.values())
        self._fields = schema()
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
            self._files.change((), gone)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Replace the whole index; until it is done the old one answers."""
        newest = {entry.id: entry for entry in entries}
        self._files.replace(map(self._document, newest.values()))

    def size(self) -> int:
        """Return how many entries the index has."""
        state = self._files.read()
        return count(state.columns.alive) if state else 0

    def needs_rebuild(self) -> bool:
        """Return whether the index was lost, or made with other words that mean the same."""
        return self._files.needs_filling()

    def ready(self) -> bool:
        """Return whether a search would be answered."""
        try:
            self._state()
        except SearchRestingError:
            return False
        return True

    def advice(self) -> str | None:
        """Return nothing: this engine is made for more entries than there are."""
        return None

    def search(self, query: Query) -> Results:
        """Answer a search."""
        state = self._state()
        try:
            with no_panic():
                return or_corrected(query, lambda asked: self._answer(state, asked))
        except BROKEN:
            self._files.distrust()
            raise SearchRestingError from None

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on with what has been typed so far, and what each would find."""
        begun = opening(prefix)
        state = self._files.read()
        if begun is None or state is None:
            return ()
        try:
            with no_panic():
                return self._go_on(state, prefix, begun, limit)
        except BROKEN:
            self._files.distrust()
            return ()

    def common_words(self, most: int) -> list[str]:
        """Return the words that most entries have, the commonest first."""
        state = self._files.read()
        return commonest(reading.words(state.searcher, ""), most) if state else []

    def _go_on(
        self, state: State, prefix: str, begun: tuple[str, str], limit: int
    ) -> tuple[Suggestion, ...]:
        head, last = begun
        phrases = {
            phrase: state.columns.carriers(self._vocabulary.phrases[phrase])
            for phrase in self._vocabulary.phrases_begun(prefix)
        }
        endings = reading.words(state.searcher, last) if last else {}
        return suggestions(
            (head, phrases, endings), limit, lambda text: self._together(state, text)
        )

    def _state(self) -> State:
        state = self._files.read()
        if state is None or (not count(state.columns.alive) and self._files.needs_filling()):
            raise SearchRestingError
        return state

    def _answer(self, state: State, query: Query) -> Results:
        columns = state.columns
        concepts = self._ideas(state, query.text)
        fits = {concept: self._fit(state, concept) for concept in concepts}
        ignored = [concept for concept in concepts if not len(fits[concept].numbers)]
        known = [fits[concept] for concept in concepts if len(fits[concept].numbers)]
        having = [(each, fits[each].bits) for each in concepts if len(fits[each].numbers)]
        shown = columns.shown_in(query.council)
        matched = matching(shown, having, count)
        base = columns.none() if concepts and not known else matched.answers
        own = own_prices(columns, query.own_prices)
        tags = state.tags.seen_by(own)
        base = _near(columns, tags, base, query)
        chosen = tags.choose(base, query.chosen)
        unknown = unknown_words(ignored)
        meant = corrected(
            query.text, unknown, lambda _: reading.words(state.searcher, ""), self._vocabulary
        )
        return Results(
            ids=_hits(state, chosen, known, own, query, some_ideas=matched.some_ideas),
            total=count(chosen),
            counts=tags.counts(base, query.chosen),
            did_you_mean=meant.text if meant else None,
            surely=meant is not None and meant.surely,
            ignored=unknown,
            widened=matched.widened,
        )

    def _together(self, state: State, text: str) -> int:
        """Return how many entries have all the ideas of a text that occur at all."""
        ideas = self._ideas(state, text)
        if any(each.stands_in for each in ideas):
            return 0
        known = [each for each in ideas if self._having(state, each)]
        return self._having(state, *known) if known else 0

    def _ideas(self, state: State, text: str) -> tuple[Concept, ...]:
        return self._vocabulary.instead(
            self._vocabulary.concepts(text),
            lambda ideas: {each for each in ideas if not self._having(state, each)},
        )

    def _having(self, state: State, *ideas: Concept) -> int:
        known = state.having.get(ideas)
        if known is None:
            if len(state.having) >= _REMEMBERED:
                state.having.clear()
            known = reading.having(state.searcher, self._fields, ideas)
            state.having[ideas] = known
        return known

    def _fit(self, state: State, concept: Concept) -> Fit:
        known = state.fits.get(concept)
        if known is None:
            if len(state.fits) >= _REMEMBERED:
                state.fits.clear()
            known = reading.fit(state.searcher, self._fields, concept, state.columns)
            state.fits[concept] = known
        return known

    def _document(self, entry: Entry) -> Document:
        tokens = tokens_of(entry, self._vocabulary)
        return Document(
            id=entry.id.hex,
            tokens=tokens,
            words=" ".join(spellings(entry.said)),
            row=packed(entry, self._groups & frozenset().union(*tokens.values())),
        )


def _near(columns: Columns, tags: Tags, base: Bits, query: Query) -> Bits:
    if query.near is None or query.within_metres is None:
        return base
    numbers = numbers_of(base)
    away = squared(columns, query.near, numbers)
    near = near_enough(columns, numbers, away, query.within_metres)
    return near | tags.choose(base, query.coming)


def _hits(
    state: State,
    chosen: Bits,
    known: Sequence[Fit],
    own: Mapping[int, int],
    query: Query,
    *,
    some_ideas: bool,
) -> tuple[Hit, ...]:
    columns = state.columns
    numbers = numbers_of(chosen)
    away = squared(columns, query.near, numbers) if query.near else None
    drawn = state.lots.get(query.on)
    if drawn is None:
        state.lots.clear()
        drawn = state.lots[query.on] = lots(columns.seeds, query.on)
    fits = _how_well(columns, numbers, known, some_ideas=some_ideas)
    shown = page(columns, (numbers, fits, away, own), drawn, query)
    return tuple(_hit(columns, number, query.near) for number in shown)


def _how_well(
    columns: Columns, numbers: Numbers, known: Sequence[Fit], *, some_ideas: bool
) -> Fits:
    if not known:
        return Fits()
    scores = np.zeros(columns.size)
    for fit in known:
        scores[fit.numbers] += fit.scores
    if not some_ideas:
        return Fits(scores[numbers])
    ideas = np.zeros(columns.size, dtype=np.int64)
    for fit in known:
        ideas[fit.numbers] += 1
    return Fits(scores[numbers], ideas[numbers])


def _hit(columns: Columns, number: int, near: Point | None) -> Hit:
    away = None
    east, north = (int(columns.values[name][number]) for name in ("east", "north"))
    if near is not None and NOTHING not in {east, north}:
        away = isqrt((east - near.easting) ** 2 + (north - near.northing) ** 2)
    return Hit(UUID(bytes=columns.ids[number]), columns.kind(number), away)
