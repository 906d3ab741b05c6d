"""Every address, as everybody, on what is theirs and on what is not; nothing leaks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from marketplace.database import db, transaction
from marketplace.search.tasks import keep_index
from tests.conftest import connect
from tests.factories import Make
from tests.house.access.mixed import MIXED, Mixed
from tests.house.access.prying import SIGNED_OUT, Prying
from tests.house.access.routes import routes
from tests.house.access.world import World

TABLE = routes()


@pytest.fixture(scope="module")
def prying(
    base_app: Flask, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prying]:
    """Return the one world in which everything is tried."""
    folder = tmp_path_factory.mktemp("access")
    path = folder / "market.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    settings = base_app.config["SETTINGS"]
    base_app.config["SETTINGS"] = replace(
        settings, var=folder, database_url=f"sqlite:///{path}", search="whoosh"
    )
    connect(f"sqlite:///{path}")
    with base_app.app_context():
        world = World(Make(transaction))
        keep_index(world.at)
    prying = Prying(base_app, world, path)
    yield prying
    prying.close()
    db.engine.dispose()
    base_app.config["SETTINGS"] = settings


@pytest.fixture
def moment(prying: Prying) -> Iterator[None]:
    """Let no time go by, however busy the machine is: who is seen again later is noted again."""
    with time_machine.travel(prying.began, tick=False):
        yield


def test_every_address_stands_in_the_table(base_app: Flask) -> None:
    there = {rule.endpoint for rule in base_app.url_map.iter_rules()}

    assert sorted(there - TABLE.keys()) == [], (
        "These addresses are not in tests/house/access/routes.py. Add a line for each: its "
        "guard, the kind of thing its address names (made in filling.py, once for each side), "
        "and for whom it is there. If its form sends ids or needs words, add them to typed.py."
    )
    assert sorted(TABLE.keys() - there) == [], "These addresses are gone: take out their lines."


def test_every_guard_is_the_one_of_the_table(base_app: Flask) -> None:
    guards = {
        name: str(getattr(view, "guard", "public"))
        for name, view in base_app.view_functions.items()
    }
    wrong = {
        name: (guard, TABLE[name].guard)
        for name, guard in guards.items()
        if name in TABLE and guard != TABLE[name].guard
    }

    assert wrong == {}


@pytest.mark.usefixtures("moment")
@pytest.mark.parametrize("endpoint", sorted(TABLE))
def test_an_address_opens_for_those_it_is_for_alone(prying: Prying, endpoint: str) -> None:
    faults = [fault for one in prying.picked(TABLE[endpoint]) for fault in prying.faults(one)]

    assert faults == []


@pytest.mark.usefixtures("moment")
def test_no_form_is_taken_without_its_token(prying: Prying) -> None:
    posts = [
        one
        for route in TABLE.values()
        for one in prying.tries(route)
        if one.method == "POST" and one.own and one.visitor.name in {SIGNED_OUT, "person"}
    ]

    assert [fault for one in posts for fault in prying.faults(one, with_token=False)] == []


@pytest.mark.usefixtures("moment")
@pytest.mark.parametrize("mixed", MIXED, ids=str)
def test_an_id_of_the_other_side_opens_and_changes_nothing(prying: Prying, mixed: Mixed) -> None:
    assert prying.faults_of_mixed(mixed) == []
