"""What only an index in PostgreSQL has to prove."""

from collections import Counter
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.postgres.tables import METADATA, WORDS, add_trigrams
from marketplace.search.adapters.vocabulary import everyday_words
from tests import postgres
from tests.search.conftest import empty
from tests.search.market import ask, entry

pytestmark = pytest.mark.postgres


@pytest.fixture
def connection(index_database: Database) -> Iterator[Connection]:
    """Return a connection whose work is undone."""
    with index_database.connect() as connection:
        yield connection


def test_the_migration_makes_the_tables_of_the_engine(postgres_server: postgres.Server) -> None:
    database = create_engine(postgres_server.url_of("template"))
    with database.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: kind != "table" or name in METADATA.tables,
                "include_object": lambda _object, name, *_: name != "ix_search_words_trigrams",
            },
        )
        assert compare_metadata(context, METADATA) == []
        indexes = connection.scalars(text("SELECT indexname FROM pg_indexes")).all()
        assert "ix_search_words_trigrams" in indexes
    database.dispose()


def test_a_slip_in_the_first_letter_is_found_by_what_looks_alike(index_database: Database) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    finder.add([entry("Xylophone lessons")])

    assert ask(finder, "zylophone").did_you_mean == "xylophone"


def test_where_extensions_are_not_allowed_the_first_letter_has_to_do(
    index_database: Database,
) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    finder.add([entry("Xylophone lessons")])
    with index_database.begin() as connection:
        connection.execute(text("DROP EXTENSION pg_trgm CASCADE"))

    try:
        assert ask(finder, "xylofone").did_you_mean == "xylophone"
        assert ask(finder, "zylophone").did_you_mean is None
    finally:
        with index_database.begin() as connection:
            assert add_trigrams(connection)


def test_a_role_that_may_not_add_extensions_goes_on_without(connection: Connection) -> None:
    connection.execute(text("DROP EXTENSION pg_trgm CASCADE"))
    connection.execute(text("CREATE ROLE tenant"))
    connection.execute(text("REVOKE CREATE ON DATABASE finding FROM PUBLIC"))
    connection.execute(text("SET ROLE tenant"))

    assert not add_trigrams(connection)
    assert connection.scalar(text("SELECT 1")) == 1


def test_words_are_counted_down_to_nothing(index_database: Database) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    one, other = entry("Xylophones"), entry("Xylophones")
    finder.add([one, other])
    finder.add([one])

    assert _uses(finder, index_database) == {"xylophones": 2}

    finder.remove([one.id, other.id])

    assert _uses(finder, index_database) == {}


def _uses(finder: PostgresEngine, database: Database) -> dict[str, int]:
    """Return how often each word is used, which adding up does not change."""
    counted = []
    for _ in range(2):
        with database.connect() as connection:
            uses: Counter[str] = Counter()
            for word, more in connection.execute(WORDS.select()):
                uses[word] += more
        counted.append(+uses)
        finder.tidy()
    assert counted[0] == counted[1]
    return counted[0]
