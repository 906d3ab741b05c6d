"""Deliveries that nobody answered, confirmed by silence and invoiced in one job.

Each size is a market of its own: people with one line each, and orders of one pound, noted and told
twice. First the same rows are read, locked and written through the driver alone; then by the job,
in a process of its own that is stopped half way and goes on in another one, so that what is
measured is also what a restart costs.
"""

import gc
import multiprocessing
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.audit import queries as audit
from marketplace.budgets import queries as budgets
from marketplace.budgets.models import Hold
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind, ProviderState
from marketplace.database import db, reading, transaction
from marketplace.orders import commands, queries
from marketplace.orders.models import Invoice, Order, OrderLine, Visit
from marketplace.orders.queries.silence import BATCH as AT_ONCE
from marketplace.orders.rules import NoteKind, OrderState, VisitState
from marketplace.wallet import queries as wallet
from tests.bench.bare_invoicing import BareInvoicing
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import print_table
from tests.bench.filling import NOON, POUND, Rows, fill_wallets, put
from tests.bench.machine import peak_megabytes, warn_unless, watching

SIZES = tuple(int(size) for size in os.environ.get("BENCH_DELIVERIES", "10000,100000").split(","))
PROVIDERS = 100
PEOPLE = 1_000
BATCH = 2_000
MEGABYTES_MAX = 300
TIMES_MAX = 2
LATER = NOON + timedelta(days=60)
HEAD = ("", "deliveries", "seconds", "a second", "ms each", "against bare", "peak MB")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long the job takes for each size; tell whether the machine was quiet."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place), watching() as watch:
            rows += [row for size in SIZES for row in _both(place, size)]
            _check()
        rows.append(watch.row(len(HEAD)))
        quiet = quiet and not watch.too_busy
    title = (
        f"Deliveries confirmed by silence and invoiced, {AT_ONCE} a transaction, stopped half way"
    )
    print_table(title, HEAD, rows)
    print(
        f"  The aim: the same time for each, whatever the size, at most {TIMES_MAX} times that of\n"
        f"  the bare driver, and at most {MEGABYTES_MAX} MB.\n"
        "  bare: the same rows read, locked and written in the same batches through the driver\n"
        "  alone, with the same audit chain. Afterwards ledger, holds, invoices and trail were\n"
        "  checked. Not in it: the letters before, and the time in which a new process starts."
    )
    warn_unless(quiet=quiet)
    return quiet


