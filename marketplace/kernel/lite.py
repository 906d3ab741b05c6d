"""SQLite's own driver, past the expression compiler: for the few hot paths.

There an expression costs more than what its statement does. PostgreSQL's hot paths are functions of
its own. Values are written as the mapped types write them: ids as 32 hexadecimal digits, money as
pence, days as ``2026-03-04``, instants as ``instant`` says.
"""

import sqlite3
from datetime import UTC, datetime

from sqlalchemy.orm import Session


def is_lite(session: Session) -> bool:
    """Tell whether a session talks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def driver(session: Session) -> sqlite3.Connection:
    """Return the driver's connection of a session on SQLite, inside the session's transaction.

    What the session has held back is written first, for the driver's statements pass it by.
    """
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def instant(at: datetime) -> str:
    """Write an instant as the mapped type does."""
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:26]
