"""The engines, each empty, and a small market to search in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine

from marketplace.search.adapters import Engine
from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.postgres.tables import METADATA, create_tables
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine
from marketplace.search.rules import Vocabulary
from tests import postgres

OpenFinder = Callable[[Vocabulary], Engine]


@pytest.fixture(scope="session")
def index_database() -> Iterator[Database]:
    """Return a database with the tables of the index and nothing else."""
    if not postgres.available():
        pytest.skip("PostgreSQL is not installed")
    server = postgres.start()
    database = create_engine(server.create_database("finding"))
    with database.begin() as connection:
        create_tables(connection)
    yield database
    database.dispose()
    server.stop()


ENGINES = ["whoosh", "tantivy", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def open_finder(request: pytest.FixtureRequest, tmp_path: Path) -> OpenFinder:
    """Return how to open the test's index once more, as another process would."""
    if request.param == "whoosh":
        return lambda vocabulary: WhooshEngine(tmp_path / "index", vocabulary)
    if request.param == "tantivy":
        found = pytest.importorskip(
            "marketplace.search.adapters.tantivy",
            reason="NOT TESTED: the optional package tantivy is not installed",
            exc_type=ImportError,
        )
        return lambda vocabulary: found.TantivyEngine(tmp_path / "index", vocabulary)
    database = request.getfixturevalue("index_database")
    empty(database)
    return lambda vocabulary: PostgresEngine(database, vocabulary)


@pytest.fixture
def finder(open_finder: OpenFinder) -> Engine:
    """Return an engine with an empty index."""
    return open_finder(everyday_words())


def empty(database: Database) -> None:
    """Take everything out of the index's tables."""
    with database.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.delete())
