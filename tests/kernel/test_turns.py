"""Writers of one SQLite file: each comes when it is its turn, and nobody who dies keeps it."""

import os
import signal
import sqlite3
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Barrier as ThreadBarrier

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.database import reading, transaction
from marketplace.kernel.turns import PATIENCE_SECONDS, Turns, begin_writing
from tests.forks import Forks, Say

SOON = PATIENCE_SECONDS * 0.8
"""Quicker than by asking SQLite itself."""
PAGE = 4096
PAGES_BEFORE_A_CHECKPOINT = 1_000


class Writer:
    """A connection of its own, and its place in the queue."""

    def __init__(self, path: Path) -> None:
        self.lite = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
        self.lite.execute("PRAGMA synchronous=OFF")
        turns = Turns.of(self.lite)
        assert turns is not None
        self.turns = turns

    def begin(self, *, wait_seconds: float = 15) -> float:
        """Begin to write; return how long that took."""
        began = time.monotonic()
        begin_writing(self.lite, self.turns, wait_seconds=wait_seconds)
        return time.monotonic() - began

    def end(self) -> None:
        """Commit, and let the next one write."""
        self.lite.execute("COMMIT")
        self.turns.give_back()

    def close(self) -> None:
        """Leave."""
        self.turns.close()
        self.lite.close()


@contextmanager
def writer(path: Path) -> Iterator[Writer]:
    """Give a writer for a while."""
    one = Writer(path)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database with one table."""
    path = tmp_path / "market.sqlite3"
    lite = sqlite3.connect(path)
    lite.execute("PRAGMA journal_mode=WAL")
    lite.execute("CREATE TABLE things (name TEXT, much BLOB)")
    lite.close()
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Return what forks for the writers."""
    with Forks() as forks:
        yield forks


def _numbers_taken(path: Path) -> int:
    return int.from_bytes(path.with_name(f"{path.name}-queue").read_bytes())


def _write_and_note(path: Path, name: str) -> None:
    with writer(path) as one:
        one.begin()
        one.lite.execute("INSERT INTO things VALUES (?, NULL)", (name,))
        one.end()


def test_writers_come_in_the_order_in_which_they_asked(path: Path) -> None:
    names = list("abcdefgh")
    with writer(path) as holder, ThreadPoolExecutor(len(names)) as pool:
        holder.begin()
        waiting = []
        for name in names:
            taken = _numbers_taken(path)
            waiting.append(pool.submit(_write_and_note, path, name))
            while _numbers_taken(path) == taken:
                time.sleep(0.001)
        holder.end()
        for one in waiting:
            one.result()
        assert [name for (name,) in holder.lite.execute("SELECT name FROM things")] == names


def test_who_waits_too_long_is_refused_in_time_and_so_is_the_next_in_the_queue(path: Path) -> None:
    def refused(coming_after: float) -> float:
        time.sleep(coming_after)
        with writer(path) as one:
            began = time.monotonic()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                one.begin(wait_seconds=0.7)
            return time.monotonic() - began

    with writer(path) as holder, ThreadPoolExecutor(3) as pool:
        holder.begin()
        waited = list(pool.map(refused, (0.0, 0.1, 0.2)))
        holder.end()
        assert all(0.7 <= seconds < 5 for seconds in waited), waited
        holder.begin()  # those who gave up have kept nothing
        holder.end()
    with writer(path) as next_one:
        assert next_one.begin() < SOON
        next_one.end()


def test_a_turn_that_nobody_writes_in_is_passed_over_after_a_while(path: Path) -> None:
    with writer(path) as idler, writer(path) as other:
        assert idler.turns.take()
        assert PATIENCE_SECONDS <= other.begin() < PATIENCE_SECONDS * 2
        other.end()


def test_somebody_who_knows_of_no_queue_is_waited_for(path: Path) -> None:
    stranger = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    with writer(path) as one, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(one.begin)
        time.sleep(0.2)
        assert not waiting.done()
        stranger.execute("COMMIT")
        assert 0.2 <= waiting.result() < 1
        one.end()
    stranger.close()


def _write_until_killed(say: Say, barrier: Barrier, *, path: Path) -> None:
    one = Writer(path)
    one.begin()
    one.lite.execute("INSERT INTO things VALUES ('never', NULL)")
    barrier.wait()
    time.sleep(0.2)
    say(b"dying")
    os.kill(os.getpid(), signal.SIGKILL)


