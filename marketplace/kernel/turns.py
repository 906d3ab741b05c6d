"""Taking turns to write to one SQLite file: in the order of coming, and asleep meanwhile.

SQLite lets in whoever happens to ask at the right moment. Everybody who waits must keep asking,
which takes the processor from the one who writes, and the unlucky wait for long. So writers stand
in a queue: two empty files beside the database, locked with ``flock``, which the kernel hands on in
the order of asking, and which it takes back from a process that is killed.

The first of the queue alone asks for the turn; all others sleep. A turn ends after the commit, and
after the checkpoint that a commit may bring: a log to which somebody else writes on meanwhile
cannot be begun anew, and grows for as long as the market is busy.

The queue is manners, not safety: SQLite's own lock still keeps writers apart.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from weakref import WeakSet

RETRY_SECONDS = 0.0001
"""How often the first of the queue asks: short, because while it sleeps nobody writes."""
PATIENCE_SECONDS = 0.5
"""After so long the first asks SQLite itself: a turn may be kept by somebody who does not write."""


class Turns:
    """One connection's place among the writers of its database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._queue: int | None = None
        self._turn: int | None = None
        _all.add(self)

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Self | None:
        """Return a place among the writers of a connection's file; None if it is in memory."""
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        return cls(Path(path)) if path else None

    @contextmanager
    def first(self) -> Iterator[None]:
        """Wait until we are the first of the queue, and be it during the block.

        ``flock`` knows no limit, but who comes first also gives up first, after as long as all.
        So nobody has to wait for longer than that.
        """
        if self._queue is None:
            self._queue = _open(self._database, "queue")
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def take(self) -> bool:
        """Take the turn to write, if nobody has it."""
        if self._turn is None:
            self._turn = _open(self._database, "turn")
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def give_back(self) -> None:
        """Let the next one write."""
        if self._turn is not None:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave the files; they are opened again when they are needed."""
        for file in (self._queue, self._turn):
            if file is not None:
                os.close(file)
        self._queue = self._turn = None


def begin_writing(
    connection: sqlite3.Connection, turns: Turns | None, *, wait_seconds: float
) -> None:
    """Begin a transaction that writes, when it is our turn.

    Raises:
        sqlite3.OperationalError: others have kept us from it for too long.
    """
    give_up_at = time.monotonic() + wait_seconds
    if turns is None:
        _ask(connection, None, give_up_at=give_up_at)
        return
    with turns.first():
        _ask(connection, turns, give_up_at=give_up_at)


def _ask(connection: sqlite3.Connection, turns: Turns | None, *, give_up_at: float) -> None:
    ours = turns is None
    ask_at = min(time.monotonic() + PATIENCE_SECONDS, give_up_at)
    while True:
        ours = ours or (turns is not None and turns.take())
        now = time.monotonic()
        if ours or now >= ask_at:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as refusal:
                if refusal.sqlite_errorcode != sqlite3.SQLITE_BUSY or now >= give_up_at:
                    if turns is not None:
                        turns.give_back()
                    raise
            else:
                return
        time.sleep(RETRY_SECONDS)


def _open(database: Path, what: str) -> int:
    # As open to others as the database is, and no more. Whoever may read it may lock it.
    mode = database.stat().st_mode & 0o666
    path = database.with_name(f"{database.name}-{what}")
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, mode)


_all: WeakSet[Turns] = WeakSet()


def _forget_parents() -> None:
    # A child that kept its parent's open files would keep its place, too, after it is killed.
    for turns in list(_all):
        turns.close()


os.register_at_fork(after_in_child=_forget_parents)
