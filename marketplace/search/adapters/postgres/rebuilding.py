"""Making the whole index anew while it answers and while others write.

Entries are put in a few hundred at a time, each portion in a transaction of its own: the old rows
answer until the new ones stand in their places, and a writer waits for one portion at most. A row
that somebody else has written since the rebuild began stays as it is: it is newer than what the
rebuild has read.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Text,
    cast,
    delete,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ProgrammingError

from marketplace.search.adapters.postgres import writing
from marketplace.search.adapters.postgres.reading import purged_tag
from marketplace.search.adapters.postgres.tables import (
    ENTRIES,
    STAMP,
    WORDS,
    WRITTEN,
    create_tables,
)
from marketplace.search.rules import Entry, Vocabulary

_RECIPE = "recipe="
_TURN = 7_211_354_011
"""The number of the lock that makes one rebuild, or one tidying of words, wait for another."""


def rebuild(database: Engine, entries: Iterable[Entry], vocabulary: Vocabulary) -> None:
    """Put all entries in, and take out what is not among them."""
    with database.begin() as connection:
        create_tables(connection)
    with _turn(database):
        with database.begin() as connection:
            began = _oldest_running(connection)
        waiting = iter(entries)
        while some := list(islice(waiting, writing.AT_ONCE)):
            with database.begin() as connection:
                writing.write(connection, some, (), vocabulary, unless_since=began)
        _take_out_the_rest(database, began, vocabulary)
        with database.begin() as connection:
            _clear_away(connection, began)
            connection.execute(text(_COUNT_WORDS))
            _stamp(connection, began, vocabulary)
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in (ENTRIES, WORDS):
            connection.execute(text(f"ANALYZE {table.name}"))
        connection.execute(text(_PUT_AWAY))


def is_whole(connection: Connection, vocabulary: Vocabulary) -> bool:
    """Tell whether the index was finished once, with these words, and nothing of it was lost.

    A restored copy may stand in a server whose transactions are numbered anew: it is not whole.
    """
    row = ENTRIES.c
    newest = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), Text), BigInteger)
    counted = select(WORDS.c.word).where(WORDS.c.word == "").exists()
    stamp = select(row.tags).where(row.id == STAMP, row.written < newest, counted)
    try:
        tags = connection.scalar(stamp)
    except ProgrammingError:  # a table is not there
        return False
    return tags is not None and f"{_RECIPE}{vocabulary.recipe}" in tags


def tidy_words(database: Engine) -> None:
    """Add up the uses of each word, so that it stands there once, and put new entries away."""
    with _turn(database), database.begin() as connection:
        connection.execute(text(_ADD_UP_WORDS))
        connection.execute(text(_PUT_AWAY))


@contextmanager
def _turn(database: Engine) -> Iterator[None]:
    """Wait until no other rebuild is under way, and keep others waiting."""
    turn = literal(_TURN, BigInteger)
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(turn)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(turn)))


def _oldest_running(connection: Connection) -> int:
    """Return a number: transactions before it are over, and all may be read that they wrote."""
    oldest = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return connection.scalars(select(cast(cast(oldest, Text), BigInteger))).one()


def _take_out_the_rest(database: Engine, began: int, vocabulary: Vocabulary) -> None:
    row = ENTRIES.c
    rest = select(row.id).where(row.written < began, ~row.gone).order_by(row.id)
    with database.connect() as connection:
        ids = iter(connection.scalars(rest).all())
    while some := list(islice(ids, writing.AT_ONCE)):
        with database.begin() as connection:
            writing.write(connection, (), some, vocabulary, unless_since=began)


def _clear_away(connection: Connection, began: int) -> None:
    """Delete what has been gone for so long that hardly anyone has not seen it go."""
    row = ENTRIES.c
    old = select(row.id).where(row.gone, row.written < began, row.id != STAMP)
    connection.execute(delete(ENTRIES).where(row.id.in_(old.with_for_update(skip_locked=True))))


def _stamp(connection: Connection, began: int, vocabulary: Vocabulary) -> None:
    said = {
        **writing.GONE,
        "id": STAMP,
        "slot": 0,
        "tags": [f"{_RECIPE}{vocabulary.recipe}", purged_tag(began)],
    }
    stamping = insert(ENTRIES).values(said)
    connection.execute(
        stamping.on_conflict_do_update(
            index_elements=[ENTRIES.c.id],
            set_={"tags": stamping.excluded.tags, "written": WRITTEN},
        )
    )


# One statement, so that both halves see the same: what somebody writes meanwhile is in neither.
_COUNT_WORDS = """
WITH old AS (DELETE FROM search_words)
INSERT INTO search_words (word, uses)
SELECT word, count(*) FROM search_entries, unnest(spellings) AS word GROUP BY word
UNION ALL SELECT '', 0
"""
# What was written lately waits in a list that every search reads through, until it is put away.
_PUT_AWAY = "SELECT gin_clean_pending_list('ix_search_entries_tokens')"
_ADD_UP_WORDS = """
WITH old AS (DELETE FROM search_words RETURNING word, uses)
INSERT INTO search_words (word, uses)
SELECT word, sum(uses) FROM old GROUP BY word HAVING sum(uses) <> 0 OR word = ''
"""