def _write_after(say: Say, barrier: Barrier, *, path: Path, waiting: float = 0) -> None:
    barrier.wait()
    time.sleep(waiting)
    with writer(path) as one:
        say(str(one.begin()).encode())
        one.end()


def test_a_waiter_gets_its_turn_when_the_one_who_writes_is_killed(path: Path, forks: Forks) -> None:
    killed, next_one = forks.run(
        [partial(_write_until_killed, path=path), partial(_write_after, path=path)]
    )
    assert killed.killed
    assert 0.02 < float(next_one.said) < PATIENCE_SECONDS
    with writer(path) as one:
        assert one.lite.execute("SELECT COUNT(*) FROM things").fetchone() == (0,)


def _wait_until_killed(_say: Say, barrier: Barrier, *, path: Path) -> None:
    barrier.wait()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.2)  # ends it, as a kill would, while it waits
    Writer(path).begin()


def _write_for(_say: Say, barrier: Barrier, *, path: Path, seconds: float) -> None:
    with writer(path) as one:
        one.begin()
        barrier.wait()
        time.sleep(seconds)
        one.end()


def test_a_waiter_moves_up_when_the_first_of_the_queue_dies(path: Path, forks: Forks) -> None:
    jobs = [
        partial(_write_for, path=path, seconds=0.3),
        partial(_write_after, path=path, waiting=0.1),
        partial(_die_waiting, path=path),
    ]
    _, waiter, _ = forks.run(jobs)
    assert 0.02 < float(waiter.said) < PATIENCE_SECONDS


def _die_waiting(_say: Say, barrier: Barrier, *, path: Path) -> None:
    child = os.fork()
    if not child:
        _wait_until_killed(_say, barrier, path=path)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def _fork_and_die(_say: Say, barrier: Barrier, *, path: Path) -> None:
    one = Writer(path)
    one.begin()
    if not os.fork():
        os.closerange(0, 3)
        time.sleep(1)
        os._exit(0)
    barrier.wait()
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_child_does_not_keep_the_turn_of_its_killed_parent(path: Path, forks: Forks) -> None:
    _, waiter = forks.run([partial(_fork_and_die, path=path), partial(_write_after, path=path)])
    assert float(waiter.said) < SOON


def test_a_log_that_all_write_to_does_not_grow_without_end(path: Path) -> None:
    writers, times, pages = 4, 100, 40
    barrier = ThreadBarrier(writers)
    log = path.with_name(f"{path.name}-wal")

    def write() -> int:
        most = 0
        with writer(path) as one:
            barrier.wait()
            for _ in range(times):
                one.begin()
                one.lite.execute("DELETE FROM things")
                one.lite.execute("INSERT INTO things VALUES ('', zeroblob(?))", (pages * PAGE,))
                one.end()
                most = max(most, log.stat().st_size)
        return most

    with ThreadPoolExecutor(writers) as pool:
        most = max(job.result() for job in [pool.submit(write) for _ in range(writers)])
    assert writers * times * pages > PAGES_BEFORE_A_CHECKPOINT * 10
    assert most < PAGES_BEFORE_A_CHECKPOINT * PAGE * 1.5


def test_the_file_of_the_queue_is_as_private_as_the_database(path: Path) -> None:
    with writer(path) as one:
        one.begin()
        one.end()
    queue = path.with_name("market.sqlite3-queue")
    assert stat.S_IMODE(queue.stat().st_mode) == 0o600


def test_a_database_in_memory_has_no_queue() -> None:
    lite = sqlite3.connect(":memory:", isolation_level=None)
    assert Turns.of(lite) is None
    begin_writing(lite, None, wait_seconds=1)
    assert lite.in_transaction
    lite.close()


@pytest.mark.sqlite_only
def test_a_transaction_gives_its_turn_back_however_it_ends(app: Flask) -> None:
    def take_turns() -> None:
        for number in range(5):
            try:
                with transaction() as session:
                    session.execute(text("SELECT 1"))
                    if number % 2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass

    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(take_turns) for _ in range(4)]:
            one.result()
    assert time.monotonic() - began < SOON


@pytest.mark.sqlite_only
def test_who_only_looks_does_not_wait_for_who_writes(app: Flask) -> None:
    def look() -> float:
        began = time.monotonic()
        with reading() as session:
            session.execute(text("SELECT COUNT(*) FROM budget_holds")).scalar_one()
        return time.monotonic() - began

    with transaction() as session, ThreadPoolExecutor(1) as pool:
        session.execute(text("SELECT 1"))
        assert pool.submit(look).result() < SOON
