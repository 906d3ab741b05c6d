"""A process that does one deed and is killed at one exact point of it.

It connects by itself, counts what passes between it and the database, and kills itself with SIGKILL
when it has counted far enough: before or after a statement, before or after COMMIT, or after it has
answered.
"""

import os
import pickle
import signal
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.synchronize import Barrier
from typing import Any, Self

import psycopg
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

from marketplace.database import db, transaction
from marketplace.kernel.errors import DomainError
from tests.forks import Forks, Say

Act = Callable[[Session], object]
"""A deed, ready to be done in a session."""
_ANSWER = b"done."
_UNCOUNTED = ("PRAGMA", ";", "SELECT 1")
"""What the driver or the pool says on its own account."""


@dataclass(frozen=True, slots=True)
class Death:
    """What one process did before it ended."""

    points: list[str]
    """Every point at which it could have been killed; empty if it was."""
    acknowledged: bool
    """Whether it answered that the deed was done, or refused."""
    killed: bool


def die(forks: Forks, url: str, act: Act, *, kill_at: int | None = None) -> Death:
    """Do a deed in a process of its own, killed at a point, or at none."""
    return die_along(forks, url, partial(_in_one_transaction, act), kill_at=kill_at)


def die_along(
    forks: Forks, url: str, walk: Callable[[], object], *, kill_at: int | None = None
) -> Death:
    """Do many deeds, which open their transactions by themselves, and be killed on the way."""
    (end,) = forks.run([partial(_walk, url=url, walk=walk, kill_at=kill_at)])
    answer, _, points = end.said.partition(_ANSWER)
    assert not answer
    return Death(
        points=pickle.loads(points) if points else [],
        acknowledged=end.said.startswith(_ANSWER),
        killed=end.killed,
    )


@dataclass
class Count:
    """Counts the points of a deed, and ends the process at one of them."""

    kill_at: int | None
    armed: bool = False
    points: list[str] = field(default_factory=list)

    def point(self, name: str) -> None:
        """Pass a point, or die at it."""
        if not self.armed:
            return
        if len(self.points) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.points.append(name)

    def around(self, statement: object, do: Callable[[], Any]) -> Any:  # noqa: ANN401 - a driver's
        """Pass the points before and after a statement."""
        text = str(statement).strip()
        if text.startswith(_UNCOUNTED):
            return do()
        words = " ".join(text.split()[:3])
        self.point(f"before {words}")
        answer = do()
        self.point(f"after {words}")
        return answer


def _in_one_transaction(act: Act) -> None:
    with suppress(DomainError), transaction() as session:
        act(session)


def _walk(
    say: Say, _barrier: Barrier, *, url: str, walk: Callable[[], object], kill_at: int | None
) -> None:
    db.connect(url)
    count = Count(kill_at)
    _watch(count)
    with db.engine.connect():
        pass  # what is said on meeting the database is not part of the deed
    count.armed = True
    walk()
    say(_ANSWER)
    count.point("after the answer")
    say(pickle.dumps(count.points))


def _watch(count: Count) -> None:
    """Let everything that goes to the database pass the count, however it is sent."""

    def connecting(_dialect: object, _record: object, _words: object, options: Any) -> None:  # noqa: ANN401
        if db.engine.dialect.name == "sqlite":
            options["factory"] = _sqlite_connection(count)
        else:
            options["cursor_factory"] = _postgres_cursor(count)

    event.listen(db.engine, "do_connect", connecting)
    commit = db.engine.dialect.do_commit

    def do_commit(connection: DBAPIConnection) -> None:
        count.point("before COMMIT")
        commit(connection)  # type: ignore[arg-type]
        count.point("after COMMIT")

    db.engine.dialect.do_commit = do_commit  # type: ignore[assignment,method-assign]


def _sqlite_connection(count: Count) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *rest: Any) -> Self:  # noqa: ANN401 - as the driver says
            do = super().execute
            return count.around(sql, lambda: do(sql, *rest))  # type: ignore[no-any-return]

        def executemany(self, sql: str, *rest: Any) -> Self:  # noqa: ANN401
            do = super().executemany
            return count.around(sql, lambda: do(sql, *rest))  # type: ignore[no-any-return]

    class Connection(sqlite3.Connection):
        def cursor(self, factory: type[sqlite3.Cursor] = Cursor) -> sqlite3.Cursor:  # type: ignore[override]
            return super().cursor(factory)

        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:  # noqa: ANN401
            return self.cursor().execute(sql, *rest)

        def executemany(self, sql: str, *rest: Any) -> sqlite3.Cursor:  # noqa: ANN401
            return self.cursor().executemany(sql, *rest)

    return Connection


def _postgres_cursor(count: Count) -> type[psycopg.Cursor[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *rest: Any, **options: Any) -> Self:  # noqa: ANN401
            do = super().execute
            return count.around(query, lambda: do(query, *rest, **options))  # type: ignore[no-any-return]

        def executemany(self, query: Any, *rest: Any, **options: Any) -> None:  # noqa: ANN401
            do = super().executemany
            count.around(query, lambda: do(query, *rest, **options))

    return Cursor
