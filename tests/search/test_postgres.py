"""What only an index in PostgreSQL has to prove."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from marketplace.places.rules import Point
from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.postgres.tables import ENTRIES, METADATA, WORDS, add_trigrams
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.rules import Sort
from tests import postgres
from tests.search.conftest import empty
from tests.search.market import TODAY, any_query, ask, entry, everything, market

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


def test_a_server_that_refuses_to_write_answers_too(index_database: Database) -> None:
    empty(index_database)
    address = index_database.url.update_query_dict(
        {"options": "-c default_transaction_read_only=on"}
    )
    replica = create_engine(address)
    finder = PostgresEngine(index_database, everyday_words(), replica)
    finder.rebuild([entry("Xylophone lessons")])

    assert ask(finder, "xylophone").total == 1
    assert ask(finder, "xylofone").did_you_mean == "xylophone"
    assert len(finder.suggest("xyl")) == 1
    replica.dispose()


def test_what_changes_bit_by_bit_is_found_and_counted_as_if_it_were_read_anew(
    index_database: Database,
) -> None:
    """One process looks after every write; another one reads everything at the end."""
    empty(index_database)
    random = Random(4)
    looks = PostgresEngine(index_database, everyday_words())
    writes = PostgresEngine(index_database, everyday_words())
    there = market(150, random)
    writes.rebuild(there)
    queries = [any_query(random) for _ in range(25)]
    for query in queries:
        looks.search(query)
    for step in range(12):
        fresh = market(5, random)
        again = [replace(one, id=random.choice(there).id) for one in market(3, random)]
        writes.add([*fresh, *again])
        writes.remove(one.id for one in random.sample(there, 3))
        there += fresh
        if step == 6:
            writes.rebuild(random.sample(there, 100))
        for query in random.sample(queries, 5):
            looks.search(query)

    reads = PostgresEngine(index_database, everyday_words())
    for query in queries:
        one, other = looks.search(query), reads.search(query)
        assert (one.total, one.counts) == (other.total, other.counts), query
        assert one.ids == other.ids, query
        assert everything(looks, query) == everything(reads, query)


def test_who_did_not_look_while_things_went_for_good_misses_nothing(
    index_database: Database,
) -> None:
    empty(index_database)
    looks = PostgresEngine(index_database, everyday_words())
    writes = PostgresEngine(index_database, everyday_words())
    goes, stays = entry("Choir"), entry("Choir")
    writes.rebuild([goes, stays])
    assert ask(looks, "choir").total == 2

    writes.remove([goes.id])
    for _ in range(2):
        writes.rebuild([stays])

    assert [hit.id for hit in ask(looks, "choir").ids] == [stays.id]
    assert ask(looks).total == 1
    with index_database.connect() as connection:
        assert len(connection.execute(ENTRIES.select()).all()) == 2, "the stamp stands beside it"


@pytest.mark.parametrize("within", [-1, 0, 10**9, 10**30])
def test_impossible_distances_do_no_harm(index_database: Database, within: int) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    finder.add([entry("Here", easting=430_000, northing=433_000), entry("On the telephone")])

    near = Point(430_000, 433_000)
    assert ask(finder, near=near, within_metres=within).total == 2
    assert ask(finder, near=Point(10**9, -(10**9)), sort=Sort.NEAREST).total == 2


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
        finder.tidy(TODAY)
    assert counted[0] == counted[1]
    return counted[0]
