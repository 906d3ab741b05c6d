"""The tables of the index in PostgreSQL, apart from all others: they can be filled again.

``written`` is the number of the transaction that wrote a row. A process that has seen all rows in
one snapshot asks in the next for those of transactions that were not over in the first: no lock,
no counter that writers would have to queue for. A row that is ``gone`` stays for a while, so that
others see it go.

``search_words`` is only ever added to, so that writers never wait for each other's words: of a word
that stands there several times, the uses are added up.
"""

from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError

METADATA = MetaData()

STAMP = UUID(int=0)
"""The row that says with which words the index was made. It stands among the entries, and the
empty word among the words, so that each is lost with the table that it speaks of."""

WRITTEN = text("(pg_current_xact_id()::text)::bigint")

ENTRIES = Table(
    "search_entries",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("slot", Integer, Identity(always=False), nullable=False),
    Column("written", BigInteger, nullable=False, server_default=WRITTEN),
    Column("gone", Boolean, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("councils", ARRAY(Text), nullable=False),
    Column("easting", Integer),
    Column("northing", Integer),
    Column("reach_metres", Integer),
    Column("price_pence", Integer),
    Column("rating_tenths", Integer),
    Column("rating_count", Integer, nullable=False),
    Column("comes_last", Boolean, nullable=False),
    Column("tokens", TSVECTOR, nullable=False),
    Column("spellings", ARRAY(Text), nullable=False),
    Index("ix_search_entries_slot", "slot", unique=True),
    Index("ix_search_entries_written", "written"),
    Index("ix_search_entries_tokens", "tokens", postgresql_using="gin"),
)

WORDS = Table(
    "search_words",
    METADATA,
    Column("word", Text, nullable=False),
    Column("uses", Integer, nullable=False),
    Index("ix_search_words_prefix", "word", postgresql_ops={"word": "text_pattern_ops"}),
)

_EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
_TRIGRAMS = (
    "CREATE INDEX IF NOT EXISTS ix_search_words_trigrams "
    "ON search_words USING gin (word gin_trgm_ops)"
)


def create_tables(connection: Connection) -> None:
    """Create the index's tables where they are missing, as the migration does."""
    METADATA.create_all(connection)
    add_trigrams(connection)


def add_trigrams(connection: Connection) -> bool:
    """Let the database find words that look alike; tell whether it is allowed to."""
    try:
        with connection.begin_nested():
            connection.execute(text(_EXTENSION))
            connection.execute(text(_TRIGRAMS))
    except DBAPIError:
        # A hosted database may not let us add extensions. Then first letters have to do.
        return False
    return True
