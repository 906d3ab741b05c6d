"""PostgreSQL's own driver, past what asks, waits and converts in Python: for the hot paths.

There that costs more than asking again what a statement means, so a connection that only reads
remembers each under a name. All statements of a question are sent before the first is answered.
Values are written as text. Whoever waits for an answer lets other threads run: one of them may
have what is waited for.
"""

import select
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Connection
from sqlalchemy.orm import Session

_NAMES = "named"
_numbers = count()


class Named:
    """A statement, and the name under which connections remember it."""

    __slots__ = ("name", "words")

    def __init__(self, words: str) -> None:
        self.words = words.encode()
        self.name = f"named-{next(_numbers)}".encode()


Asked = tuple[Named, Sequence[object]]
"""A statement, and its values."""


def call(session: Session, named: Named, values: Sequence[object]) -> bytes | None:
    """Return the one value that a statement answers, as text.

    A transaction that has not begun yet begins on the same way. What the session has held back is
    written first, for the driver's statements pass it by.
    """
    session.flush()
    (result,) = _ask(session.connection(), [(named, values)], Format.TEXT)
    return result.get_value(0, 0)


def fetch(connection: Connection, asked: Sequence[Asked]) -> Iterator[list[tuple[Any, ...]]]:
    """Go through the rows of some statements, which are all asked before the first is answered."""
    driver = _driver(connection)
    for result in _ask(connection, asked, Format.BINARY):
        loading = Transformer(driver)
        loading.set_pgresult(result)
        yield loading.load_rows(0, result.ntuples, tuple)


def _ask(connection: Connection, asked: Sequence[Asked], answer: Format) -> list[PGresult]:
    driver = _driver(connection)
    if not driver.autocommit:
        return _send(driver, None, asked, answer)
    known: set[bytes] = connection.info.setdefault(_NAMES, set())
    while True:
        before = frozenset(known)
        try:
            return _send(driver, known, asked, answer)
        except psycopg.errors.InvalidSqlStatementName:
            # Undoing a transaction of one instant, the driver let go of all names it had then.
            known -= before
        except psycopg.errors.DuplicatePreparedStatement:
            # One that was learned between that and when it was noticed.
            known.add(next(named.name for named, _ in asked if named.name not in known))


def _send(
    driver: psycopg.Connection, known: set[bytes] | None, asked: Sequence[Asked], answer: Format
) -> list[PGresult]:
    """Ask by name, adding to ``known`` what the connection learns; without it in full.

    Inside a transaction nothing goes by name: the driver forgets all names whenever one is undone.
    """
    pgconn = driver.pgconn
    begins = not driver.autocommit and pgconn.transaction_status == TransactionStatus.IDLE
    new = (
        {} if known is None else {one.name: one.words for one, _ in asked if one.name not in known}
    )
    pgconn.enter_pipeline_mode()
    try:
        if begins:
            pgconn.send_query_params(_begin(driver), None)
        for name, words in new.items():
            pgconn.send_prepare(name, words)
        for named, values in asked:
            given = _written(values)
            if known is None:
                pgconn.send_query_params(named.words, given, result_format=answer)
            else:
                pgconn.send_query_prepared(named.name, given, result_format=answer)
        _end_question(pgconn)
        if begins:
            _next(pgconn, ExecStatus.COMMAND_OK)
        for name in new:
            _next(pgconn, ExecStatus.COMMAND_OK)
            if known is not None:
                known.add(name)
        return [_next(pgconn, ExecStatus.TUPLES_OK) for _ in asked]
    finally:
        _end_pipeline(pgconn)


def _driver(connection: Connection) -> psycopg.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _begin(driver: psycopg.Connection) -> bytes:
    level = driver.isolation_level
    if level is None:
        return b"BEGIN"
    return f"BEGIN ISOLATION LEVEL {level.name.replace('_', ' ')}".encode()


def _written(values: Sequence[object]) -> list[bytes | None]:
    return [None if value is None else str(value).encode() for value in values]


def _next(pgconn: PGconn, status: ExecStatus) -> PGresult:
    result = _result(pgconn)
    if result is None:
        raise psycopg.OperationalError("The connection to the database is lost.")
    if result.status != status:
        raise psycopg.errors.error_from_result(result)
    _result(pgconn)  # nothing: so the answer to each statement ends
    return result


def _end_question(pgconn: PGconn) -> None:
    pgconn.pipeline_sync()
    while pgconn.flush():
        _wait(pgconn, select.POLLIN | select.POLLOUT)
        pgconn.consume_input()


def _result(pgconn: PGconn) -> PGresult | None:
    while pgconn.is_busy():
        _wait(pgconn, select.POLLIN)
        pgconn.consume_input()
    return pgconn.get_result()


def _wait(pgconn: PGconn, event: int) -> None:
    """Sleep until there is something to read or to write; the library itself would keep threads."""
    waiting = select.poll()
    waiting.register(pgconn.socket, event)
    waiting.poll()


def _end_pipeline(pgconn: PGconn) -> None:
    """Pass over what is still to come, and wait for one answer at a time again."""
    nothing = 0
    # Nothing ends the answer to each statement; nothing after nothing: no more was asked.
    while pgconn.status == ConnStatus.OK and nothing <= 1:
        result = _result(pgconn)
        if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
            break
        nothing = nothing + 1 if result is None else 0
    if pgconn.status == ConnStatus.OK:
        pgconn.exit_pipeline_mode()
