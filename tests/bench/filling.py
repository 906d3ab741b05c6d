"""Wallets in bulk: consistent rows, written straight into the tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from marketplace.access.models import User
from marketplace.audit.models import AuditEntry, AuditHead
from marketplace.audit.rules import FIRST_HASH, Link, canonical, link_hash
from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    HoldTaking,
    Instalment,
    LimitUse,
    SpendingLimit,
)
from marketplace.budgets.rules import (
    Calendar,
    Funder,
    Holder,
    HoldKind,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
)
from marketplace.database import transaction
from marketplace.kernel.model import Model
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.models import Account, Balance, Entry, Transfer
from marketplace.wallet.rules import AccountKind
from tests.factories import Make

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
LINE_STARTS_ON = date(2026, 3, 4)
PEOPLE = 1_000
HOLDS_EACH = 20
PAID_IN = Money(1_000_000_00)
MOST = Money(900_000_00)
POUND = Money(1_00)

WINDOWS = {
    LimitWindow.DAY: date(2026, 3, 4),
    LimitWindow.WEEK: date(2026, 3, 2),
    LimitWindow.FOUR_WEEKS: date(2026, 3, 4),
    LimitWindow.MONTH: date(2026, 3, 1),
    LimitWindow.YEAR: date(2026, 3, 4),
}
"""The five limits, and where the window of 4 March 2026 begins under each."""
HOLDS_AT_ONCE = 500

Rows = dict[type[Model], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody with one line and five limits, each over another time."""

    id: UUID
    council_id: UUID
    line_id: UUID
    available_id: UUID
    held_id: UUID
    limit_ids: tuple[UUID, ...]


def fill_wallets(people: int = PEOPLE, holds_each: int = HOLDS_EACH) -> list[Buyer]:
    """Give so many people a line, five limits and so many holds each."""
    council_id, funder_id = Make(transaction).council(slug=f"bench-{uuid4().hex[:8]}"), uuid4()
    buyers = [_buyer(council_id) for _ in range(people)]
    funder = {
        "id": funder_id,
        "owner_id": council_id,
        "kind": AccountKind.FUNDER,
        "council_id": council_id,
    }
    with transaction() as session:
        put(session, {Account: [funder], User: users([buyer.id for buyer in buyers])})
        for start in range(0, people, 100):
            for rows in _rows(buyers[start : start + 100], funder_id, holds_each):
                put(session, rows)
    return buyers


def _buyer(council_id: UUID) -> Buyer:
    return Buyer(
        id=uuid4(),
        council_id=council_id,
        line_id=uuid4(),
        available_id=uuid4(),
        held_id=uuid4(),
        limit_ids=tuple(uuid4() for _ in WINDOWS),
    )


def put(session: Session, rows: Rows) -> None:
    """Write rows into their tables."""
    for model, some in rows.items():
        session.execute(insert(model), some)


