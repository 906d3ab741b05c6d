"""The PostgreSQL of the tests starts quickly, copies databases and leaves nothing behind."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from tests import postgres

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres.available(), reason="PostgreSQL is missing"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    running = postgres.start()
    yield running
    running.stop()


def ask(server: postgres.Server, database: str, statement: str) -> str:
    """Return the first value that a statement gives."""
    address = f"host={server.folder} user=postgres dbname={database}"
    with psycopg.connect(address) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return str(row[0])


def test_starts_soon_and_leaves_nothing_behind() -> None:
    began = time.monotonic()
    running = postgres.start()
    took = time.monotonic() - began

    running.stop()
    running.stop()

    assert took < 15
    assert not running.folder.exists()


def test_a_database_can_be_copied_and_dropped(server: postgres.Server) -> None:
    server.create_database("first")
    with psycopg.connect(f"host={server.folder} user=postgres dbname=first") as connection:
        connection.execute("CREATE TABLE things (name text)")

    url = server.create_database("second", template="first")

    assert url.endswith(f"/second?host={server.folder}")
    assert ask(server, "second", "SELECT count(*) FROM things") == "0"
    server.drop_database("second")
    databases = ask(server, "postgres", "SELECT string_agg(datname, ' ') FROM pg_database")
    assert "second" not in databases


def test_has_what_search_needs(server: postgres.Server) -> None:
    wanted = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')"

    assert ask(server, "postgres", wanted) == "2"


def test_a_durable_one_waits_for_the_disk_and_outlives_a_power_cut() -> None:
    server = postgres.start(durable=True)
    try:
        assert ask(server, "postgres", "SHOW fsync") == "on"
        server.create_database("kept")

        server.kill()
        server.run(postgres.DURABLE)

        assert ask(server, "kept", "SELECT 1") == "1"
    finally:
        server.stop()