def _both(place: Place, size: int) -> Iterator[tuple[object, ...]]:
    _fill(size)
    analyse()
    bare = _spent(_do_bare, place, LATER, AT_ONCE)
    yield (f"{place.engine}, bare driver", *_cells(size, bare[0]), "1.00", bare[1])
    _fill(size)
    analyse()
    batches = -(-size // AT_ONCE)
    parts = [_spent(_do, place.url, most) for most in (batches // 2, batches)]
    seconds = sum(part[0] for part in parts)
    cells = (*_cells(size, seconds), f"{seconds / bare[0]:.2f}", max(part[1] for part in parts))
    yield (f"{place.engine}, the job", *cells)


def _cells(size: int, seconds: float) -> tuple[object, ...]:
    return (f"{size:,}", f"{seconds:.1f}", f"{size / seconds:,.0f}", f"{seconds / size * 1000:.2f}")


def _spent(do: Any, *values: object) -> tuple[float, int]:  # noqa: ANN401 - what a pool can call
    """Return how many seconds something takes in a process of its own, and how many megabytes."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds: float = pool.apply(do, values)
        peak = pool.apply(peak_megabytes)
    return seconds, peak


def _do_bare(*values: Any) -> float:  # noqa: ANN401 - as BareInvoicing wants them
    place, at, batch = values
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    BareInvoicing(place, at).confirm(batch)
    return time.perf_counter() - began


def _do(url: str, most: int) -> float:
    """Confirm as the worker does, but stop after so many batches."""
    db.connect(url)
    gc.collect()
    gc.freeze()  # as the worker does
    began = time.perf_counter()
    with reading() as session:
        due = queries.unanswered_orders(session, at=LATER)
    for order_ids in islice(due.batches(), most):
        with transaction() as session:
            commands.confirm_silent_orders(session, order_ids=order_ids, at=LATER)
    seconds = time.perf_counter() - began
    db.engine.dispose()
    return seconds


def _fill(size: int) -> None:
    """Turn holds of one pound into orders whose only visit was noted, and told of twice."""
    provider_ids = [uuid4() for _ in range(PROVIDERS)]
    with transaction() as session:
        put(session, {Provider: [_store(id_, n) for n, id_ in enumerate(provider_ids)]})
        have = session.scalar(select(func.count()).select_from(Order)) or 0
    people = min(PEOPLE, size // 10)
    fill_wallets(people, size // people)
    with reading() as session:
        new = session.execute(
            select(Hold.id, Hold.person_id, Hold.council_id)
            .where(Hold.id.not_in(select(Order.id)))
            .order_by(Hold.id)
        ).all()
    for start in range(0, len(new), BATCH):
        rows: Rows = {model: [] for model in (Order, OrderLine, Visit)}
        for number, (order_id, person_id, council_id) in enumerate(new[start : start + BATCH]):
            place = have + start + number
            whose = {"person_id": person_id, "council_id": council_id}
            _noted(rows, order_id, whose, place, provider_ids[place % PROVIDERS])
        with transaction() as session:
            put(session, rows)


def _noted(
    rows: Rows, order_id: UUID, whose: dict[str, UUID], number: int, provider_id: UUID
) -> None:
    line_id = uuid4()
    rows[Order].append(
        {
            "id": order_id,
            "number": number + 1,
            **whose,
            "provider_id": provider_id,
            "provider_name": "A store",
            "state": OrderState.ACCEPTED,
            "total": POUND,
            "placed_by_id": whose["person_id"],
            "placed_by_name": "A person",
            "placed_at": NOON,
            "held_at": NOON,
            "reason": "",
        }
    )
    rows[OrderLine].append(
        {
            "id": line_id,
            "order_id": order_id,
            "position": 0,
            "offer_id": uuid4(),
            "title": "A little help",
            "category": "company",
            "unit": "hour",
            "unit_price": POUND,
            "quantity": 1,
            "visits": 1,
            **dict.fromkeys(("outcome", "worker_wish", "note"), ""),
            "notice_hours": 24,
            "late_cancel_percent": 50,
        }
    )
    rows[Visit].append(
        {
            "id": uuid4(),
            "order_id": order_id,
            "line_id": line_id,
            "number": 1,
            "planned_at": NOON,
            "amount": POUND,
            "state": VisitState.NOTED,
            "note_kind": NoteKind.FULL,
            "due": POUND,
            "noted_at": NOON,
            "told_first_at": NOON + timedelta(days=10),
            "told_second_at": NOON + timedelta(days=20),
            **dict.fromkeys(("worker", "note", "query"), ""),
            "settled_by_silence": False,
        }
    )


def _store(provider_id: UUID, number: int) -> dict[str, Any]:
    return {
        "id": provider_id,
        "slug": f"store-{provider_id}",
        "name": f"Store {number}",
        "kind": ProviderKind.ONE_PERSON,
        "state": ProviderState.OPEN,
        "regulated": False,
        "joined_at": NOON,
        "confirmed_at": NOON,
        **dict.fromkeys(("about", "postcode", "phone", "email", "website"), ""),
        **dict.fromkeys(("why_no_cqc", "source"), ""),
        **{name: [] for name in ("languages", "genders", "access", "for_whom", "categories")},
    }


def _check() -> None:
    """Prove that each delivery was invoiced once, without gaps, and that the ledger agrees."""
    with reading(of_one_instant=True) as session:
        assert queries.problems(session) == []
        assert wallet.problems(session) == []
        assert budgets.problems(session) == []
        assert list(audit.broken_chains(session)) == []
        assert _count(session, Invoice) == _count(session, Visit) == 2 * sum(SIZES)
        open_still = select(func.count()).where(Order.state != OrderState.COMPLETED)
        assert session.scalar(open_still) == 0


def _count(session: Session, model: type[Invoice | Visit]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
