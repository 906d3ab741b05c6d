"""How entries and their words get into the tables, and out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Connection, Integer, Text, cast, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from marketplace.search.adapters.postgres.conditions import tag
from marketplace.search.adapters.postgres.tables import ENTRIES, WORDS
from marketplace.search.rules import Entry, Vocabulary, facet_values, spellings

_AT_ONCE = 1_000
_POSITION_MAX = 16_383


def lock(connection: Connection) -> None:
    """Let writers take turns, and readers go on reading."""
    connection.execute(text("LOCK TABLE search_words IN SHARE ROW EXCLUSIVE MODE"))


def put(connection: Connection, entries: Iterable[Entry], vocabulary: Vocabulary) -> None:
    """Write entries that are not there yet, and count their words."""
    waiting = iter(entries)
    uses: Counter[str] = Counter()
    while rows := [_row(entry, vocabulary) for entry in islice(waiting, _AT_ONCE)]:
        connection.execute(insert(ENTRIES), rows)
        for row in rows:
            uses.update(row["spellings"])
    _count(connection, uses)


def take_out(connection: Connection, ids: Iterable[UUID]) -> None:
    """Take entries out, and no longer count their words."""
    waiting = iter(ids)
    uses: Counter[str] = Counter()
    while some := list(islice(waiting, _AT_ONCE)):
        gone = delete(ENTRIES).where(ENTRIES.c.id.in_(some)).returning(ENTRIES.c.spellings)
        for said in connection.scalars(gone):
            uses.subtract(said)
    _count(connection, uses)
    connection.execute(delete(WORDS).where(WORDS.c.uses <= 0))


def clear(connection: Connection) -> None:
    """Take everything out; readers see it until the writer has ended."""
    connection.execute(delete(ENTRIES))
    connection.execute(delete(WORDS))


def _count(connection: Connection, uses: Mapping[str, int]) -> None:
    changed = sorted(uses.items())
    if not changed:
        return
    words = cast([word for word, _ in changed], ARRAY(Text))
    more = cast([count for _, count in changed], ARRAY(Integer))
    listed = func.unnest(words, more).table_valued("word", "uses").render_derived()
    adding = upsert(WORDS).from_select(["word", "uses"], select(listed.c.word, listed.c.uses))
    connection.execute(
        adding.on_conflict_do_update(
            index_elements=[WORDS.c.word], set_={"uses": WORDS.c.uses + adding.excluded.uses}
        )
    )


def _row(entry: Entry, vocabulary: Vocabulary) -> dict[str, Any]:
    point = entry.point
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "tags": [
            tag(facet, value)
            for facet, values in facet_values(entry).items()
            for value in sorted(values)
        ],
        "councils": sorted(entry.councils),
        "easting": point.easting if point else None,
        "northing": point.northing if point else None,
        "reach_metres": entry.reach_metres,
        "price_pence": 0 if entry.free else entry.price_pence,
        "rating_tenths": entry.rating_tenths,
        "rating_count": entry.rating_count,
        "comes_last": entry.comes_last,
        "tokens": _vector(
            (
                (vocabulary.tokens(entry.title), "A"),
                (vocabulary.tokens(entry.by), "B"),
                (vocabulary.tokens(entry.words), "C"),
            )
        ),
        "spellings": sorted(spellings(f"{entry.title} {entry.by} {entry.words}")),
        "recipe": vocabulary.recipe,
    }


def _vector(weighted: Sequence[tuple[Sequence[str], str]]) -> str:
    """Return tokens as PostgreSQL writes a vector, each with its places and their weight."""
    places: dict[str, list[str]] = {}
    position = 0
    for tokens, weight in weighted:
        for token in tokens:
            position = min(position + 1, _POSITION_MAX)
            places.setdefault(token, []).append(f"{position}{weight}")
    return " ".join(f"'{token}':{','.join(where)}" for token, where in places.items())
