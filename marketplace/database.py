"""Where a transaction begins and where it ends: here, and nowhere else.

Entry points (views, CLI commands, jobs) open exactly one block. Commands and queries are handed
the session and can neither commit nor roll back.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from marketplace.kernel.ready import Ahead
from marketplace.kernel.turns import Turns, begin_writing

ROOT = Path(__file__).parent.parent

LOCK_WAIT_SECONDS = 15.0
BUSY_MILLISECONDS = 5_000
"""How long SQLite itself may wait for what it does after a transaction has begun."""
CACHE_KILOBYTES = 16 * 1024
"""Of each connection to SQLite, if it needs as much: what a batch of instalments changes."""
POOL_SIZE = 8
_TURNS = "turns"
PING_AFTER_SECONDS = 5.0
"""A connection that was used a moment ago is not asked whether it is still there."""


class Database:
    """The engines and the session factories of one application."""

    engine: Engine
    readers: Engine
    """Other connections to the same database, on which it refuses to write.

    Reading blocks undo what they began, so the pool does not do it once more.
    """
    _writing: sessionmaker[Session]

    def connect(self, url: str) -> None:
        """Connect to the application's database."""
        lite = url.startswith("sqlite")
        options: dict[str, int] = {} if lite else {"pool_size": POOL_SIZE}
        self.engine = create_engine(url, **options)
        if lite:
            self.readers = create_engine(url, pool_reset_on_return=None)
            event.listen(self.engine, "begin", _begin_sqlite)
            event.listen(self.engine, "checkin", _end_turn)
            event.listen(self.engine, "close", _leave_turns)
            event.listen(self.readers, "begin", _begin_reading_sqlite)
        else:
            # Each statement sees what was committed before it, in a transaction or not. Without
            # one, a page does not ask the server to begin and to end nothing.
            self.readers = create_engine(
                url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options
            )
        for engine in (self.engine, self.readers):
            if lite:
                event.listen(engine, "connect", _prepare_sqlite)
            else:
                event.listen(engine, "checkin", _note_use)
                event.listen(engine, "checkout", _ask_if_idle)
        event.listen(self.readers, "connect", _only_read_sqlite if lite else _only_read_postgresql)
        event.listen(self.engine, "engine_disposed", partial(_dispose, self.readers))
        self._writing = sessionmaker(self.engine, expire_on_commit=False)

    def writer(self) -> Session:
        """Make a session that may write."""
        return self._writing()


db = Database()

_open_block: ContextVar[str | None] = ContextVar("open_block", default=None)


class _Reader:
    """What a reading block is given: a session, which begins when more than columns are asked for.

    Ready statements want the connection alone; to make a session for them costs as much as they do.
    """

    def __init__(self, connection: Connection, ahead: Ahead) -> None:
        self._connection = connection
        self._session: Session | None = None
        self.ahead = ahead

    def connection(self) -> Connection:
        """Return the connection."""
        return self._connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a session has
        if self._session is None:
            self._session = Session(self._connection, expire_on_commit=False)
        return getattr(self._session, name)

    def check(self) -> None:
        """Complain if the block did more than read."""
        if self._session is not None:
            session = self._session
            changed = [*session.new, *session.dirty, *session.deleted]
            assert not changed, f"a reading block wrote {changed}"

    def end(self) -> None:
        """Undo whatever was begun."""
        if self._session is not None:
            # To close the session is to roll it back: to say so as well costs as much once more.
            self._session.close()
        if self._connection.in_transaction():
            self._connection.rollback()


