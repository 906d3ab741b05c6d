"""On PostgreSQL what is saved can be found at once, and what is undone cannot."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.access.rules import Actor
from marketplace.catalogue.commands import set_offer_state
from marketplace.catalogue.rules import OfferState
from marketplace.config import Settings, SettingsError
from marketplace.database import db, reading, transaction
from marketplace.outbox.queries import index_changes_waiting
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import engine_of, open_engine
from marketplace.search.commands import catch_up, rebuild
from marketplace.search.queries import entries
from marketplace.search.rules import Entry, Facet
from tests.conftest import NOON
from tests.factories import Make
from tests.search.market import ask

pytestmark = pytest.mark.postgres

_OTHER_PROCESS = """
import sys
from datetime import date
from pathlib import Path
from sqlalchemy import create_engine
from marketplace.search.adapters.choose import open_engine
from marketplace.search.rules import Query
finder = open_engine("postgres", folder=Path(), database=create_engine(sys.argv[1]))
for line in sys.stdin:
    print(finder.search(Query(text=line.strip(), on=date(2026, 3, 4))).total, flush=True)
"""


@pytest.fixture
def finder(app: Flask) -> Engine:
    """Return the engine as the application has it, its index made."""
    with app.app_context():
        engine = engine_of(app.config["SETTINGS"], db.engine)
        with transaction() as session:
            rebuild(session, engine, at=NOON)
        return engine


@pytest.fixture
def owner(app: Flask, make: Make, finder: Engine) -> Actor:
    """Return somebody with a store."""
    with app.app_context():
        return make.provider(name="Brook Care", title="Xylophone lessons")


def end(offer_id: UUID, owner: Actor, *, fail: bool = False) -> None:
    """Take an offer off the market."""
    with transaction() as session:
        set_offer_state(session, offer_id=offer_id, state=OfferState.ENDED, by=owner, at=NOON)
        if fail:
            raise RuntimeError


def test_a_new_store_and_its_offer_are_found_by_the_next_search(
    finder: Engine, owner: Actor
) -> None:
    results = ask(finder, "xylophone")

    assert results.counts[Facet.KIND] == {"offer": 1, "provider": 1}
    with reading() as session:
        assert index_changes_waiting(session) == 0


def test_another_process_finds_what_was_saved_and_misses_what_ended(
    app: Flask, make: Make, finder: Engine, owner: Actor, database_url: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROCESS, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        asking, answering = other.stdin, other.stdout
        assert asking is not None
        assert answering is not None

        def found() -> int:
            print("zither", file=asking, flush=True)
            return int(answering.readline())

        assert found() == 0
        with app.app_context():
            offer_id = make.offer(provider=owner, title="Zither evenings")
            assert found() == 2
            end(offer_id, owner)
            assert found() == 0


def test_what_was_undone_is_not_found(app: Flask, finder: Engine, make: Make, owner: Actor) -> None:
    with app.app_context():
        offer_id = make.offer(provider=owner, title="Zither evenings")
        with pytest.raises(RuntimeError):
            end(offer_id, owner, fail=True)

    assert ask(finder, "zither").counts[Facet.KIND]["offer"] == 1


def test_where_the_index_cannot_be_written_the_listing_is_saved_and_the_change_waits(
    app: Flask, finder: Engine, make: Make, owner: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE search_words RENAME TO search_words_away"))
        try:
            make.offer(provider=owner, title="Zither evenings")
        finally:
            with db.engine.begin() as connection:
                connection.execute(text("ALTER TABLE search_words_away RENAME TO search_words"))
        assert "could not be written" in caplog.text
        with transaction() as session:
            assert catch_up(session, finder, at=NOON) == 2

    assert ask(finder, "zither").total == 2


def test_two_who_change_one_store_at_once_are_both_in_the_index(
    app: Flask, finder: Engine, make: Make, owner: Actor
) -> None:
    with app.app_context():
        offers = [make.offer(provider=owner, title=f"Zither {number}") for number in range(6)]

    def all_end(mine: list[UUID]) -> None:
        with app.app_context():
            for offer_id in mine:
                end(offer_id, owner)

    threads = [threading.Thread(target=all_end, args=(offers[part::2],)) for part in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ask(finder, "zither").total == 0
    with reading() as session:
        assert index_changes_waiting(session) == 0


def test_writers_of_different_stores_do_not_wait_for_each_other(
    app: Flask, finder: Engine, make: Make, owner: Actor, database_url: str
) -> None:
    with app.app_context():
        one = make.offer(provider=owner, title="Zither evenings")
        other_owner = make.provider(title="Zither mornings")
        other = make.offer(provider=other_owner, title="Zither nights")
        engine = open_engine("postgres", folder=app.config["SETTINGS"].var, database=db.engine)
        with db.engine.begin() as connection:
            engine.write(connection, (), [one])  # type: ignore[attr-defined]  # and holds it
            with db.engine.connect() as second, second.begin():
                second.execute(text("SET LOCAL lock_timeout = '500ms'"))
                engine.write(second, (), [other])  # type: ignore[attr-defined]

    assert ask(finder, "zither").counts[Facet.KIND]["offer"] == 1


def test_what_is_written_during_a_rebuild_stays(
    app: Flask, finder: Engine, make: Make, owner: Actor
) -> None:
    """The rebuild has read the old state of both; one is ended and one is made meanwhile."""
    with app.app_context():
        ends = make.offer(provider=owner, title="Zither evenings")

        def read_too_early() -> Iterator[Entry]:
            from_before = _entries_now()
            end(ends, owner)
            make.offer(provider=owner, title="Yodelling")
            yield from from_before

        finder.rebuild(read_too_early())

    assert ask(finder, "zither").counts[Facet.KIND] == {}
    assert ask(finder, "yodelling").counts[Facet.KIND]["offer"] == 1
    assert not finder.needs_rebuild()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(search_replica_url="postgresql://replica"),
        Settings(search="postgres", database_url="postgresql://a", search_replica_url="sqlite://"),
    ],
)
def test_only_postgresql_has_replicas(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="MARKETPLACE_SEARCH_REPLICA_URL"):
        settings.check()


def test_an_empty_market_has_a_whole_index(finder: Engine) -> None:
    assert finder.size() == 0
    assert not finder.needs_rebuild()


@pytest.mark.parametrize("table", ["search_entries", "search_words"])
def test_an_emptied_table_is_noticed_and_filled_again(
    app: Flask, finder: Engine, owner: Actor, table: str
) -> None:
    with app.app_context():
        assert ask(finder, "xylophone").total == 2
        with db.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {table}"))

        assert finder.needs_rebuild()
        with transaction() as session:
            catch_up(session, finder, at=NOON + timedelta(hours=1))

        assert ask(finder, "xylophone").total == 2
        assert [one.text for one in finder.suggest("xylo")] == ["xylophone"]
        assert not finder.needs_rebuild()


def _entries_now() -> list[Entry]:
    with reading(of_one_instant=True) as session:
        return list(entries(session, changed=None, at=NOON))
