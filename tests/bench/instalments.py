"""The instalment job for up to 100,000 lines: does each line take as long as the first ones did?"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select

from marketplace.access.models import User
from marketplace.audit import queries as audit
from marketplace.budgets import commands
from marketplace.budgets import queries as budgets
from marketplace.budgets.commands.instalments import BATCH
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import Calendar, Funder, Holder
from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.models import Account, Balance
from marketplace.wallet.rules import AccountKind
from tests.bench.bare_instalments import BareInstalments
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import print_table
from tests.bench.filling import NOON, Rows, put, users
from tests.bench.machine import warn_unless, watching
from tests.factories import Make

SIZES = (10_000, 50_000, 100_000)
LINES_EACH = 5
"""How many lines one person has: their audit trail is one."""
STARTS_ON = date(2026, 3, 4)
HEAD = ("", "lines", "seconds", "lines/s", "µs a line", "against 10,000", "against bare")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long the job takes; tell whether the machine was quiet enough."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place):
            council_id, funder_id = _council()
            with watching() as watch:
                rows += _sizes(place, council_id, funder_id)
            _check_books()
        rows.append(watch.row(len(HEAD)))
        quiet = quiet and not watch.too_busy
    print_table(f"The instalment job, {BATCH} lines a transaction, all on the disk", HEAD, rows)
    print(
        "  against 10,000: time a line, as a multiple of that with 10,000 lines (linear is 1.0).\n"
        "  bare: the same rows read, locked and written in the same batches through the driver\n"
        "  alone, with the same audit chain, each size before the job has its own: how its time\n"
        "  grows is how the database's does. Afterwards ledger, lines and trail were checked."
    )
    warn_unless(quiet=quiet)
    return quiet


def _sizes(place: Place, council_id: UUID, funder_id: UUID) -> Iterator[tuple[object, ...]]:
    ways: dict[str, Callable[[], None]] = {
        "bare driver": lambda: BareInstalments(place, funder_id).pay(STARTS_ON, BATCH),
        "the job": _pay_all,
    }
    first: dict[str, float] = {}
    for size in SIZES:
        each: dict[str, float] = {}
        for way, pay in ways.items():
            fill_lines(council_id, size)
            analyse()
            with _timing() as took:
                pay()
            each[way] = took[0] / size
            first.setdefault(way, each[way])
            growth = f"{each[way] / first[way]:.2f}"
            ratio = f"{each['bare driver'] / each[way]:.2f}"
            yield (f"{place.engine}, {way}", *_cells(size, took[0]), growth, ratio)


def _cells(size: int, seconds: float) -> tuple[object, ...]:
    return (f"{size:,}", f"{seconds:.1f}", f"{size / seconds:,.0f}", f"{seconds / size * 1e6:.0f}")


@contextmanager
def _timing() -> Iterator[list[float]]:
    took: list[float] = []
    began = time.perf_counter()
    yield took
    took.append(time.perf_counter() - began)


def _pay_all() -> None:
    paid = 1
    while paid:
        with transaction() as session:
            paid = commands.pay_due_instalments(session, on=STARTS_ON, at=NOON)


def _council() -> tuple[UUID, UUID]:
    council_id, funder_id = Make(transaction).council(), uuid4()
    funder = {
        "id": funder_id,
        "owner_id": council_id,
        "kind": AccountKind.FUNDER,
        "council_id": council_id,
    }
    with transaction() as session:
        put(session, {Account: [funder]})
    return council_id, funder_id


def fill_lines(council_id: UUID, count: int) -> None:
    """Make lines into which their first instalment is to be paid."""
    for start in range(0, count, 5_000):
        size = min(5_000, count - start)
        people = [uuid4() for _ in range(size // LINES_EACH)]
        rows: Rows = {User: users(people), Account: [], Balance: [], FundingLine: []}
        for number in range(size):
            _line(rows, people[number // LINES_EACH], council_id, number)
        with transaction() as session:
            put(session, rows)


def _line(rows: Rows, person_id: UUID, council_id: UUID, number: int) -> None:
    line_id, accounts = uuid4(), (uuid4(), uuid4())
    for account_id, kind in zip(accounts, (AccountKind.AVAILABLE, AccountKind.HELD), strict=True):
        owner = {"owner_id": line_id, "council_id": council_id}
        rows[Account].append({"id": account_id, "kind": kind, **owner})
        rows[Balance].append({"id": account_id, "amount": ZERO, "may_go_negative": False})
    line: dict[str, Any] = {
        "id": line_id,
        "person_id": person_id,
        "council_id": council_id,
        "funder": Funder.ADULT_SOCIAL_CARE,
        "yearly": Money(1_800_00 + number),
        "calendar": Calendar.FOUR_WEEKLY,
        "paid_in": ZERO,
        "holder": Holder.DIRECT_PAYMENT,
        "holder_name": "",
        "cost_code": "",
        "starts_on": STARTS_ON,
        "sequence": number % LINES_EACH,
        "next_due_on": STARTS_ON,
        "available_account_id": accounts[0],
        "held_account_id": accounts[1],
        "opened_at": NOON,
    }
    rows[FundingLine].append(line)


def _check_books() -> None:
    with reading(of_one_instant=True) as session:
        assert ledger.problems(session) == []
        assert budgets.problems(session) == []
        assert list(audit.broken_chains(session)) == []
        late = select(func.count()).where(FundingLine.next_due_on <= STARTS_ON)
        assert session.scalar(late) == 0
