"""The migrations are numbered in one line, and make what the models say, on both databases."""

import importlib
import re
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKeyConstraint,
    Table,
    create_engine,
    inspect,
)
from sqlalchemy.schema import CreateTable, SchemaItem

from marketplace.kernel.model import Model
from tests import postgres
from tests.house.tree import MIGRATIONS, PACKAGE, ROOT, name_of

WITHOUT_MODEL = {"alembic_version", "search_entries", "search_words"}
"""Tables that no model describes: the migrations' own, and an index in the database's own words."""


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    server = None
    url = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'market.sqlite3'}"
    if request.param == "postgresql":
        if not postgres.available():
            pytest.skip("PostgreSQL is missing")
        server = postgres.start()
        url = server.url
    engine = create_engine(url)
    with engine.connect() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        yield connection
    engine.dispose()
    if server is not None:
        server.stop()


@pytest.fixture(scope="module", autouse=True)
def _all_models() -> None:
    for path in PACKAGE.glob("*/models*"):
        importlib.import_module(f"marketplace.{path.parent.name}.models")


def migrations() -> Config:
    """Return what alembic must know to find the migrations."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def test_migrations_are_numbered_in_one_line() -> None:
    script = ScriptDirectory.from_config(migrations())
    line = [(step.revision, step.down_revision) for step in script.walk_revisions()][::-1]
    numbers = [f"{number:04}" for number in range(1, len(MIGRATIONS) + 1)]

    assert line == list(zip(numbers, [None, *numbers], strict=False))
    assert [path.name[:5] for path in MIGRATIONS] == [f"{number}_" for number in numbers]


def test_migrations_know_no_code_that_will_change() -> None:
    modern = [name_of(p) for p in MIGRATIONS if re.search(r"\bmarketplace\b", p.read_text())]

    assert modern == []


def test_each_migration_can_be_undone_or_says_why_not() -> None:
    silent = [name_of(p) for p in MIGRATIONS if "def downgrade()" not in p.read_text()]

    assert silent == []


def test_migrations_make_the_tables_the_models_describe(migrated: Connection) -> None:
    context = MigrationContext.configure(migrated, opts={"include_object": _is_ours})
    differences = [
        difference
        for difference in compare_metadata(context, Model.metadata)
        if not _is_key_to_another_room(difference)
    ]

    assert differences == []


def test_migrations_check_what_the_models_check(migrated: Connection) -> None:
    made = {
        str(check["name"]): _values(str(check["sqltext"]))
        for table in inspect(migrated).get_table_names()
        if table in Model.metadata.tables
        for check in inspect(migrated).get_check_constraints(table)
    }
    described = {
        str(check.name): _values(_sql(check, migrated))
        for table in Model.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }

    assert made == described


def test_what_goes_up_comes_down(migrated: Connection) -> None:
    config = migrations()
    config.attributes["connection"] = migrated
    command.downgrade(config, "base")

    left = set(inspect(migrated).get_table_names()) - {"alembic_version"}
    command.upgrade(config, "head")
    migrated.commit()

    assert left == set()


def _is_ours(thing: SchemaItem, *_what_alembic_says_of_it: object) -> bool:
    table = thing if isinstance(thing, Table) else getattr(thing, "table", None)
    return table is None or table.name not in WITHOUT_MODEL


def _is_key_to_another_room(difference: object) -> bool:
    if not (isinstance(difference, tuple) and difference[0] == "remove_fk"):
        return False
    key: ForeignKeyConstraint = difference[1]
    assert key.parent is not None
    return _owner(str(key.parent.name)) != _owner(key.referred_table.name)


def _owner(table: str) -> str:
    for mapper in Model.registry.mappers:
        if isinstance(mapper.local_table, Table) and mapper.local_table.name == table:
            return mapper.class_.__module__.split(".")[1]
    return ""


def _sql(check: CheckConstraint, connection: Connection) -> str:
    assert isinstance(check.table, Table)
    written = str(CreateTable(check.table).compile(connection))
    return next(line for line in written.splitlines() if f"CONSTRAINT {check.name} " in line)


def _values(sql: str) -> frozenset[str]:
    """Return the words a check allows: what matters, and what both databases write alike."""
    return frozenset(re.findall(r"'([^']*)'", sql))
