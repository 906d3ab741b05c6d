"""One application a process; a migrated, empty database for each test, on both engines."""

import gc
import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from marketplace.access.commands import begin_sign_in, wear_hat
from marketplace.access.guards import ticket
from marketplace.access.rules import TRIES_WINDOW, Actor
from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.database import db, migrate, transaction
from marketplace.kernel import clock
from tests import postgres
from tests.browser import Browser
from tests.factories import Make
from tests.pace import ENGINES, IN_CI, PAGES, differs_by_engine, in_ci_or_hurry, one_engine

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday in winter: London's clocks show the same."""
GARBAGE = 5_000
"""How many more things there may be before rubbish is looked for: pages read are much of it."""


class SignInAs:
    """Opens browsers for people without going through the sign-in page each time."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, actor: Actor) -> Browser:
        """Return a browser in which ``actor`` is signed in, wearing their hat."""
        at = clock.now()
        with self._app.app_context(), transaction() as session:
            sign_in_id, secret = begin_sign_in(session, user_id=actor.user_id, device="Test", at=at)
            hat_id = actor.organisation_id or actor.buys_for
            wear_hat(
                session, sign_in_id=sign_in_id, role=actor.role, hat_id=hat_id, by=actor, at=at
            )
        client = self._app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = ticket(sign_in_id, secret)
            cookie["_fresh"] = True
        return Browser(client)


settings.register_profile(
    "house",
    max_examples=in_ci_or_hurry(50, 15),
    deadline=None,
    # The second: a test of mutants runs a test many times in one process.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
settings.load_profile("house")
gc.disable()  # until the tests are collected: what is read of them is no rubbish


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a hurried developer test on one engine."""
    parser.addoption("--engine", choices=("both", "sqlite", "postgres"), default="both")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for rubbish from then on, but not in what is there to the end: application and tests."""
    done = yield
    gc.freeze()
    gc.callbacks.append(_look_no_more_at_what_stays)
    gc.set_threshold(GARBAGE, 20, 20)
    gc.enable()
    return done


def _look_no_more_at_what_stays(phase: str, info: dict[str, int]) -> None:
    # Statements, templates and modules that came since.
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches the database on both engines, unless in a hurry on one."""
    if "engine" in metafunc.fixturenames:
        marks = {"postgres": [pytest.mark.postgres]}
        params = [pytest.param(name, marks=marks.get(name, ())) for name in _engines(metafunc)]
        metafunc.parametrize("engine", params, scope="session")


def _engines(metafunc: pytest.Metafunc) -> list[str]:
    wanted = metafunc.config.getoption("--engine")
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    if "sqlite_only" in marks:
        return ["sqlite"]
    engines: Sequence[str] = ENGINES
    if "postgres" in marks:
        engines = ("postgres",)
    elif wanted == "both" and "both_engines" not in marks and not IN_CI:
        is_page = not PAGES.isdisjoint(metafunc.fixturenames)
        path = metafunc.definition.path.relative_to(metafunc.config.rootpath)
        alike = "one_engine" in marks or is_page or not differs_by_engine(path)
        engines = one_engine(metafunc.definition.nodeid) if alike else ENGINES
    return [name for name in engines if wanted in {"both", name}]


@pytest.fixture(scope="session")
def base_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application, built once; each test connects it to its own database."""
    app = create_app(
        Settings(
            var=tmp_path_factory.mktemp("var"),
            secret_key="only-for-tests",
            cheap_passwords=True,
            market_name="Threadwell",
            # Tests ask from one address; the limit's own tests set one.
            api_calls_a_minute=0,
        )
    )
    app.testing = True
    gc.freeze()
    return app


@pytest.fixture(scope="session")
def sqlite_template(base_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, for copying."""
    path = tmp_path_factory.mktemp("template") / "market.sqlite3"
    with base_app.app_context():
        connect(f"sqlite:///{path}")
        migrate()
        # The last connection to close moves everything out of the write-ahead log.
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server(base_app: Flask) -> Iterator[postgres.Server]:
    """Start a PostgreSQL server with a migrated database, ``template``, and a copy for tests."""
    if not postgres.available():
        pytest.skip("PostgreSQL is not installed")
    server = postgres.start()
    server.create_database("template")
    with base_app.app_context():
        db.connect(server.url_of("template"))
        migrate()
        db.engine.dispose()
    url = server.create_database("shared", template="template")
    yield server
    _disconnect(url)
    server.stop()


