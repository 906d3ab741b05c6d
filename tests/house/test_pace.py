"""What runs on one engine in a hurry is alike on both."""

import re
from pathlib import Path

from marketplace.database import ROOT
from tests.pace import ROOMS_OF_BOTH, differs_by_engine, one_engine

NAMES_AN_ENGINE = re.compile(r"\bdialect|\bsqlite|\bpostgres|\bpsycopg", re.IGNORECASE)


def test_rooms_that_name_an_engine_keep_both() -> None:
    rooms = {
        path.relative_to(ROOT / "marketplace").parts[0]
        for path in (ROOT / "marketplace").glob("*/**/*.py")
        if NAMES_AN_ENGINE.search(path.read_text())
    }

    # The probes only name what they count.
    assert rooms - ROOMS_OF_BOTH == {"home"}


def test_what_is_done_at_once_keeps_both() -> None:
    assert differs_by_engine(Path("tests/orders/test_standing_races.py"))
    assert differs_by_engine(Path("tests/wallet/test_rules.py"))
    assert not differs_by_engine(Path("tests/orders/test_commands.py"))


def test_one_in_five_runs_on_the_engine_of_production() -> None:
    names = [f"tests/orders/test_views.py::test_{number}" for number in range(1000)]
    chosen = [tuple(one_engine(name)) for name in names]

    assert {*chosen} == {("sqlite",), ("postgres",)}
    assert 150 < chosen.count(("postgres",)) < 250
