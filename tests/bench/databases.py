"""The two engines, as durable as in production, and one application to use them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, insert, select, text

from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.database import db, migrate
from marketplace.kernel.model import Model
from tests import postgres

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A migrated, empty database, and the folder for what stands beside it."""

    engine: str
    url: str
    var: Path

    @property
    def is_postgres(self) -> bool:
        """Tell which of the two engines it is."""
        return self.engine == "postgres"


def beside(place: Place, name: str) -> Place:
    """Return another empty database on the same engine."""
    if not place.is_postgres:
        return replace(place, url=place.url.replace("market.sqlite3", f"{name}.sqlite3"))
    before, _, rest = place.url.partition("?")
    server, _, _ = before.rpartition("/")
    with create_engine(place.url, isolation_level="AUTOCOMMIT").connect() as connection:
        known = select(text("1")).select_from(text("pg_database")).where(text("datname = :name"))
        if connection.scalar(known, {"name": name}) is None:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    return replace(place, url=f"{server}/{name}?{rest}")


def make_app(var: Path) -> Flask:
    """Make the one application of the bench."""
    app = create_app(Settings(var=var, cheap_passwords=True))
    app.testing = True
    return app


def places(name: str, server: postgres.Server | None, var: Path) -> list[Place]:
    """Return an empty database on each engine there is."""
    folder = var / name
    folder.mkdir()
    found = [Place("sqlite", f"sqlite:///{folder / 'market.sqlite3'}", folder)]
    if server is not None:
        (folder / "postgres").mkdir()
        found.append(Place("postgres", server.create_database(name), folder / "postgres"))
    return found


@contextmanager
def using(app: Flask, place: Place) -> Iterator[None]:
    """Let the application work on a database."""
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"],
        var=place.var,
        database_url=place.url,
        search="postgres" if place.is_postgres else "whoosh",
    )
    db.connect(place.url)
    with app.app_context():
        migrate()
        try:
            yield
        finally:
            db.engine.dispose()


def analyse() -> None:
    """Let the database look at its tables, and forget what it planned while they were empty."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    db.engine.dispose()


def copy(source: Place) -> None:
    """Fill the database in use with all rows of another one."""
    rows_of = create_engine(source.url)
    with rows_of.connect() as there, db.engine.begin() as here:
        if here.dialect.name == "postgresql":
            # The rows fit together already; the order in which they come does not have to.
            here.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Model.metadata.sorted_tables:
            if table.name in {"search_entries", "search_words"}:
                continue
            for rows in there.execute(select(table)).mappings().partitions(CHUNK):
                here.execute(insert(table), [dict(row) for row in rows])
    rows_of.dispose()