def _empty_file(template: Path) -> Path:
    # One path for all tests: their one engine keeps the statements that it has compiled, and its
    # connections stay open while tests undo all that they write.
    path = template.with_name("test.sqlite3")
    log = path.with_name(f"{path.name}-wal")
    if _looks.get(path) == _look(path) and _look(log)[1] == 0:
        return path
    _disconnect(f"sqlite:///{path}")
    for old in (path, log, path.with_name(f"{path.name}-shm")):
        old.unlink(missing_ok=True)
    shutil.copyfile(template, path)
    _looks[path] = _look(path)
    return path


_looks: dict[Path, tuple[int, int, int]] = {}
"""How files looked when they were made."""


def _look(path: Path) -> tuple[int, int, int]:
    if not path.exists():
        return 0, 0, 0
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


_connections: dict[str, dict[str, object]] = {}
"""Of each database that tests use, its engine and sessions, by address."""


def _connect(url: str) -> None:
    if url in _connections:
        vars(db).update(_connections[url])
        return
    connect(url)
    _connections[url] = dict(vars(db))


def connect(url: str) -> None:
    """Connect to a database which is lost with the machine: what is written waits for no disk."""
    db.connect(url)
    if url.startswith("sqlite"):
        for engine in (db.engine, db.readers):
            event.listen(engine, "connect", _wait_for_no_disk)


def _disconnect(url: str) -> None:
    engine = _connections.get(url, {}).get("engine")
    if isinstance(engine, Engine):
        engine.dispose()


def _wait_for_no_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a migrated, empty database: a new file, or PostgreSQL's one of many."""
    if engine == "sqlite":
        yield f"sqlite:///{_empty_file(request.getfixturevalue('sqlite_template'))}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    url = server.url_of("shared")
    yield url
    if "session" not in request.fixturenames and server.empty("shared"):
        _disconnect(url)  # somebody was still writing, and was thrown out


@pytest.fixture
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new folder. To look for a free name among thousands, for each test, takes long."""
    folder = tmp_path_factory.getbasetemp() / f"of-test-{next(_numbers)}"
    folder.mkdir()
    return folder


_numbers = count()


@pytest.fixture
def app(base_app: Flask, database_url: str, engine: str, var: Path) -> Flask:
    """Return the application, connected to the test's own database."""
    base_app.config["SETTINGS"] = replace(
        base_app.config["SETTINGS"],
        var=var,
        database_url=database_url,
        search="postgres" if engine == "postgres" else "whoosh",
    )
    _connect(database_url)
    return base_app


class _UndoneError(Exception):
    """Ends a test's transaction without keeping anything of it."""


@pytest.fixture
def session(app: Flask, engine: str) -> Iterator[Session]:
    """Open the test's one transaction. It is undone at the end, after all that a commit checks."""
    with suppress(_UndoneError), app.app_context(), transaction() as session:
        yield session
        session.flush()
        if engine == "postgres":
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        raise _UndoneError


@pytest.fixture
def make(app: Flask, request: pytest.FixtureRequest) -> Make:
    """Return the maker of people, shops and money; it shares the test's session if there is one."""
    if "session" in request.fixturenames:
        session: Session = request.getfixturevalue("session")
        return Make(lambda: nullcontext(session))

    def block() -> AbstractContextManager[Session]:
        return transaction()

    return Make(block)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that is signed out."""
    return app.test_client()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    """Return a strict browser that is signed out."""
    return Browser(client)


@pytest.fixture
def sign_in(app: Flask) -> SignInAs:
    """Return what opens a strict browser in which somebody is signed in, in the hat they wear."""
    return SignInAs(app)


@pytest.fixture
def one_window() -> Iterator[None]:
    """Begin early in one of the windows in which tries are counted, so that it does not end.

    The day stays today, and time goes on.
    """
    now = clock.now()
    past = timedelta(seconds=now.timestamp() % TRIES_WINDOW.total_seconds())
    with time_machine.travel(now - past + timedelta(minutes=1)):
        yield
