"""A hundred thousand order lines and what hangs on them, written straight into the tables."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from marketplace.access.models import User
from marketplace.access.rules import Actor, Role
from marketplace.budgets.models import Refusal
from marketplace.budgets.rules import RefusalReason
from marketplace.catalogue.models import Provider, ProviderCouncil
from marketplace.catalogue.rules import CheckState, ProviderKind, ProviderState
from marketplace.database import transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.models import Invoice, Order, OrderLine, Visit
from marketplace.orders.rules import InvoiceKind, NoteKind, OrderState, VisitState
from marketplace.payments.models import PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import ItemState, RunState
from marketplace.ratings.models import Rating
from marketplace.search.models import SearchCount
from tests.bench.filling import Rows, put, users
from tests.factories import Make

LINES = 100_000
LINES_EACH = 4
PEOPLE = 2_000
PROVIDERS = 400
REFUSALS = 5_000
SEARCHES = 2_000
BATCH = 2_500
CATEGORIES = [f"category-{number}" for number in range(14)]
OUTCOMES = ["", *(f"I do what I like, number {number}." for number in range(40))]
HOUR = Money(16_00)


@dataclass(frozen=True, slots=True)
class Market:
    """Whose rows they are, and until when they reach back a year."""

    council_id: UUID
    commissioner: Actor
    people: list[UUID]
    providers: list[UUID]
    now: datetime
    chance: random.Random


def fill_orders(now: datetime) -> Market:
    """Make a council with a year of orders behind it."""
    make = Make(transaction)
    council_id = make.council()
    for slug in CATEGORIES:
        make.category(slug)
    market = Market(
        council_id,
        make.staff(organisation_id=council_id, role=Role.COMMISSIONER),
        [uuid4() for _ in range(PEOPLE)],
        [uuid4() for _ in range(PROVIDERS)],
        now,
        random.Random(1),
    )
    with transaction() as session:
        put(session, {User: users(market.people)})
        put(session, _supply(market))
        item_id = uuid4()
        put(session, _run(market, item_id))
        orders = LINES // LINES_EACH
        for start in range(0, orders, BATCH):
            put(session, _orders(market, range(start + 1, start + BATCH + 1), item_id))
        put(session, {Refusal: list(_refusals(market)), SearchCount: list(_searches(market))})
    return market


def _supply(market: Market) -> Rows:
    kinds = list(ProviderKind)
    stores = [
        {
            "id": provider_id,
            "slug": f"store-{number}",
            "name": f"Store {number}",
            "kind": kinds[number % len(kinds)],
            "state": ProviderState.OPEN,
            "regulated": False,
            "joined_at": market.now,
            "confirmed_at": market.now,
            **dict.fromkeys(("about", "postcode", "phone", "email", "website"), ""),
            **dict.fromkeys(("why_no_cqc", "source"), ""),
            **{name: [] for name in ("languages", "genders", "access", "for_whom", "categories")},
        }
        for number, provider_id in enumerate(market.providers)
    ]
    standings = [
        {
            "id": uuid4(),
            "provider_id": provider_id,
            "council_id": market.council_id,
            "state": CheckState.CHECKED,
            "reason": "",
            "since_at": market.now - timedelta(days=number),
        }
        for number, provider_id in enumerate(market.providers)
    ]
    return {Provider: stores, ProviderCouncil: standings}


def _run(market: Market, item_id: UUID) -> Rows:
    officers = users([uuid4(), uuid4()])
    run_id, today = uuid4(), local_day(market.now)
    run = {
        "id": run_id,
        "council_id": market.council_id,
        "number": 1,
        "total": HOUR,
        "state": RunState.PAID,
        "proposed_by_id": officers[0]["id"],
        "proposed_by_name": "One",
        "proposed_at": market.now,
        "approved_by_id": officers[1]["id"],
        "approved_by_name": "Two",
        "approved_at": market.now,
        "paid_on": today,
    }
    item = {
        "id": item_id,
        "run_id": run_id,
        "position": 1,
        "provider_id": market.providers[0],
        "provider_name": "Store 0",
        "amount": HOUR,
        "promised_on": today,
        "state": ItemState.SETTLED,
        "settled_on": today,
        **dict.fromkeys(("sort_code", "account_number", "account_name", "reference"), "1"),
    }
    return {User: officers, PaymentRun: [run], PaymentItem: [item]}


def _orders(market: Market, numbers: range, item_id: UUID) -> Rows:
    rows: Rows = {model: [] for model in (Order, OrderLine, Visit, Invoice, PaymentInvoice, Rating)}
    for number in numbers:
        at = market.now - timedelta(minutes=market.chance.randrange(1, 360 * 24 * 60))
        order = _order(market, number, at)
        rows[Order].append(order)
        for position in range(LINES_EACH):
            line = _line(market, order["id"], position)
            rows[OrderLine].append(line)
            rows[Visit].append(_visit(market, line, at))
        if number % 5 == 0:
            _papers(market, rows, order, item_id, number // 5)
            rows[Rating].append(_rating(market, order))
    return rows


def _order(market: Market, number: int, at: datetime) -> dict[str, Any]:
    person_id = market.chance.choice(market.people)
    return {
        "id": uuid4(),
        "number": number,
        "person_id": person_id,
        "provider_id": market.chance.choice(market.providers),
        "provider_name": "A store",
        "council_id": market.council_id,
        "state": OrderState.COMPLETED,
        "total": HOUR * LINES_EACH,
        "placed_by_id": person_id,
        "placed_by_name": "A person",
        "placed_at": at,
        "held_at": at,
        "completed_at": at,
        "reason": "",
    }


def _line(market: Market, order_id: UUID, position: int) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "order_id": order_id,
        "position": position,
        "offer_id": uuid4(),
        "title": "An hour of help",
        "category": market.chance.choice(CATEGORIES),
        "unit": "hour",
        "unit_price": HOUR + Money(25) * market.chance.randrange(20),
        "quantity": 1,
        "visits": 1,
        "outcome": market.chance.choice(OUTCOMES),
        "worker_wish": "",
        "notice_hours": 24,
        "late_cancel_percent": 50,
        "note": "",
    }


def _visit(market: Market, line: dict[str, Any], at: datetime) -> dict[str, Any]:
    state = market.chance.choices(
        [VisitState.CONFIRMED, VisitState.RELEASED, VisitState.PLANNED], [85, 10, 5]
    )[0]
    kinds = {VisitState.CONFIRMED: NoteKind.FULL, VisitState.RELEASED: NoteKind.MISSED}
    return {
        "id": uuid4(),
        "order_id": line["order_id"],
        "line_id": line["id"],
        "number": 1,
        "planned_at": at,
        "amount": line["unit_price"],
        "worker": "",
        "state": state,
        "note_kind": kinds.get(state),
        "due": line["unit_price"] if state is VisitState.CONFIRMED else Money(0),
        "note": "",
        "query": "",
        "settled_by_silence": False,
    }


def _papers(market: Market, rows: Rows, order: dict[str, Any], item_id: UUID, number: int) -> None:
    invoice_id, confirmed_on = uuid4(), local_day(order["placed_at"])
    days = market.chance.randrange(1, 9)
    shared = {
        "council_id": order["council_id"],
        "provider_id": order["provider_id"],
        "number": number,
        "total": order["total"],
        "promised_on": confirmed_on + timedelta(days=5),
    }
    invoice = {
        "kind": InvoiceKind.INVOICE,
        "order_id": order["id"],
        "person_id": order["person_id"],
        "issued_at": order["placed_at"],
        "seller": {},
        "buyer": {},
        "reason": "",
    }
    payment = {
        "item_id": item_id,
        "confirmed_on": confirmed_on,
        "paid_on": confirmed_on + timedelta(days=days),
        "days": days,
    }
    rows[Invoice].append({"id": invoice_id, **shared, **invoice})
    rows[PaymentInvoice].append({"id": invoice_id, **shared, **payment})


def _rating(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "order_id": order["id"],
        "provider_id": order["provider_id"],
        "provider_name": "A store",
        "person_id": order["person_id"],
        "council_id": order["council_id"],
        "author_id": order["person_id"],
        "by_supporter": False,
        "on_time": market.chance.random() < 0.8,
        "to_standard": True,
        "again": True,
        "score": market.chance.randrange(1, 6),
        "written_at": order["placed_at"],
        **dict.fromkeys(("words", "hidden_reason", "reply"), ""),
    }


def _refusals(market: Market) -> Iterator[dict[str, Any]]:
    reasons = list(RefusalReason)
    for number in range(REFUSALS):
        yield {
            "id": uuid4(),
            "person_id": market.chance.choice(market.people),
            "council_id": market.council_id,
            "why": reasons[number % len(reasons)],
            "wanted": HOUR,
            "remaining": Money(0),
            "category": market.chance.choice(CATEGORIES),
            "at": market.now - timedelta(hours=number),
        }


def _searches(market: Market) -> Iterator[dict[str, Any]]:
    for number in range(SEARCHES):
        yield {
            "id": uuid4(),
            "day": local_day(market.now) - timedelta(days=number % 300),
            "council_id": market.council_id,
            "fingerprint": f"{number:064}",
            "words": f"words {number}",
            "results": number % 3,
            "times": 5 + number % 7,
        }
