"""Holds per second: the command that the page uses against the same statements in bare SQL."""

import random
import time
from collections.abc import Callable
from uuid import UUID, uuid4

from flask import Flask

from marketplace.access.rules import own_hat
from marketplace.audit import queries as audit
from marketplace.budgets import commands
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Spend
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from tests.bench.bare import BareHolds
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import median, percentile, print_table
from tests.bench.filling import NOON, Buyer, fill_wallets
from tests.bench.machine import warn_unless, watching

REPEATS = 3
SLICES = 10
SLICE_SECONDS = 0.4
WARM_UP = 50
POUND = Money(1_00)

Hold = Callable[[Buyer], None]
HEAD = ("", "holds/s", "lowest", "highest", "p50 ms", "p95 ms", "ratio")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print both rates for each engine; tell whether the machine was quiet enough."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place):
            buyers = fill_wallets()
            analyse()
            with watching() as watch:
                rows += _both(place, buyers)
            check_books()
        rows.append(watch.row(len(HEAD)))
        quiet = quiet and not watch.too_busy
    print_table("Holds placed, one process, every commit on the disk", HEAD, rows)
    print(
        "  command: budgets.commands.hold in transaction(), as placing an order calls it.\n"
        "  It checks authority, key, money and five limits of different windows, and writes hold,\n"
        "  share, uses, takings, ledger entries and the audit row.\n"
        "  bare: the same reads, writes and locks: on SQLite the same statements through sqlite3,\n"
        "  on PostgreSQL one function in one round trip through psycopg. Slices of both\n"
        "  alternate; median of three repeats.\n"
        "  Afterwards ledger, budgets and audit trail were checked: both did the same, correctly."
    )
    warn_unless(quiet=quiet)
    return quiet


def by_command(buyer: Buyer) -> None:
    """Set a pound aside through the command."""
    spend = Spend.of(
        POUND,
        order_id=uuid4(),
        council_id=buyer.council_id,
        category="company",
        provider_id=UUID(int=7),
    )
    with transaction() as session:
        commands.hold(session, spend=spend, person_id=buyer.id, by=own_hat(buyer.id, ""), at=NOON)


def _both(place: Place, buyers: list[Buyer]) -> list[tuple[object, ...]]:
    bare = BareHolds(place)
    ways: dict[str, Hold] = {"bare SQL": bare.hold, "command": by_command}
    for way in ways.values():
        for buyer in buyers[:WARM_UP]:
            way(buyer)
    rates: dict[str, list[float]] = {name: [] for name in ways}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        spent = dict.fromkeys(ways, 0.0)
        done = dict.fromkeys(ways, 0)
        for _ in range(SLICES):
            for name, way in ways.items():
                took = _slice(way, buyers)
                times[name] += took
                spent[name] += sum(took)
                done[name] += len(took)
        for name in ways:
            rates[name].append(done[name] / spent[name])
    bare.close()
    base = median(rates["bare SQL"])
    return [
        (
            f"{place.engine} {name}",
            f"{median(rates[name]):,.0f}",
            f"{min(rates[name]):,.0f}",
            f"{max(rates[name]):,.0f}",
            f"{percentile(times[name], 50) * 1000:.2f}",
            f"{percentile(times[name], 95) * 1000:.2f}",
            f"{median(rates[name]) / base:.2f}",
        )
        for name in ways
    ]


def _slice(way: Hold, buyers: list[Buyer]) -> list[float]:
    took = []
    ends = time.perf_counter() + SLICE_SECONDS
    while (began := time.perf_counter()) < ends:
        way(random.choice(buyers))
        took.append(time.perf_counter() - began)
    return took


def check_books() -> None:
    """Assert that ledger, budgets and audit trail are whole."""
    with reading(of_one_instant=True) as session:
        wrong = [
            *ledger.problems(session),
            *budgets.problems(session),
            *audit.broken_chains(session),
        ]
    assert not wrong, wrong[:5]
