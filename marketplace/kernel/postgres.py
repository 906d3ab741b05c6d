"""PostgreSQL's own driver, past what asks, waits and converts in Python: for the few hot paths.

There that costs more than asking again what a statement means. Values are written as text, and the
wait is the C library's own, which lets other threads run.
"""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy.orm import Session


def driver(session: Session) -> psycopg.Connection:
    """Return the driver's connection of a session on PostgreSQL.

    What the session has held back is written first, for the driver's statements pass it by.
    """
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def ask(
    connection: psycopg.Connection, function: str, values: Sequence[UUID | date | bool | None]
) -> bytes | None:
    """Call a function with a few plain values, and return its answer as text.

    A transaction that has not begun yet begins on the same way.
    """
    said = ",".join("NULL" if value is None else f"'{value}'" for value in values)
    begin = ""
    if connection.pgconn.transaction_status == TransactionStatus.IDLE:
        assert not connection.autocommit, "a hot path writes, in a transaction"
        begin = "BEGIN;"
    return _answer(connection.pgconn.exec_(f"{begin}SELECT {function}({said})".encode()))


def tell(
    connection: psycopg.Connection, function: str, values: Sequence[bytes | None]
) -> bytes | None:
    """Call a function inside a transaction that has begun, and return its answer as text."""
    places = ",".join(f"${place}" for place in range(1, len(values) + 1))
    given = cast("Sequence[bytes]", values)  # nothing is NULL; the driver's types forget that
    return _answer(connection.pgconn.exec_params(f"SELECT {function}({places})".encode(), given))


def _answer(result: PGresult) -> bytes | None:
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return result.get_value(0, 0)