def users(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return the rows of people who never sign in."""
    return [
        {
            "id": user_id,
            "email": f"{user_id}@mail.example",
            "name": f"Person {number}",
            "password_hash": "",
            "joined_at": NOON,
            "email_confirmed_at": NOON,
            "closed_at": None,
        }
        for number, user_id in enumerate(ids)
    ]


def _rows(buyers: Sequence[Buyer], funder_id: UUID, holds_each: int) -> Iterator[Rows]:
    yield {
        Account: [account for buyer in buyers for account in _accounts(buyer)],
        Balance: [balance for buyer in buyers for balance in _balances(buyer, holds_each)],
        FundingLine: [_line(buyer) for buyer in buyers],
        SpendingLimit: [limit for buyer in buyers for limit in _limits(buyer)],
        Instalment: [
            {
                "id": uuid4(),
                "line_id": buyer.line_id,
                "due_on": LINE_STARTS_ON,
                "amount": PAID_IN,
                "paid_at": NOON,
            }
            for buyer in buyers
        ],
        LimitUse: [
            {
                "id": uuid4(),
                "limit_id": limit_id,
                "window_starts_on": starts_on,
                "used": POUND * holds_each,
                "count": holds_each,
            }
            for buyer in buyers
            for limit_id, starts_on in zip(buyer.limit_ids, WINDOWS.values(), strict=True)
        ],
    }
    moved: Rows = {Transfer: [], Entry: []}
    for buyer in buyers:
        _move(moved, f"paid in/{buyer.line_id}", {funder_id: -PAID_IN, buyer.available_id: PAID_IN})
    yield moved
    for buyer in buyers:
        yield from _holds(buyer, holds_each)


def _line(buyer: Buyer) -> dict[str, Any]:
    return {
        "id": buyer.line_id,
        "person_id": buyer.id,
        "council_id": buyer.council_id,
        "funder": Funder.ADULT_SOCIAL_CARE,
        "yearly": PAID_IN * 13,
        "calendar": Calendar.FOUR_WEEKLY,
        "paid_in": PAID_IN,
        "only_for": [],
        "only_words": "",
        "holder": Holder.DIRECT_PAYMENT,
        "holder_name": "",
        "cost_code": "",
        "starts_on": LINE_STARTS_ON,
        "ends_before": None,
        "sequence": 1,
        "next_due_on": date(2026, 4, 1),
        "available_account_id": buyer.available_id,
        "held_account_id": buyer.held_id,
        "opened_by_id": None,
        "opened_at": NOON,
        "closed_at": None,
    }


def _limits(buyer: Buyer) -> Iterator[dict[str, Any]]:
    for limit_id, window in zip(buyer.limit_ids, WINDOWS, strict=True):
        yield {
            "id": limit_id,
            "line_id": buyer.line_id,
            "window": window,
            "measure": Measure.AMOUNT,
            "amount": MOST,
            "count_max": 0,
            "narrowed": Narrowing.NOTHING,
            "narrowed_to": [],
            "others": False,
            "about": "",
            "kind": LimitKind.REFUSE,
            "reason": "We agreed to start small.",
            "set_by_id": None,
            "set_by_name": "Priya Nair",
            "asks_id": None,
            "asks_name": "",
            "set_at": NOON,
            "ended_at": None,
        }


def _accounts(buyer: Buyer) -> Iterator[dict[str, Any]]:
    for account_id, kind in (
        (buyer.available_id, AccountKind.AVAILABLE),
        (buyer.held_id, AccountKind.HELD),
    ):
        yield {
            "id": account_id,
            "owner_id": buyer.line_id,
            "kind": kind,
            "council_id": buyer.council_id,
        }


def _balances(buyer: Buyer, holds_each: int) -> Iterator[dict[str, Any]]:
    spent = POUND * holds_each
    for account_id, amount in ((buyer.available_id, PAID_IN - spent), (buyer.held_id, spent)):
        yield {"id": account_id, "amount": amount, "may_go_negative": False}


def _holds(buyer: Buyer, holds_each: int) -> Iterator[Rows]:
    head = FIRST_HASH
    for first in range(1, holds_each + 1, HOLDS_AT_ONCE):
        rows: Rows = {
            model: [] for model in (Hold, HoldShare, HoldTaking, Transfer, Entry, AuditEntry)
        }
        for number in range(first, min(first + HOLDS_AT_ONCE, holds_each + 1)):
            order_id = uuid4()
            _hold(rows, buyer, order_id)
            head = _deed(rows, buyer, number, order_id, head)
        yield rows
    yield {AuditHead: [{"id": buyer.id, "sequence": holds_each, "hash": head}]}


def _hold(rows: Rows, buyer: Buyer, order_id: UUID) -> None:
    share_id = uuid4()
    rows[Hold].append(
        {
            "id": order_id,
            "person_id": buyer.id,
            "council_id": buyer.council_id,
            "kind": HoldKind.ORDER,
            "provider_id": None,
            "made_at": NOON,
            "tolerance": ZERO,
            "agreed": ZERO,
        }
    )
    rows[HoldShare].append(
        {
            "id": share_id,
            "hold_id": order_id,
            "line_id": buyer.line_id,
            "position": 0,
            "category": "company",
            "held": POUND,
            **dict.fromkeys(("captured", "released", "refunded"), ZERO),
        }
    )
    for limit_id, starts_on in zip(buyer.limit_ids, WINDOWS.values(), strict=True):
        rows[HoldTaking].append(
            {
                "id": uuid4(),
                "hold_id": order_id,
                "share_id": share_id,
                "limit_id": limit_id,
                "window_starts_on": starts_on,
                "amount": POUND,
                "count": 1,
            }
        )
    sides = {buyer.available_id: -POUND, buyer.held_id: POUND}
    _move(rows, f"order/{order_id}/hold", sides)


def _move(rows: Rows, key: str, sides: dict[UUID, Money]) -> None:
    transfer_id = uuid4()
    rows[Transfer].append({"id": transfer_id, "key": key, "reason": "hold", "at": NOON})
    for account_id, amount in sides.items():
        entry = {"transfer_id": transfer_id, "account_id": account_id, "amount": amount}
        rows[Entry].append({"id": uuid4(), **entry})


def _deed(rows: Rows, buyer: Buyer, number: int, order_id: UUID, head: str) -> str:
    link = Link(
        chain_id=buyer.id,
        sequence=number,
        what="money-held",
        subject_id=order_id,
        by_user_id=buyer.id,
        for_person_id=buyer.id,
        at=NOON,
        details=canonical({"pence": POUND.pence}),
    )
    said = {name: getattr(link, name) for name in Link.__slots__}
    mark = link_hash(head, link)
    rows[AuditEntry].append({"id": uuid4(), **said, "previous_hash": head, "hash": mark})
    return mark
