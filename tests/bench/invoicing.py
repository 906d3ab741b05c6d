"""Deliveries that nobody answered, confirmed by silence and invoiced in one job.

Each size is a market of its own: people with one line each, and orders of one pound, noted and told
twice. The job runs in a process of its own, is stopped half way, and goes on in another one, so
that what is measured is also what a restart costs.
"""

import multiprocessing
import os
import resource
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import Hold
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind, ProviderState
from marketplace.database import db, reading, transaction
from marketplace.orders import commands, queries
from marketplace.orders.models import Invoice, Order, OrderLine, Visit
from marketplace.orders.rules import NoteKind, OrderState, VisitState
from marketplace.wallet import queries as wallet
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import print_table
from tests.bench.filling import NOON, POUND, Rows, fill_wallets, put
from tests.bench.machine import OTHERS_MAX, watching

SIZES = tuple(int(size) for size in os.environ.get("BENCH_DELIVERIES", "10000,100000").split(","))
PROVIDERS = 100
PEOPLE = 100
BATCH = 2_000
MEGABYTES_MAX = 300
LATER = NOON + timedelta(days=60)
HEAD = ("", "deliveries", "seconds", "a second", "ms each", "peak MB")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long the job takes for each size; tell whether the machine was quiet."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place), watching() as watch:
            for size in SIZES:
                _fill(size)
                analyse()
                rows.append((place.engine, f"{size:,}", *_run(place.url, size)))
            _check()
        rows.append((f"  others took {watch.others:.0%}", "", "", "", "", ""))
        quiet = quiet and not watch.too_busy
    print_table("Deliveries confirmed by silence and invoiced, stopped half way", HEAD, rows)
    print(
        f"  The aim: the same time for each, whatever the size, and at most {MEGABYTES_MAX} MB.\n"
        "  Each order is a transaction: a hold is captured, an invoice numbered and written, and\n"
        "  two deeds are chained. It is not compared with the same SQL written by hand."
    )
    if not quiet:
        print(f"  *** OTHERS TOOK MORE THAN {OTHERS_MAX:.0%}: DO NOT QUOTE THESE FIGURES ***")
    return quiet


def _run(url: str, size: int) -> tuple[str, str, str, int]:
    fresh, spent, most = multiprocessing.get_context("spawn"), 0.0, 0
    for stop_after in (size // 2, size):
        with fresh.Pool(1) as pool:
            seconds, megabytes = pool.apply(_do, (url, stop_after))
        spent, most = spent + seconds, max(most, megabytes)
    return f"{spent:.1f}", f"{size / spent:.0f}", f"{spent / size * 1000:.2f}", most


def _do(url: str, stop_after: int) -> tuple[float, int]:
    """Confirm as the worker does, one order a transaction, but stop after so many."""
    db.connect(url)
    began = time.perf_counter()
    with reading() as session:
        order_ids = queries.unanswered_orders(session, at=LATER)
    for order_id in order_ids[:stop_after]:
        with transaction() as session:
            commands.tell_and_confirm_order(session, order_id=order_id, at=LATER)
    seconds = time.perf_counter() - began
    db.engine.dispose()
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _fill(size: int) -> None:
    """Turn holds of one pound into orders whose only visit was noted, and told of twice."""
    provider_ids = [uuid4() for _ in range(PROVIDERS)]
    with transaction() as session:
        put(session, {Provider: [_store(id_, n) for n, id_ in enumerate(provider_ids)]})
        have = session.scalar(select(func.count()).select_from(Order)) or 0
    fill_wallets(PEOPLE, size // PEOPLE)
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
        assert _count(session, Invoice) == _count(session, Visit) == sum(SIZES)


def _count(session: Session, model: type[Invoice | Visit]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
