"""The money of what was bought outside the market: it leaves its lines at once, past all walls."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from marketplace.budgets import queries
from marketplace.budgets.commands.flowing import flow_on
from marketplace.budgets.models import Hold, HoldShare, HoldTaking, LimitUse
from marketplace.budgets.rules import HoldKind, Limit, Spend
from marketplace.budgets.rules.purchases import Elsewhere
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.wallet.commands import move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement

_uses = LimitUse.__table__
assert isinstance(_uses, Table)
_amount = bindparam("amount", type_=_uses.c.used_pence.type)
_orders = bindparam("orders", type_=_uses.c["count"].type)
_COUNT = (
    update(_uses)
    .where(_uses.c.limit_id == bindparam("limit"), _uses.c.window_starts_on == bindparam("window"))
    .values(used_pence=_uses.c.used_pence + _amount, count=_uses.c["count"] + _orders)
)


def pay_elsewhere(
    session: Session, spend: Spend, found: Elsewhere, *, person_id: UUID, at: datetime
) -> None:
    """Move the money that lines pay for something bought elsewhere, and let limits count it."""
    session.execute(
        insert(Hold),
        {
            "id": spend.order_id,
            "person_id": person_id,
            "council_id": spend.council_id,
            "kind": HoldKind.ELSEWHERE,
            "provider_id": None,
            "made_at": at,
            "tolerance": ZERO,
            "agreed": ZERO,
            "covers_until": None,
            "expires_at": None,
        },
    )
    if not found.paid:
        return
    shares = [
        {
            "id": uuid4(),
            "hold_id": spend.order_id,
            "line_id": pot.id,
            "position": number,
            "category": spend.parts[0].category,
            "outcome_id": spend.parts[0].outcome_id,
            "held": money,
            "captured": money,
            "released": ZERO,
            "refunded": ZERO,
        }
        for number, (pot, money) in enumerate(found.paid)
    ]
    session.execute(insert(HoldShare), shares)
    _count(session, spend, found, [share["id"] for share in shares])
    legs = []
    for pot, money in found.paid:
        outside = open_account(
            session, owner_id=pot.id, kind=AccountKind.ELSEWHERE, council_id=pot.council_id
        )
        legs += [Leg(pot.available_account_id, -money), Leg(outside, money)]
    move(session, Movement(f"elsewhere/{spend.order_id}", "elsewhere", legs), at=at)


def _count(session: Session, spend: Spend, found: Elsewhere, share_ids: Sequence[object]) -> None:
    """Let every limit count it; no wall stands in the way of what has happened."""
    limits: dict[UUID, Limit] = {limit.id: limit for pot, _ in found.paid for limit in pot.limits}
    for taking in found.takings:
        window = limits[taking.limit_id].span.starts_on
        insert_once(
            session,
            LimitUse,
            {
                "id": uuid4(),
                "limit_id": taking.limit_id,
                "window_starts_on": window,
                "used": ZERO,
                "count": 0,
            },
        )
        _change_use(session, taking.limit_id, window, taking.amount, taking.count)
    if found.takings:
        session.execute(
            insert(HoldTaking),
            [
                {
                    "id": uuid4(),
                    "hold_id": spend.order_id,
                    "share_id": share_ids[taking.share],
                    "limit_id": taking.limit_id,
                    "window_starts_on": limits[taking.limit_id].span.starts_on,
                    "amount": taking.amount,
                    "count": taking.count,
                }
                for taking in found.takings
            ],
        )


def _change_use(session: Session, limit_id: UUID, window: date, amount: Money, orders: int) -> None:
    values = {"limit": limit_id, "window": window, "amount": amount, "orders": orders}
    session.connection().execute(_COUNT, values)


def give_back_elsewhere(session: Session, purchase_id: UUID, *, at: datetime) -> None:
    """Move the money of something bought elsewhere back, and give it back under every limit.

    What comes back to a closed line goes on to the one that its money belongs to now.
    """
    held = queries.find_hold(session, order_id=purchase_id, lock=True)
    assert held is not None, "a purchase has a hold of its own"
    back = [share for share in held.shares if share.captured > share.refunded]
    if not back:
        return
    legs = []
    for share in back:
        money = share.captured - share.refunded
        outside = open_account(
            session,
            owner_id=share.line_id,
            kind=AccountKind.ELSEWHERE,
            council_id=held.council_id,
        )
        legs += [Leg(outside, -money), Leg(share.available_account_id, money)]
    move(session, Movement(f"elsewhere/{purchase_id}/back", "elsewhere-back", legs), at=at)
    session.execute(
        update(HoldShare)
        .where(HoldShare.hold_id == purchase_id)
        .values(refunded=HoldShare.captured)
        .execution_options(synchronize_session=False)
    )
    taken = session.execute(
        select(
            HoldTaking.limit_id,
            HoldTaking.window_starts_on,
            func.sum(HoldTaking.amount, type_=HoldTaking.amount.type),
            func.sum(HoldTaking.count),
        )
        .where(HoldTaking.hold_id == purchase_id)
        .group_by(HoldTaking.limit_id, HoldTaking.window_starts_on)
    )
    for limit_id, window, amount, orders in taken.all():
        _change_use(session, limit_id, window, -amount, -int(orders))
    session.execute(
        update(HoldTaking)
        .where(HoldTaking.hold_id == purchase_id)
        .values(amount=ZERO, count=0)
        .execution_options(synchronize_session=False)
    )
    key = f"elsewhere/{purchase_id}/back"
    flow_on(session, [share.line_id for share in back], key=key, at=at)
