"""A payment run of 10,000 providers: proposed, checked, approved, exported, and settled.

Each step is done in a process of its own, which has nothing in its memory but the market itself, so
that the most it ever needed can be read from the machine. The second run has the first one behind
it: 10,000 payments to compare with, and 30,000 invoices that are paid already.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access.models import Membership, User
from marketplace.access.rules import Actor, Role
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind, ProviderState
from marketplace.database import db, reading, transaction
from marketplace.kernel import sort_codes
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Invoice, InvoiceLine, Order, OrderLine, Visit
from marketplace.orders.rules import InvoiceKind, NoteKind, OrderState, VisitState
from marketplace.payments import commands, queries
from marketplace.payments.commands import SetBankAccount
from marketplace.payments.models import PaymentRun
from marketplace.payments.rules import FileFormat
from marketplace.wallet import queries as wallet
from marketplace.wallet.models import Account, Balance, Entry, Transfer
from marketplace.wallet.rules import AccountKind
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import print_table
from tests.bench.filling import NOON, Rows, put, users
from tests.bench.machine import OTHERS_MAX, peak_megabytes, watching
from tests.factories import Make

PROVIDERS = 10_000
INVOICES_EACH = 3
HOUR = Money(16_00)
SECONDS_MAX = 60
MEGABYTES_MAX = 300
BATCH = 1_000
HEAD = ("", "step", "seconds", "peak MB")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long a run takes and how much memory; tell whether the machine was quiet."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place):
            make = Make(transaction)
            council_id = make.council()
            officers = [make.officer(council_id=council_id, name=name) for name in ("Olu", "Uma")]
            with transaction() as session:
                commands.set_bank_account(session, _BANK, by=officers[0], at=NOON)
            market = _Market(council_id, officers[0].user_id)
            with watching() as watch:
                for number in (1, 2):
                    at = NOON + timedelta(days=7 * number)
                    market.fill(number, at)
                    analyse()
                    rows += _steps(place, number, council_id, officers, at + timedelta(days=1))
            _check()
        rows.append((f"  others took {watch.others:.0%}", "", "", ""))
        quiet = quiet and not watch.too_busy
    title = f"A payment run of {PROVIDERS:,} providers, {INVOICES_EACH} invoices each"
    print_table(title, HEAD, rows)
    print(
        f"  The aim: proposed, checked and exported in {SECONDS_MAX} seconds, with at most\n"
        f"  {MEGABYTES_MAX} MB. The file is written twice: for its digest, and for the officer.\n"
        "  Settling moves the money and writes the letters. Payments and ledger were proven after."
    )
    if not quiet:
        print(f"  *** OTHERS TOOK MORE THAN {OTHERS_MAX:.0%}: DO NOT QUOTE THESE FIGURES ***")
    return quiet


_BANK = SetBankAccount(
    sort_code="089999",
    account_number="66374958",
    account_name="Ashdale Council",
    service_user="123456",
)


def _steps(
    place: Place, number: int, council_id: UUID, officers: list[Actor], at: datetime
) -> Iterator[tuple[object, ...]]:
    name, spent, most = f"{place.engine}, run {number}", 0.0, 0
    for step, seconds, megabytes in _in_its_own_process(place.url, council_id, officers, at):
        yield (name, step, f"{seconds:.1f}", megabytes)
        most = max(most, megabytes)
        if step != "settle":
            spent += seconds
            if step == "download":
                yield (name, "proposed to exported", f"{spent:.1f}", most)


def _in_its_own_process(
    url: str, council_id: UUID, officers: list[Actor], at: datetime
) -> list[tuple[str, float, int]]:
    fresh = multiprocessing.get_context("spawn")
    found: list[tuple[str, float, int]] = []
    for step in ("propose and check", "approve", "export", "download", "settle"):
        with fresh.Pool(1) as pool:
            found.append(pool.apply(_do, (step, url, council_id, officers, at)))
    return found


def _do(
    step: str, url: str, council_id: UUID, officers: list[Actor], at: datetime
) -> tuple[str, float, int]:
    """Do one step of the newest run, and say how long it took and the most memory it needed."""
    db.connect(url)
    first, second = officers
    run_id = _newest(council_id)
    deeds: dict[str, Callable[[Session], object]] = {
        "propose and check": partial(
            commands.propose_daily, council_id=council_id, at=at, tables=sort_codes.installed()
        ),
        "approve": partial(commands.approve_run, run_id=run_id, by=first, at=at),
        "export": partial(commands.mark_sent, run_id=run_id, file_format=_FORMAT, by=second, at=at),
        "settle": partial(
            commands.mark_paid, run_id=run_id, paid_on=local_day(at), by=first, at=at
        ),
    }
    began = time.perf_counter()
    if step == "download":
        with reading(of_one_instant=True) as session, tempfile.TemporaryFile() as kept:
            queries.put_file(session, kept, run_id=run_id, seen_by=second)
    else:
        with transaction() as session:
            deeds[step](session)
    seconds = time.perf_counter() - began
    db.engine.dispose()
    return step, seconds, peak_megabytes()


_FORMAT = FileFormat.FASTER_PAYMENTS


def _newest(council_id: UUID) -> Any:  # noqa: ANN401 - nothing, before the first is proposed
    with reading() as session:
        return session.scalar(
            select(PaymentRun.id)
            .where(PaymentRun.council_id == council_id)
            .order_by(PaymentRun.number.desc())
            .limit(1)
        )


class _Market:
    """Providers with owners and bank accounts, and one person who buys from all of them."""

    def __init__(self, council_id: UUID, person_id: UUID) -> None:
        self.council_id, self.person_id = council_id, person_id
        self.providers = [uuid4() for _ in range(PROVIDERS)]
        self.earned = [uuid4() for _ in range(PROVIDERS)]
        self.funder_id = uuid4()
        for start in range(0, PROVIDERS, BATCH):
            with transaction() as session:
                put(session, self._supply(range(start, start + BATCH)))
        funder = {"id": self.funder_id, "owner_id": council_id, "kind": AccountKind.FUNDER}
        with transaction() as session:
            put(session, {Account: [{**funder, "council_id": council_id}]})

    def fill(self, round_number: int, at: datetime) -> None:
        """Let each provider be owed some invoices."""
        for start in range(0, PROVIDERS, BATCH):
            with transaction() as session:
                put(session, self._owed(round_number, range(start, start + BATCH), at))
                session.execute(
                    update(Balance)
                    .where(Balance.id.in_(self.earned[start : start + BATCH]))
                    .values(amount=HOUR * INVOICES_EACH)
                )

    def _supply(self, numbers: range) -> Rows:
        owners = [uuid4() for _ in numbers]
        rows: Rows = {User: users(owners), Provider: [], Membership: [], Account: [], Balance: []}
        for number, owner_id in zip(numbers, owners, strict=True):
            provider_id, account_id = self.providers[number], self.earned[number]
            rows[Provider].append(_store(provider_id, number))
            rows[Membership].append(
                {
                    "id": uuid4(),
                    "user_id": owner_id,
                    "organisation_id": provider_id,
                    "organisation_name": f"Store {number}",
                    "role": Role.PROVIDER_OWNER,
                    "since_at": NOON,
                    "ended_at": None,
                }
            )
            rows[Account].append(
                {
                    "id": account_id,
                    "owner_id": provider_id,
                    "kind": AccountKind.EARNED,
                    "council_id": self.council_id,
                }
            )
            rows[Balance].append({"id": account_id, "amount": ZERO, "may_go_negative": True})
        return rows

    def _owed(self, round_number: int, numbers: range, at: datetime) -> Rows:
        models = (Order, OrderLine, Visit, Invoice, InvoiceLine, Transfer, Entry)
        rows: Rows = {model: [] for model in models}
        for number in numbers:
            for place in range(INVOICES_EACH):
                paper = (round_number - 1) * INVOICES_EACH + place + 1
                self._paper(rows, number, paper, at + timedelta(hours=place))
        return rows

    def _paper(self, rows: Rows, number: int, paper: int, at: datetime) -> None:
        provider_id, ids = self.providers[number], [uuid4() for _ in range(5)]
        order_id, line_id, visit_id, invoice_id, transfer_id = ids
        whose = {"person_id": self.person_id, "council_id": self.council_id}
        rows[Order].append(
            {
                "id": order_id,
                "number": (number * 100) + paper,
                **whose,
                "provider_id": provider_id,
                "provider_name": f"Store {number}",
                "state": OrderState.COMPLETED,
                "total": HOUR,
                "placed_by_id": self.person_id,
                "placed_by_name": "A person",
                "placed_at": at,
                "held_at": at,
                "completed_at": at,
                "reason": "",
            }
        )
        rows[OrderLine].append(_line(line_id, order_id))
        rows[Visit].append(_visit(visit_id, line_id, order_id, at))
        rows[Invoice].append(
            {
                "id": invoice_id,
                "provider_id": provider_id,
                "number": paper,
                "kind": InvoiceKind.INVOICE,
                "order_id": order_id,
                **whose,
                "total": HOUR,
                "issued_at": at,
                "promised_on": local_day(at) + timedelta(days=5),
                "credits_id": None,
                "seller": {"name": f"Store {number}"},
                "buyer": {"name": "A person"},
                "reason": "",
            }
        )
        rows[InvoiceLine].append(
            {
                "id": uuid4(),
                "invoice_id": invoice_id,
                "position": 1,
                "visit_id": visit_id,
                "text": "An hour of help",
                "quantity": 1,
                "amount": HOUR,
            }
        )
        rows[Transfer].append(
            {"id": transfer_id, "key": f"bench/{invoice_id}", "reason": "capture", "at": at}
        )
        for account_id, amount in ((self.funder_id, -HOUR), (self.earned[number], HOUR)):
            entry = {"id": uuid4(), "transfer_id": transfer_id, "account_id": account_id}
            rows[Entry].append({**entry, "amount": amount})


def _store(provider_id: UUID, number: int) -> dict[str, Any]:
    return {
        "id": provider_id,
        "slug": f"store-{number}",
        "name": f"Store {number}",
        "kind": ProviderKind.ONE_PERSON,
        "state": ProviderState.OPEN,
        "regulated": False,
        "joined_at": NOON,
        "confirmed_at": NOON,
        "sort_code": "000000",
        "account_number": f"{number:08}",
        "account_name": f"Store {number}",
        **dict.fromkeys(("about", "postcode", "phone", "email", "website"), ""),
        **dict.fromkeys(("why_no_cqc", "source"), ""),
        **{name: [] for name in ("languages", "genders", "access", "for_whom", "categories")},
    }


def _line(line_id: UUID, order_id: UUID) -> dict[str, Any]:
    return {
        "id": line_id,
        "order_id": order_id,
        "position": 0,
        "offer_id": uuid4(),
        "title": "An hour of help",
        "category": "company",
        "unit": "hour",
        "unit_price": HOUR,
        "quantity": 1,
        "visits": 1,
        "outcome": "",
        "worker_wish": "",
        "notice_hours": 24,
        "late_cancel_percent": 50,
        "note": "",
    }


def _visit(visit_id: UUID, line_id: UUID, order_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": visit_id,
        "order_id": order_id,
        "line_id": line_id,
        "number": 1,
        "planned_at": at,
        "amount": HOUR,
        "worker": "",
        "state": VisitState.CONFIRMED,
        "note_kind": NoteKind.FULL,
        "due": HOUR,
        "note": "",
        "query": "",
        "settled_by_silence": False,
    }


def _check() -> None:
    """Prove that everybody was paid once, and that payments and ledger say the same."""
    with reading(of_one_instant=True) as session:
        assert queries.problems(session) == []
        assert wallet.problems(session) == []
