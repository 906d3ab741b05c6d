"""Processes in a moment: one that has imported the market forks for each job it is given.

A job is a function that can be pickled. It is called in a process of its own, before anything is
connected, with a way to say something and, if there are several jobs, a barrier to begin together.
Whatever it said before it ended, or was killed, comes back.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[1]

Say = Callable[[bytes], object]
Job = Callable[[Say, Barrier], None]


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended."""

    said: bytes
    killed: bool


class Forks:
    """Holds the process that forks."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests import forks; forks.main()"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, jobs: Sequence[Job]) -> list[End]:
        """Do some jobs at once, each in its process, and return how they ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(list(jobs), self._process.stdin)
        self._process.stdin.flush()
        ends: list[End] | None = pickle.load(self._process.stdout)
        assert ends is not None, "a job failed; what it raised stands above"
        return ends


def _fork(job: Job, barrier: Barrier) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    os.close(reading)
    code = 1
    try:
        job(partial(os.write, writing), barrier)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was, the process ends here
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _end(pid: int, reading: int) -> End | None:
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return End(said, killed=os.WTERMSIG(status) == signal.SIGKILL)
    return None if status else End(said, killed=False)


def main() -> None:
    """Fork for the jobs that come in, and say how they ended."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    context = get_context("fork")
    with suppress(EOFError):
        while True:
            jobs: list[Job] = pickle.load(requests)
            barrier = context.Barrier(len(jobs))
            ends = [_end(*running) for running in [_fork(job, barrier) for job in jobs]]
            pickle.dump(None if None in ends else ends, answers)
            answers.flush()
