"""Many at once: threads and processes that all want the same money."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.synchronize import Barrier
from threading import Barrier as ThreadBarrier

from sqlalchemy.orm import Session

from marketplace.database import db, transaction
from marketplace.kernel.errors import DomainError
from tests.forks import Forks, Say

Act = Callable[[Session], object]
"""A deed, ready to be done in a session."""
PROCESSES = 4
THREADS_EACH = 2


def at_once(deed: Callable[[], bool], *, threads: int) -> int:
    """Do a deed in many threads that all begin together; return how often it went well."""
    barrier = ThreadBarrier(threads)

    def wait_then_do() -> bool:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(wait_then_do) for _ in range(threads)]
        return sum(one.result() for one in running)


def went_well(act: Act) -> bool:
    """Do a deed in a transaction of its own; tell whether it was allowed."""
    try:
        with transaction() as session:
            act(session)
    except DomainError:
        return False
    return True


def in_threads(acts: Sequence[Act]) -> int:
    """Do some deeds, each in a thread, all beginning together; return how many were allowed."""
    waiting = iter(acts)
    return at_once(lambda: went_well(next(waiting)), threads=len(acts))


def in_processes(forks: Forks, url: str, acts: Sequence[Act]) -> int:
    """Do some deeds in four processes of two threads each; return how many were allowed."""
    jobs = [
        partial(_some, url=url, acts=list(acts[number::PROCESSES])) for number in range(PROCESSES)
    ]
    return sum(int(end.said) for end in forks.run(jobs))


def connect(url: str, barrier: Barrier) -> None:
    """Connect a process to the market's database, and wait for the others."""
    db.connect(url)
    with db.engine.connect():
        pass
    barrier.wait()


def _some(say: Say, barrier: Barrier, *, url: str, acts: Sequence[Act]) -> None:
    connect(url, barrier)
    with ThreadPoolExecutor(THREADS_EACH) as pool:
        say(str(sum(pool.map(went_well, acts))).encode())
