"""How busy the machine is with other things, and how much memory something took.

A figure taken on a busy machine says nothing.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OTHERS_MAX = 0.10
"""Above this share of the processors, a figure is not to be believed."""
_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Watch:
    """What other processes took of the machine while something was measured."""

    others: float = 0.0

    @property
    def too_busy(self) -> bool:
        """Tell whether they took too much."""
        return self.others > OTHERS_MAX

    def row(self, columns: int) -> tuple[object, ...]:
        """Return a row of a table, of so many columns, that says it."""
        return (f"  others took {self.others:.0%}", *[""] * (columns - 1))


def warn_unless(*, quiet: bool) -> None:
    """Say that figures are not to be believed, unless the machine was quiet."""
    if not quiet:
        print(f"  *** OTHERS TOOK MORE THAN {OTHERS_MAX:.0%}: DO NOT QUOTE THESE FIGURES ***")


def peak_megabytes() -> int:
    """Return the most memory this process had at once.

    `getrusage` would not do: what it tells of a new process begins with what its parent had.
    """
    said = (_PROC / "self" / "status").read_text()
    return int(said.split("VmHWM:")[1].split()[0]) // 1024


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch what other processes take during the block."""
    watch = Watch()
    began, all_before, ours_before = time.monotonic(), _busy_seconds(), _our_seconds()
    yield watch
    seconds = (time.monotonic() - began) * (os.cpu_count() or 1)
    others = (_busy_seconds() - all_before) - (_our_seconds() - ours_before)
    watch.others = max(0.0, others / seconds)


def _busy_seconds() -> float:
    """Return how long all processors have worked since the machine was started."""
    numbers = [int(word) for word in (_PROC / "stat").read_text().splitlines()[0].split()[1:9]]
    idle, waiting = numbers[3], numbers[4]
    return (sum(numbers) - idle - waiting) / _TICKS


def _our_seconds() -> float:
    """Return how long this process and all below it (the database is) have worked."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for folder in _PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has just ended
            continue
        parents[int(folder.name)] = int(fields[1])
        # Its own time, and that of those below it that have ended.
        seconds[int(folder.name)] = sum(int(field) for field in fields[11:15]) / _TICKS
    return sum(spent for process, spent in seconds.items() if _is_ours(process, parents))


def _is_ours(process: int, parents: dict[int, int]) -> bool:
    while process > 1:
        if process == os.getpid():
            return True
        process = parents.get(process, 0)
    return False
