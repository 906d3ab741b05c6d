"""Many writers at once: how much gets through, how long the unlucky wait, and who is starved."""

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from queue import Queue

from flask import Flask

from marketplace.database import db
from tests.bench.bare import BareHolds
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import percentile, print_table
from tests.bench.filling import Buyer, fill_wallets
from tests.bench.holds import by_command, check_books
from tests.bench.machine import warn_unless, watching

SLICES = 4
SLICE_SECONDS = 1.5
WARM_UP = 20
HEAD = ("", "holds/s", "p50 ms", "p99 ms", "slowest ms", "fairness", "ratio")
WAYS = ("bare", "command")


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many writers, over all wallets or all on one."""

    writers: int
    is_hot: bool = False

    @property
    def label(self) -> str:
        """The crowd in words."""
        where = "one wallet" if self.is_hot else "1,000 wallets"
        return f"{self.writers} writer{'s' if self.writers > 1 else ''}, {where}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a crowd did in one way."""

    rate: float
    times: list[float]
    fairness: float


CROWDS = {
    "sqlite": [Crowd(1), Crowd(8)],
    "postgres": [Crowd(1), Crowd(4), Crowd(8), Crowd(8, is_hot=True)],
}


def measure(app: Flask, places: list[Place]) -> bool:
    """Print what each crowd gets through; tell whether the machine was quiet enough."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place):
            buyers = fill_wallets()
            analyse()
            with watching() as watch:
                rows += _crowds(place, buyers)
            check_books()
        rows.append(watch.row(len(HEAD)))
        quiet = quiet and not watch.too_busy
    print_table("Holds by many writers at once, every commit on the disk", HEAD, rows)
    print(
        "  Each writer is a process with a connection of its own. bare: the same statements\n"
        "  through sqlite3 (with an even retry), or one function in one round trip of psycopg.\n"
        "  fairness: the least served writer's holds over the most served one's. Slices of both\n"
        "  ways alternate. ratio: against bare; for one hot wallet, also against 1,000 wallets."
    )
    warn_unless(quiet=quiet)
    return quiet


def _crowds(place: Place, buyers: Sequence[Buyer]) -> list[tuple[object, ...]]:
    rows = []
    spread: dict[int, float] = {}
    for crowd in CROWDS[place.engine]:
        results = _run(place, buyers[:1] if crowd.is_hot else buyers, crowd.writers)
        for way in WAYS:
            result = results[way]
            ratio = f"{result.rate / results['bare'].rate:.2f}"
            if crowd.is_hot and way == "command":
                ratio += f" ({result.rate / spread[crowd.writers]:.2f} of spread)"
            rows.append(_row(f"{place.engine} {crowd.label}, {way}", result, ratio))
        if not crowd.is_hot:
            spread[crowd.writers] = results["command"].rate
    return rows


def _row(label: str, result: Result, ratio: str) -> tuple[object, ...]:
    return (
        label,
        f"{result.rate:,.0f}",
        f"{percentile(result.times, 50) * 1000:.1f}",
        f"{percentile(result.times, 99) * 1000:.1f}",
        f"{max(result.times) * 1000:.0f}",
        f"{result.fairness:.2f}",
        ratio,
    )


def _run(place: Place, buyers: Sequence[Buyer], writers: int) -> dict[str, Result]:
    # Forked before the children connect; connections do not survive a fork.
    db.engine.dispose()
    context = multiprocessing.get_context("fork")
    barrier, done = context.Barrier(writers), context.Queue()
    children = [
        context.Process(target=_write, args=(place, buyers, barrier, done, number))
        for number in range(writers)
    ]
    for child in children:
        child.start()
    reports: list[dict[str, list[list[float]]]] = [done.get() for _ in children]
    for child in children:
        child.join()
    return {way: _result([report[way] for report in reports]) for way in WAYS}


def _write(
    place: Place,
    buyers: Sequence[Buyer],
    barrier: Barrier,
    done: "Queue[dict[str, list[list[float]]]]",
    number: int,
) -> None:
    random.seed(number)
    db.connect(place.url)
    bare = BareHolds(place)
    ways = {"bare": bare.hold, "command": by_command}
    times: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for way in ways.values():
        for _ in range(WARM_UP):
            way(random.choice(buyers))
    for _ in range(SLICES):
        for name, way in ways.items():
            barrier.wait()
            took = []
            ends = time.perf_counter() + SLICE_SECONDS
            while (began := time.perf_counter()) < ends:
                way(random.choice(buyers))
                took.append(time.perf_counter() - began)
            times[name].append(took)
    bare.close()
    db.engine.dispose()
    done.put(times)


def _result(of_writers: list[list[list[float]]]) -> Result:
    counts = [sum(len(took) for took in slices) for slices in of_writers]
    times = [one for slices in of_writers for took in slices for one in took]
    return Result(sum(counts) / (SLICES * SLICE_SECONDS), times, min(counts) / max(counts))