class _Visit:
    """One request, all of whose reading blocks use one connection."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self.ahead: Ahead = {}
        """What was asked before the page that needs it was reached."""

    def connection(self) -> Connection:
        """Return the connection, opened when it is first needed."""
        if self._connection is None:
            self._connection = db.readers.connect()
        return self._connection

    def rest(self) -> None:
        """Give the connection back; the next reading block opens another one, and asks anew."""
        connection, self._connection = self._connection, None
        self.ahead.clear()
        if connection is not None:
            connection.close()


_visit: ContextVar[_Visit | None] = ContextVar("visit", default=None)


def begin_visit() -> None:
    """Let all reading blocks from here on use one connection, until the visit ends."""
    end_visit()
    _visit.set(_Visit())


def end_visit() -> None:
    """Give back the connection of a visit, if there is one."""
    visit = _visit.get()
    if visit is not None:
        _visit.set(None)
        visit.rest()


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a session whose work is committed if the block ends well, and undone if not."""
    with _only_block("transaction"):
        visit = _visit.get()
        if visit is not None:  # nobody waits for their turn to write with a connection in hand
            visit.rest()
        with db.writer() as session, session.begin():
            yield session


def undo(session: Session) -> None:
    """Undo what a transaction has done, as its last word: it was only tried what would happen."""
    session.rollback()


@contextmanager
def reading(*, of_one_instant: bool = False) -> Iterator[Session]:
    """Give a session that is always rolled back: a page that only looks.

    Each statement sees what was committed before it. With ``of_one_instant``, nothing that is
    committed meanwhile is seen, and long answers can be read bit by bit.
    """
    _enter("reading")
    visit = None if of_one_instant else _visit.get()
    connection = None
    try:
        connection = db.readers.connect() if visit is None else visit.connection()
        if of_one_instant:
            _stand_still(connection)
        reader = _Reader(connection, {} if visit is None else visit.ahead)
        try:
            yield cast("Session", reader)
            reader.check()
        finally:
            reader.end()
    finally:
        _open_block.set(None)
        if visit is None and connection is not None:
            connection.close()


def _stand_still(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")
    connection.begin()


def migrate(revision: str = "head") -> None:
    """Bring the database to a migration, the newest one if none is named."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_migrated() -> bool:
    """Tell whether the database is in the newest form."""
    newest = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


@contextmanager
def _only_block(name: str) -> Iterator[None]:
    _enter(name)
    try:
        yield
    finally:
        _open_block.set(None)


def _enter(name: str) -> None:
    already = _open_block.get()
    if already:
        raise RuntimeError(f"{name}() inside {already}(): pass the session down instead")
    _open_block.set(name)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would begin deferred ones, in which
    # a read followed by a write fails instead of waiting.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # Without this, INSERT OR REPLACE deletes rows past the triggers that forbid it.
        "recursive_triggers=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        f"cache_size=-{CACHE_KILOBYTES}",
        # What a long statement may have to undo would be written into a file, page by page.
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _only_read_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Once for each connection: whenever it is said, SQLite prepares all its statements anew.
    connection.execute("PRAGMA query_only=ON")


def _only_read_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("SET default_transaction_read_only = on")
    connection.commit()


def _dispose(readers: Engine, _engine: Engine) -> None:
    readers.dispose()


def _begin_reading_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("BEGIN")


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    info = connection.connection.info
    if _TURNS not in info:
        info[_TURNS] = Turns.of(driver)
    # SQLite's own waiting starves the unlucky, so we do not let it wait.
    driver.execute("PRAGMA busy_timeout=0")
    begin_writing(driver, info[_TURNS], wait_seconds=LOCK_WAIT_SECONDS)
    driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _end_turn(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    turns = entry.info.get(_TURNS)
    if turns is not None:
        turns.give_back()


def _leave_turns(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    turns = entry.info.pop(_TURNS, None)
    if turns is not None:
        turns.close()


def _note_use(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["used_at"] = time.monotonic()


def _ask_if_idle(
    connection: DBAPIConnection, entry: ConnectionPoolEntry, _fairy: PoolProxiedConnection
) -> None:
    if time.monotonic() - entry.info.get("used_at", 0.0) < PING_AFTER_SECONDS:
        return
    try:
        db.engine.dialect.do_ping(connection)
    except db.engine.dialect.loaded_dbapi.Error as gone:
        raise DisconnectionError from gone  # the pool opens another one instead
