"""Taking turns to write to one SQLite file: in the order of coming, and asleep meanwhile.

SQLite lets in whoever happens to ask at the right moment. Everybody who waits must keep asking,
which takes the processor from the one who writes, and the unlucky wait for long. So writers stand
in a queue, in an almost empty file beside the database: each takes a number, locks the byte of that
number, and sleeps until the byte before it is free. The kernel frees the bytes of a process that is
killed, and nobody can push in: a byte is waited for by one. (``flock`` lets newcomers past
whoever has been woken and has no processor yet: measured, past eight of eight.)

The first of the queue alone asks for the turn, a byte of its own. A turn ends after the commit, and
after the checkpoint that a commit may bring: a log to which somebody else writes on meanwhile
cannot be begun anew, and grows for as long as the market is busy.

The queue is manners, not safety: SQLite's own lock still keeps writers apart. Where the kernel has
no such locks (they are Linux's) there is no queue.
"""

import fcntl
import os
import sqlite3
import struct
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

_FLOCK = struct.Struct("hhqqi4x")
"""What the kernel is asked: read, write or free; from where; which byte; how many; 0."""
_NUMBER_BYTES = 8
_COUNTER = 0
_TURN = 1
_FIRST = 2
_NUMBERS = 2**60


class Turns:
    """One connection's place among the writers of its database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._file: int | None = None
        _all.add(self)

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Self | None:
        """Return a place among the writers of a connection's file; None if there is no queue."""
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        return cls(Path(path)) if path and hasattr(fcntl, "F_OFD_SETLKW") else None

    @contextmanager
    def first(self) -> Iterator[None]:
        """Wait until we are the first of the queue, and be it during the block.

        The kernel knows no limit here, but who comes first also gives up first, after as long as
        all. So nobody has to wait for longer than that.
        """
        file = self._opened()
        number = _take_number(file)
        try:
            before = _byte_of(number - 1)
            _lock(file, before)
            _free(file, before)
            yield
        finally:
            _free(file, _byte_of(number))

    def take(self) -> bool:
        """Take the turn to write, if nobody has it."""
        try:
            _lock(self._opened(), _TURN, wait=False)
        except BlockingIOError:
            return False
        return True

    def give_back(self) -> None:
        """Let the next one write."""
        if self._file is not None:
            _free(self._file, _TURN)

    def close(self) -> None:
        """Leave the file; it is opened again when it is needed."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def _opened(self) -> int:
        if self._file is None:
            # As open to others as the database is, and no more.
            mode = self._database.stat().st_mode & 0o666
            path = self._database.with_name(f"{self._database.name}-queue")
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, mode)
        return self._file


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


def _take_number(file: int) -> int:
    """Return our number, with its byte locked before anybody can have the next one."""
    _lock(file, _COUNTER)
    try:
        number = int.from_bytes(os.pread(file, _NUMBER_BYTES, 0)) + 1
        _lock(file, _byte_of(number))
        os.pwrite(file, (number % _NUMBERS).to_bytes(_NUMBER_BYTES), 0)
    finally:
        _free(file, _COUNTER)
    return number


def _byte_of(number: int) -> int:
    return _FIRST + number % _NUMBERS


def _lock(file: int, byte: int, *, wait: bool = True) -> None:
    how = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
    fcntl.fcntl(file, how, _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0))


def _free(file: int, byte: int) -> None:
    fcntl.fcntl(file, fcntl.F_OFD_SETLK, _FLOCK.pack(fcntl.F_UNLCK, os.SEEK_SET, byte, 1, 0))


_all: WeakSet[Turns] = WeakSet()


def _forget_parents() -> None:
    # A child that kept its parent's open files would keep its place, too, after it is killed.
    for turns in list(_all):
        turns.close()


os.register_at_fork(after_in_child=_forget_parents)
