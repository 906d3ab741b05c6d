"""What may import what holds; and each contract is broken on purpose, to see it caught."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT

ROOMS = "Rooms stand in one order and imports go down"
INSIDE = "Inside a room there is one set of names and one order"
NO_WEB = "What a room does knows neither the web nor where transactions end"
PURE = "Rules, errors and money do not know the database"
MODELS = "A room's models are imported by itself alone"
DOORS = "From another room come commands, queries, rules and errors, nothing else"


@dataclass(frozen=True)
class Break:
    """One deliberate wrong: a line added to a file, and the contract that must catch it."""

    what: str
    file: str
    line: str
    contract: str


BREAKS = (
    Break(
        "a lower room imports a higher one",
        "audit/queries.py",
        "from marketplace.access import queries as _wrong",
        ROOMS,
    ),
    Break(
        "two rooms of one row know each other",
        "audit/commands.py",
        "from marketplace.outbox import queries as _wrong",
        ROOMS,
    ),
    Break(
        "the kernel knows a feature",
        "kernel/money.py",
        "from marketplace.places import rules as _wrong",
        ROOMS,
    ),
    Break("a room has no place in the order", "helpers/__init__.py", '"""Wrong."""', ROOMS),
    Break("a file has a name of its own", "access/utils.py", '"""Wrong."""', INSIDE),
    Break(
        "a query calls a command",
        "access/queries.py",
        "from marketplace.access import commands as _wrong",
        INSIDE,
    ),
    Break("a command knows the web", "audit/commands.py", "import flask as _wrong", NO_WEB),
    Break(
        "a query opens its own transaction",
        "councils/queries.py",
        "from marketplace.database import transaction as _wrong",
        NO_WEB,
    ),
    Break(
        "a model knows the web by a detour",
        "access/models.py",
        "from marketplace.access import guards as _wrong",
        NO_WEB,
    ),
    Break("a rule knows the database", "places/rules/grid.py", "import sqlalchemy as _wrong", PURE),
    Break(
        "money knows the database by a detour",
        "kernel/money.py",
        "from marketplace.kernel import model as _wrong",
        PURE,
    ),
    Break(
        "a room reads another's tables",
        "councils/queries.py",
        "from marketplace.access.models import Person as _wrong",
        MODELS,
    ),
    Break(
        "the settings read a room's tables",
        "config.py",
        "from marketplace.audit import models as _wrong",
        MODELS,
    ),
    Break(
        "a room comes in by another's window",
        "councils/commands.py",
        "from marketplace.audit import cli as _wrong",
        DOORS,
    ),
    Break(
        "a room uses another's adapter",
        "councils/commands.py",
        "from marketplace.access.adapters import passwords as _wrong",
        DOORS,
    ),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "marketplace",
        copy / "marketplace",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "tests" / "house").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "house" / "room_contract.py", copy / "tests" / "house")
    return copy


@pytest.fixture
def broken(request: pytest.FixtureRequest, house: Path) -> Iterator[Break]:
    wrong: Break = request.param
    file = house / "marketplace" / wrong.file
    was = file.read_text() if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{was or ''}\n{wrong.line}\n")
    yield wrong
    if was is not None:
        file.write_text(was)
    elif file.name == "__init__.py":
        shutil.rmtree(file.parent)
    else:
        file.unlink()


def test_every_import_goes_where_it_may() -> None:
    code, said = lint_imports(ROOT)

    assert code == 0, said


@pytest.mark.parametrize("broken", BREAKS, ids=[wrong.what for wrong in BREAKS], indirect=True)
def test_a_break_is_caught(house: Path, broken: Break) -> None:
    code, said = lint_imports(house)

    assert code == 1, said
    assert f"{broken.contract} BROKEN" in said


def lint_imports(folder: Path) -> tuple[int, str]:
    """Run the linter in a folder; return its exit code and what it said, each line unwrapped."""
    told = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        check=False,
        text=True,
    )
    return told.returncode, re.sub(r"\x1b\[[0-9;]*m", "", told.stdout + told.stderr)
