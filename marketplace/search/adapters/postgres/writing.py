"""How entries and their words get into the tables, and out.

Writers lock nothing but the rows they write, always in the order of the ids, and the words they
count are added, not changed: so nobody waits who writes something else, and nobody waits in a
circle.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Connection, Integer, Text, cast, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from marketplace.search.adapters.postgres.tables import ENTRIES, WORDS, WRITTEN
from marketplace.search.rules import Entry, EntryKind, Facet, Vocabulary, facet_values, spellings

AT_ONCE = 500
_POSITION_MAX = 16_383
_GROUP = "~"
GONE: Mapping[str, Any] = {
    "gone": True,
    "kind": EntryKind.OFFER.value,
    "tags": [],
    "councils": [],
    "easting": None,
    "northing": None,
    "reach_metres": None,
    "price_pence": None,
    "rating_tenths": None,
    "rating_count": 0,
    "comes_last": False,
    "tokens": "",
    "spellings": [],
}
"""What is kept of an entry that was taken out."""


class _Old(NamedTuple):
    slot: int
    spellings: Sequence[str]


def tag(facet: Facet, value: str) -> str:
    """Return how one value of one facet is kept."""
    return f"{facet.value}={value}"


def is_word(said: str) -> bool:
    """Tell a word that somebody may have meant from the token of an idea, counted beside them."""
    return not said.startswith(_GROUP)


def lock(connection: Connection, ids: Iterable[UUID]) -> None:
    """Let no other transaction write these entries until this one has ended."""
    for some in _portions(sorted(set(ids))):
        _old(connection, some)


def write(
    connection: Connection,
    entries: Iterable[Entry],
    gone: Iterable[UUID],
    vocabulary: Vocabulary,
    *,
    unless_since: int | None = None,
) -> None:
    """Put entries in, each in place of an older one with its id, and take others out.

    With ``unless_since``, rows stay as they are that a transaction of that number or a later one
    has written: it knew better.
    """
    rows: dict[UUID, Mapping[str, Any]] = dict.fromkeys(gone, GONE)
    rows |= {entry.id: _row(entry, vocabulary) for entry in entries}
    uses: Counter[str] = Counter()
    for some in _portions(sorted(rows)):
        old = _old(connection, some)
        fresh = iter(_new_slots(connection, len(some) - len(old)))
        slots = {each: old[each].slot if each in old else next(fresh) for each in some}
        ready = [{**rows[each], "id": each, "slot": slots[each]} for each in some]
        for written in _upsert(connection, ready, unless_since):
            uses.update(rows[written]["spellings"])
            if written in old:
                uses.subtract(old[written].spellings)
    count_words(connection, uses)


def count_words(connection: Connection, uses: Mapping[str, int]) -> None:
    """Add to how often words are used, or take from it."""
    changed = sorted((word, more) for word, more in uses.items() if more)
    if not changed:
        return
    words = cast([word for word, _ in changed], ARRAY(Text))
    more = cast([count for _, count in changed], ARRAY(Integer))
    listed = func.unnest(words, more).table_valued("word", "uses").render_derived()
    connection.execute(
        insert(WORDS).from_select(["word", "uses"], select(listed.c.word, listed.c.uses))
    )


def _old(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, _Old]:
    """Return what is kept of some entries, and lock it."""
    row = ENTRIES.c
    kept = (
        select(row.id, row.slot, row.spellings)
        .where(row.id == func.any(cast(ids, ARRAY(row.id.type))))
        .order_by(row.id)
        .with_for_update()
    )
    return {each.id: _Old(each.slot, each.spellings) for each in connection.execute(kept)}


def _new_slots(connection: Connection, count: int) -> Collection[int]:
    """Return numbers for new entries. One in an old one's place keeps its own: no gap grows."""
    if not count:
        return ()
    numbered = select(func.nextval("search_entries_slot_seq")).select_from(
        func.generate_series(1, count)
    )
    return connection.scalars(numbered).all()


def _upsert(
    connection: Connection, rows: Sequence[Mapping[str, Any]], unless_since: int | None
) -> Collection[UUID]:
    adding = upsert(ENTRIES)
    changed = {name: adding.excluded[name] for name in GONE} | {"written": WRITTEN}
    older = None if unless_since is None else ENTRIES.c.written < unless_since
    done = adding.on_conflict_do_update(
        index_elements=[ENTRIES.c.id], set_=changed, where=older
    ).returning(ENTRIES.c.id)
    return connection.scalars(done, list(rows)).all()


def _portions(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    waiting = iter(ids)
    while some := list(islice(waiting, AT_ONCE)):
        yield some


def _row(entry: Entry, vocabulary: Vocabulary) -> dict[str, Any]:
    point = entry.point
    said = [vocabulary.tokens(text) for text in (entry.title, entry.by, entry.words, entry.also)]
    ideas = {token for tokens in said for token in tokens if not is_word(token)}
    return {
        "gone": False,
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
        "tokens": _vector(tuple(zip(said, "ABCD", strict=True))),
        "spellings": sorted(spellings(entry.said) | ideas),
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
