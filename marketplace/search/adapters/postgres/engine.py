"""Answers searches from tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, exists, func, inspect, select

from marketplace.places.rules import Point, distance
from marketplace.search.adapters.postgres import conditions, spelling, writing
from marketplace.search.adapters.postgres.tables import ENTRIES
from marketplace.search.rules import (
    Concept,
    Counts,
    Entry,
    EntryKind,
    Facet,
    Hit,
    Query,
    Results,
    Suggestion,
    Vocabulary,
)
from marketplace.search.rules.spelling import unknown_words


class PostgresEngine:
    """Answers from two tables of a PostgreSQL database, each time in a connection of its own."""

    def __init__(self, database: Engine, vocabulary: Vocabulary) -> None:
        """Use a database whose migrations have run."""
        self._database = database.execution_options(isolation_level="REPEATABLE READ")
        self._writers = database
        self._vocabulary = vocabulary

    def add(self, entries: Iterable[Entry]) -> None:
        """Put entries into the index, each in place of an older one with its id."""
        newest = {entry.id: entry for entry in entries}
        with self._writers.begin() as connection:
            writing.lock(connection)
            writing.take_out(connection, newest)
            writing.put(connection, newest.values(), self._vocabulary)

    def remove(self, ids: Iterable[UUID]) -> None:
        """Take entries out."""
        with self._writers.begin() as connection:
            writing.lock(connection)
            writing.take_out(connection, ids)

    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Replace the whole index; until it is done the old one answers."""
        newest = {entry.id: entry for entry in entries}
        with self._writers.begin() as connection:
            writing.lock(connection)
            writing.clear(connection)
            writing.put(connection, newest.values(), self._vocabulary)

    def size(self) -> int:
        """Return how many entries the index has."""
        with self._database.connect() as connection:
            return _count(connection)

    def needs_rebuild(self) -> bool:
        """Return whether the index is empty, or made with other words that mean the same."""
        with self._database.connect() as connection:
            if not inspect(connection).has_table(ENTRIES.name):
                return True
            other = ENTRIES.c.recipe != self._vocabulary.recipe
            return _any(connection, other) or not _any(connection)

    def search(self, query: Query) -> Results:
        """Answer a search."""
        concepts = self._vocabulary.concepts(query.text)
        with self._database.connect() as connection:
            known = _known(connection, concepts)
            ignored = [concept for concept in concepts if concept not in known]
            shown = conditions.shown_in(query.council)
            all_of = conditions.has_all(known)
            widened = bool(known) and not _any(connection, shown, all_of)
            words = conditions.has_any(known) if widened else all_of
            base = (shown, words, conditions.near_enough(query))
            nothing = bool(concepts) and not known
            found = () if nothing else _page(connection, query, known, base)
            total = 0 if nothing else _count(connection, *base, conditions.chosen(query.chosen))
            return Results(
                ids=found,
                total=total,
                counts=_counts(connection, query, base, nothing=nothing),
                did_you_mean=spelling.corrected(
                    connection, query.text, unknown_words(ignored), self._vocabulary
                ),
                ignored=unknown_words(ignored),
                widened=widened and _any(connection, shown, words),
            )

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on with what has been typed so far, and what each would find."""
        with self._database.connect() as connection:

            def count(text: str) -> int:
                known = _known(connection, self._vocabulary.concepts(text))
                return _count(connection, conditions.has_all(known)) if known else 0

            return spelling.suggested(connection, prefix, limit, self._vocabulary, count)


def _known(connection: Connection, concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """Return the ideas that any entry has, asked all at once."""
    if not concepts:
        return ()
    asked = select(*(exists().where(conditions.has(concept)) for concept in concepts))
    found = connection.execute(asked).one()
    return tuple(concept for concept, there in zip(concepts, found, strict=True) if there)


def _page(
    connection: Connection,
    query: Query,
    known: Sequence[Concept],
    base: Sequence[ColumnElement[bool]],
) -> tuple[Hit, ...]:
    row = ENTRIES.c
    wanted = (
        select(row.id, row.kind, row.easting, row.northing)
        .where(*base, conditions.chosen(query.chosen))
        .order_by(*conditions.order(query, known))
        .limit(query.limit)
        .offset(query.offset)
    )
    return tuple(
        Hit(entry_id, EntryKind(kind), _away(query.near, easting, northing))
        for entry_id, kind, easting, northing in connection.execute(wanted)
    )


def _away(near: Point | None, easting: int | None, northing: int | None) -> int | None:
    if near is None or easting is None or northing is None:
        return None
    return distance(near, Point(easting, northing))


def _counts(
    connection: Connection, query: Query, base: Sequence[ColumnElement[bool]], *, nothing: bool
) -> Counts:
    """Return each facet's counts with all other facets' choices applied."""
    counted: dict[Facet, dict[str, int]] = {
        facet: dict.fromkeys(query.chosen.get(facet, ()), 0) for facet in Facet
    }
    if nothing:
        return counted
    for but in (None, *query.chosen):
        tagged = _tagged(connection, *base, conditions.chosen(query.chosen, but=but))
        for facet, values in tagged.items():
            if facet is but or (but is None and facet not in query.chosen):
                counted[facet] |= values
    return counted


def _tagged(
    connection: Connection, *where: ColumnElement[bool]
) -> Mapping[Facet, Mapping[str, int]]:
    tags = select(func.unnest(ENTRIES.c.tags).label("tag")).where(*where).subquery()
    tagged: dict[Facet, dict[str, int]] = defaultdict(dict)
    for tag, count in connection.execute(select(tags.c.tag, func.count()).group_by(tags.c.tag)):
        facet, _, value = tag.partition("=")
        tagged[Facet(facet)][value] = count
    return tagged


def _count(connection: Connection, *where: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.count()).select_from(ENTRIES).where(*where)).one()


def _any(connection: Connection, *where: ColumnElement[bool]) -> bool:
    return bool(connection.scalar(select(exists(select(ENTRIES.c.id).where(*where)))))
