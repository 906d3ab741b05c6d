"""The worker keeps the embedded index: what is saved, lost, or too much is seen to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

import pytest
from flask import Flask

from marketplace.config import Settings, SettingsError
from marketplace.database import db, reading
from marketplace.kernel.clock import local_instant
from marketplace.outbox.queries import index_changes_waiting
from marketplace.search import tasks
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import engine_of
from marketplace.search.adapters.whoosh import engine
from marketplace.search.rules import Facet
from tests.conftest import NOON
from tests.factories import Make
from tests.search.market import ask

pytestmark = pytest.mark.sqlite_only

NIGHT = local_instant(NOON.date(), 3, 10)


@pytest.fixture
def kept(app: Flask) -> Iterator[Engine]:
    """Run the application as one with a worker of its own; return the worker's engine."""
    before: Settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, separate_worker=True)
    tasks._refreshed.clear()
    with app.app_context():
        yield engine_of(app.config["SETTINGS"], db.engine)
    app.config["SETTINGS"] = before


def offers(kept: Engine, words: str) -> int:
    return ask(kept, words).counts[Facet.KIND].get("offer", 0)


def work(at: datetime) -> int:
    """Do what the worker does about the index, and say how much it was."""
    return tasks.keep_index(at) + tasks.refresh_index(at)


def test_what_is_saved_is_found_when_the_worker_has_looked_once(kept: Engine, make: Make) -> None:
    make.offer(title="Xylophone lessons")
    work(NOON)
    make.offer(title="Zither lessons")
    began = monotonic()

    work(NOON)

    assert (offers(kept, "xylophone"), offers(kept, "zither")) == (1, 1)
    assert monotonic() - began < 10  # two seconds on a machine that does nothing else
    assert work(NOON) == 0


def test_an_index_that_was_lost_is_made_anew_by_the_worker(
    app: Flask, kept: Engine, make: Make
) -> None:
    make.offer(title="Xylophone lessons")
    work(NOON)
    for path in (app.config["SETTINGS"].var / "index").iterdir():
        path.unlink()
    assert not kept.ready()

    work(NOON)

    assert offers(kept, "xylophone") == 1
    with reading() as session:
        assert index_changes_waiting(session) == 0


def test_the_index_is_made_anew_once_a_night(
    kept: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.offer(title="Xylophone lessons")
    work(NOON)
    makings: list[Engine] = []
    make_anew = tasks._make_anew

    def counted(engine: Engine, at: datetime) -> int:
        makings.append(engine)
        return make_anew(engine, at)

    monkeypatch.setattr(tasks, "_make_anew", counted)

    for at in (NOON, NIGHT, NIGHT + timedelta(minutes=5), NIGHT + timedelta(days=1)):
        tasks.refresh_index(at)

    assert makings == [kept, kept]
    assert offers(kept, "xylophone") == 1


def test_without_a_worker_of_its_own_nothing_happens_at_night(app: Flask) -> None:
    with app.app_context():
        assert tasks.refresh_index(NIGHT) == 0


def test_the_check_tells_operators_that_the_engine_is_outgrown(
    app: Flask, kept: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.offer(title="Xylophone lessons")
    work(NOON)
    monkeypatch.setattr(engine, "ENTRIES_MAX", 0)

    result = app.test_cli_runner().invoke(args=["check"])

    assert result.exit_code == 0
    assert "set MARKETPLACE_SEARCH to postgres" in result.output


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="must be whoosh, postgres or tantivy"):
        Settings(search="lucene").check()


def test_an_engine_whose_package_is_missing_is_refused_when_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("marketplace.config.find_spec", lambda _name: None)

    with pytest.raises(SettingsError, match=r"pip install 'marketplace\[tantivy\]'"):
        Settings(search="tantivy").check()
