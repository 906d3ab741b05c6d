"""Setting money aside for an order. The hot path: every order passes through here."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.errors import OrderIdReusedError, SpendRefusedError
from marketplace.budgets.models import Hold, HoldShare, HoldTaking, LimitUse, Refusal
from marketplace.budgets.rules import Answer, Limit, Pot, Share, Spend, decide
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO
from marketplace.kernel.writing import insert_once
from marketplace.wallet.commands import lock_accounts, move
from marketplace.wallet.rules import Leg, Movement

_uses = LimitUse.__table__
assert isinstance(_uses, Table)

_NEW_HOLD = insert(Hold)
_NEW_SHARES = insert(HoldShare)
_NEW_TAKINGS = insert(HoldTaking)
_share = bindparam("share", type_=_uses.c.used_pence.type)
_USE_LIMIT = (
    update(_uses)
    .where(
        _uses.c.limit_id == bindparam("limit"),
        _uses.c.window_starts_on == bindparam("window"),
        # The last wall: whatever was decided before, nobody gets past the limit.
        _uses.c.used_pence + _share <= bindparam("most", type_=_uses.c.used_pence.type),
    )
    .values(used_pence=_uses.c.used_pence + _share)
)


def hold(
    session: Session, *, spend: Spend, person_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    """Set money aside for an order, or do nothing. The same order again is the same hold.

    Raises:
        SpendRefusedError: there is too little money, or a limit stands in the way.
        OrderIdReusedError: something else is set aside for an order with this id.
    """
    assert spend.amount >= ZERO
    # Lock before looking: two spends of one person take turns, so the second sees the first.
    accounts = queries.account_ids_of(session, person_id=person_id)
    balances = lock_accounts(session, accounts)
    earlier = queries.find_hold(session, order_id=spend.order_id)
    if earlier is not None:
        _check_same(earlier, spend, person_id)
        return
    pots = {
        pot.id: pot
        for pot in queries.pots_of(session, person_id=person_id, at=at, balances=balances)
    }
    answer = decide(spend, list(pots.values()), day=local_day(at))
    if not answer.yes:
        raise SpendRefusedError(answer)
    _note(session, answer, person_id=person_id, at=at)
    _use_limits(session, answer, pots)
    _set_aside(session, answer, pots, at=at)
    record(
        session,
        what="money-held",
        chain_id=person_id,
        subject_id=spend.order_id,
        by_user_id=by_user_id,
        for_person_id=person_id,
        at=at,
        details={"pence": spend.amount.pence},
    )


def record_refusal(
    session: Session, *, person_id: UUID, spend: Spend, answer: Answer, at: datetime
) -> None:
    """Keep note of a spend that was refused: what people wanted and did not get."""
    assert answer.why is not None, "only a no is recorded"
    session.add(
        Refusal(
            id=uuid4(),
            person_id=person_id,
            council_id=spend.council_id,
            line_id=answer.line_id,
            limit_id=answer.limit_id,
            why=answer.why,
            wanted=spend.amount,
            remaining=answer.remaining,
            category=spend.category,
            at=at,
        )
    )


def _check_same(earlier: queries.HoldRow, spend: Spend, person_id: UUID) -> None:
    there = (earlier.person_id, earlier.council_id, earlier.held)
    if there != (person_id, spend.council_id, spend.amount):
        raise OrderIdReusedError


def _note(session: Session, answer: Answer, *, person_id: UUID, at: datetime) -> None:
    spend = answer.spend
    values = {"person_id": person_id, "council_id": spend.council_id, "made_at": at}
    session.execute(_NEW_HOLD, {"id": spend.order_id, **values})
    if answer.shares:
        session.execute(_NEW_SHARES, [_share_row(answer, n) for n in range(len(answer.shares))])


def _share_row(answer: Answer, position: int) -> dict[str, object]:
    share = answer.shares[position]
    return {
        "id": uuid4(),
        "hold_id": answer.spend.order_id,
        "line_id": share.line_id,
        "position": position,
        "held": share.amount,
        "captured": ZERO,
        "released": ZERO,
        "refunded": ZERO,
    }


def _use_limits(session: Session, answer: Answer, pots: dict[UUID, Pot]) -> None:
    used = [
        (share, limit)
        for share in answer.shares
        for limit in pots[share.line_id].limits
        if limit.window.adds_up
    ]
    for share, limit in used:
        _use_limit(session, share, limit)
    if used:
        session.execute(_NEW_TAKINGS, [_taking_row(answer, share, limit) for share, limit in used])


def _use_limit(session: Session, share: Share, limit: Limit) -> None:
    if not limit.used:  # perhaps the first spend in this window
        values = {"limit_id": limit.id, "window_starts_on": limit.span.starts_on, "used": ZERO}
        insert_once(session, LimitUse, {"id": uuid4(), **values})
    changed = session.connection().execute(
        _USE_LIMIT,
        {
            "limit": limit.id,
            "window": limit.span.starts_on,
            "share": share.amount,
            "most": limit.amount,
        },
    )
    assert changed.rowcount == 1, "the accounts are locked, so what was decided still holds"


def _taking_row(answer: Answer, share: Share, limit: Limit) -> dict[str, object]:
    return {
        "id": uuid4(),
        "hold_id": answer.spend.order_id,
        "line_id": share.line_id,
        "limit_id": limit.id,
        "window_starts_on": limit.span.starts_on,
        "amount": share.amount,
    }


def _set_aside(session: Session, answer: Answer, pots: dict[UUID, Pot], *, at: datetime) -> None:
    legs = [
        leg
        for share in answer.shares
        for leg in (
            Leg(pots[share.line_id].available_account_id, -share.amount),
            Leg(pots[share.line_id].held_account_id, share.amount),
        )
    ]
    if legs:  # what costs nothing moves nothing
        move(session, Movement(f"order/{answer.spend.order_id}/hold", "hold", legs), at=at)
