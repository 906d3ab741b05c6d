"""Answers searches from tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial, reduce
from itertools import chain, repeat
from math import isqrt
from operator import and_
from threading import Lock
from uuid import UUID

from psycopg import ProgrammingError as DriverError
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import ProgrammingError

from marketplace.kernel.ready import Asked, Row
from marketplace.places.rules import Point
from marketplace.search.adapters.postgres import learning, rebuilding, spelling, writing
from marketplace.search.adapters.postgres.choosing import (
    FAR_AWAY,
    near_enough,
    own_prices,
    squared_at,
)
from marketplace.search.adapters.postgres.columns import Columns
from marketplace.search.adapters.postgres.days import Day, day_of
from marketplace.search.adapters.postgres.ordering import Found, page
from marketplace.search.adapters.postgres.reading import BEGINNING, State, newest, newest_at_once
from marketplace.search.adapters.postgres.tables import ENTRIES
from marketplace.search.adapters.postgres.words import Fit, Words, alone
from marketplace.search.adapters.tags import Tags
from marketplace.search.errors import SearchRestingError
from marketplace.search.rules import (
    Concept,
    Entry,
    Hit,
    Query,
    Results,
    Suggestion,
    Vocabulary,
)
from marketplace.search.rules.matching import matching
from marketplace.search.rules.ranking import rarity
from marketplace.search.rules.spelling import (
    Corrected,
    corrected,
    or_corrected,
    unknown_words,
)

Having = Callable[[Iterable[Concept]], Mapping[Concept, int] | None]
"""Tells which entries have each of some ideas; nothing if it does not know."""


class PostgresEngine:
    """Answers from two tables of a PostgreSQL database, each time in a connection of its own.

    ``readers`` may be another server that follows the first one.
    """

    def __init__(
        self, database: Engine, vocabulary: Vocabulary, readers: Engine | None = None
    ) -> None:
        """Use a database whose migrations have run."""
        self._database = database
        self._at_once = (readers or database).execution_options(isolation_level="AUTOCOMMIT")
        self._readers = (readers or database).execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._vocabulary = vocabulary
        self._words = Words(vocabulary)
        self._state = BEGINNING
        self._today: Day | None = None
        self._tidied: date | None = None
        self._lock = Lock()

    def add(self, entries: Iterable[Entry]) -> None:
        """Put entries into the index, each in place of an older one with its id."""
        with self._database.begin() as connection:
            self.write(connection, entries, ())

    def remove(self, ids: Iterable[UUID]) -> None:
        """Take entries out."""
        with self._database.begin() as connection:
            self.write(connection, (), ids)

    def write(self, connection: Connection, entries: Iterable[Entry], gone: Iterable[UUID]) -> None:
        """Put entries in and take others out, in somebody else's transaction."""
        writing.write(connection, entries, gone, self._vocabulary)

    def lock(self, connection: Connection, ids: Iterable[UUID]) -> None:
        """Let nobody else write these entries until a transaction has ended."""
        writing.lock(connection, ids)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Replace the whole index; until it is done the old one answers."""
        rebuilding.rebuild(self._database, entries, self._vocabulary)

    def tidy(self, on: date) -> None:
        """Add up what writers have noted of words; once a day is enough."""
        if self._tidied != on:
            rebuilding.tidy_words(self._database)
            self._tidied = on

    def size(self) -> int:
        """Return how many entries the index has."""
        there = select(func.count()).select_from(ENTRIES).where(~ENTRIES.c.gone)
        with self._database.connect() as connection:
            return connection.scalars(there).one()

    def needs_rebuild(self) -> bool:
        """Return whether the index was lost, or made with other words that mean the same."""
        with self._database.connect() as connection:
            return not rebuilding.is_whole(connection, self._vocabulary)

    def ready(self) -> bool:
        """Return whether a search would be answered: the index was not lost, or is back."""
        try:
            with self._looking() as (_, state):
                return not _is_lost(state)
        except SearchRestingError:
            return False

    def advice(self) -> str | None:
        """Return nothing: this engine grows with its database."""
        return None

    def search(self, query: Query) -> Results:
        """Answer a search."""
        return or_corrected(query, self._found)

    def _found(self, query: Query) -> Results:
        asked = self._vocabulary.concepts(query.text)
        state, _ = self._glance()
        known = self._words.understood(state, asked)
        if known is not None and not _is_lost(state):
            return self._answer(query, state, list(known), known, None)
        with self._looking() as (connection, state):
            if _is_lost(state):
                raise SearchRestingError

            def nowhere_of(ideas: Iterable[Concept]) -> set[Concept]:
                found = self._words.fits(connection, state, ideas, scored=True)
                return {each for each, fit in found.items() if not fit.bits}

            concepts = self._vocabulary.instead(asked, nowhere_of)
            fits = self._words.fits(connection, state, concepts, scored=True)
            unknown = unknown_words([each for each in concepts if not fits[each].bits])
            alike = partial(spelling.alike, connection)
            meant = corrected(query.text, unknown, alike, self._vocabulary)
        return self._answer(query, state, concepts, fits, meant)

    def _answer(
        self,
        query: Query,
        state: State,
        concepts: Sequence[Concept],
        fits: Mapping[Concept, Fit],
        meant: Corrected | None,
    ) -> Results:
        columns = state.columns
        known = [fits[each] for each in concepts if fits[each].bits]
        having = [(each, fits[each].bits) for each in concepts if fits[each].bits]
        matched = matching(columns.shown_in(query.council), having, int.bit_count)
        base = 0 if concepts and not known else matched.answers
        own = own_prices(columns, query.own_prices)
        tags = Tags(columns.tagged).seen_by(own, columns.width)
        base = near_enough(columns, base, query) | tags.choose(base, query.coming)
        chosen = tags.choose(base, query.chosen)
        found = Found(columns, chosen, own, _scores(columns, known))
        return Results(
            ids=_hits(columns, page(found, self._day(query.on, state), query), query.near),
            total=chosen.bit_count(),
            counts=tags.counts(base, query.chosen),
            did_you_mean=meant.text if meant else None,
            surely=meant is not None and meant.surely,
            ignored=unknown_words([each for each in concepts if not fits[each].bits]),
            widened=matched.widened,
        )

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on with what has been typed so far, and what each would find."""
        begun = spelling.begun(prefix, self._vocabulary)
        if begun is None:
            return ()
        state, (found,) = self._glance(begun.asked)

        def count(texts: Sequence[str]) -> Mapping[str, int]:
            known = self._together(
                state, texts, lambda ideas: self._words.having_known(state, ideas)
            )
            return self._asked_together(texts) if known is None else known

        return begun.suggested(found, limit, count)

    def common_words(self, most: int) -> list[str]:
        """Return the words that most entries have, the commonest first."""
        with self._looking() as (connection, _):
            return spelling.commonest(connection, most)

    def learn(self, texts: Iterable[str]) -> None:
        """Ask for what many entries have, and for the ideas of some texts, all at once."""
        asked = [each for text in texts for each in self._vocabulary.concepts(text)]
        ideas = dict.fromkeys([*asked, *self._vocabulary.substitutes(asked)])
        single = [each for each in ideas if not each.parts]
        with self._looking() as (connection, state):
            width = state.columns.width
            self._words.learn(state, learning.scored(connection, single, width))
            tokens = learning.common_tokens(connection, width)
            self._words.learn(state, {alone(token): fit for token, fit in tokens.items()})

    def _asked_together(self, texts: Sequence[str]) -> Mapping[str, int]:
        with self._looking() as (connection, state):
            counted = self._together(
                state, texts, lambda ideas: self._words.having(connection, state, ideas)
            )
            return counted or {}

    def _together(
        self, state: State, texts: Sequence[str], having_of: Having
    ) -> Mapping[str, int] | None:
        """Return how many entries have all the ideas of each text that occur at all.

        Returns nothing where ``having_of`` does not know.
        """
        ideas = {text: self._vocabulary.concepts(text) for text in texts}
        everything = dict.fromkeys(chain.from_iterable(ideas.values()))
        # What may stand in for an idea is asked for with the ideas themselves: at once.
        having = having_of([*everything, *self._vocabulary.substitutes(everything)])
        if having is None:
            return None

        def nowhere_of(some: Iterable[Concept]) -> set[Concept]:
            return {each for each in some if not having[each]}

        ideas = {text: self._vocabulary.instead(each, nowhere_of) for text, each in ideas.items()}
        apart = {each for some in ideas.values() for each in some if each not in having}
        more = having_of([each for each in apart if not each.stands_in]) if apart else {}
        if more is None:
            return None
        together = {**having, **more}
        return {
            text: 0
            if any(each.stands_in for each in concepts)
            else _in_all(state.columns, [together[each] for each in concepts])
            for text, concepts in ideas.items()
        }

    def _day(self, on: date, state: State) -> Day:
        day = self._today = day_of(on, state, self._today)
        return day

    def _glance(self, *beside: Asked) -> tuple[State, list[list[Row]]]:
        """Return the state of the columns as it is now, and the rows of what is asked beside it."""
        try:
            with self._at_once.connect() as connection, self._lock:
                self._state, rows = newest_at_once(connection, self._state, *beside)
                return self._state, rows
        except (ProgrammingError, DriverError) as lost:
            raise SearchRestingError from lost

    @contextmanager
    def _looking(self) -> Iterator[tuple[Connection, State]]:
        """Give a connection, and the state of the columns that it sees."""
        try:
            with self._readers.connect() as connection:
                with self._lock:
                    # The snapshot is taken in here, so it is never older than the state.
                    state = self._state = newest(connection, self._state)
                yield connection, state
        except ProgrammingError as lost:
            raise SearchRestingError from lost


def _is_lost(state: State) -> bool:
    return state.stamp is None and not state.columns.everything


def _in_all(columns: Columns, having: Sequence[int]) -> int:
    known = [bits for bits in having if bits]
    return reduce(and_, known, columns.everything).bit_count() if known else 0


def _scores(columns: Columns, known: Sequence[Fit]) -> Sequence[tuple[bytes, float]]:
    """Return how well each idea fits; a rare idea weighs more."""
    everything = columns.everything.bit_count()
    return [(fit.scores, rarity(everything, fit.bits.bit_count())) for fit in known if fit.scores]


def _hits(columns: Columns, slots: Sequence[int], near: Point | None) -> tuple[Hit, ...]:
    squared = squared_at(columns, near, slots) if near else repeat(FAR_AWAY, len(slots))
    return tuple(
        Hit(
            columns.id_of(slot),
            columns.kind_of(slot),
            None if square >= FAR_AWAY else isqrt(square),
        )
        for slot, square in zip(slots, squared, strict=True)
    )
