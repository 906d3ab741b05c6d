"""The tables of the index in PostgreSQL, apart from all others: they can be filled again."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Connection,
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

ENTRIES = Table(
    "search_entries",
    METADATA,
    Column("id", Uuid, primary_key=True),
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
    Column("recipe", String(16), nullable=False),
    Index("ix_search_entries_tokens", "tokens", postgresql_using="gin"),
    Index("ix_search_entries_tags", "tags", postgresql_using="gin"),
    Index("ix_search_entries_place", "easting", "northing"),
    Index("ix_search_entries_recipe", "recipe"),
)

WORDS = Table(
    "search_words",
    METADATA,
    Column("word", String(30), primary_key=True),
    Column("uses", Integer, nullable=False),
    Index("ix_search_words_prefix", "word", postgresql_ops={"word": "varchar_pattern_ops"}),
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
