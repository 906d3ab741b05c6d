"""Money that was put back by mistake, set aside once more: out of the lines it went back to.

It counts again in the windows of limits in which it counted before, whenever that was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.audit.commands import record_all
from marketplace.budgets import queries
from marketplace.budgets.commands.flowing import any_closed
from marketplace.budgets.commands.held_money import (
    Some,
    deed,
    is_done,
    lock_money,
    locked_holds,
    note,
)
from marketplace.budgets.errors import MoneyGoneError
from marketplace.budgets.models import HoldShare, HoldTaking, LimitUse, SpendingLimit, SpendRequest
from marketplace.budgets.queries import HoldRow
from marketplace.budgets.rules import Measure, Part
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import move
from marketplace.wallet.rules import Movement, merged

_uses = LimitUse.__table__
_takings = HoldTaking.__table__
assert isinstance(_uses, Table)
assert isinstance(_takings, Table)

_amount = bindparam("amount", type_=HoldTaking.amount.type)
_TAKINGS = (
    select(HoldTaking, HoldShare.position)
    .join(HoldShare, HoldShare.id == HoldTaking.share_id)
    .where(HoldTaking.hold_id == bindparam("hold"))
    .order_by(HoldTaking.limit_id, HoldShare.position)
    .execution_options(populate_existing=True)
)
_PASSED = select(SpendRequest.limit_id).where(SpendRequest.used_by_order_id == bindparam("hold"))
_USE = (
    update(_uses)
    .where(_uses.c.limit_id == bindparam("limit"), _uses.c.window_starts_on == bindparam("window"))
    .values(used_pence=_uses.c.used_pence + _amount, count=_uses.c["count"] + bindparam("more"))
    .returning(_uses.c.used_pence, _uses.c["count"])
)
_TAKE = (
    update(_takings)
    .where(_takings.c.id == bindparam("taking"))
    .values(
        amount_pence=_takings.c.amount_pence + _amount,
        count=_takings.c["count"] + bindparam("more"),
    )
)


def hold_again(  # noqa: PLR0913 - which order, undoing which deed, by which, for what, by whom, when
    session: Session,
    *,
    order_id: UUID,
    put_back: str,
    key: str,
    parts: Sequence[Part],
    at: datetime,
    by_user_id: UUID | None = None,
) -> None:
    """Set aside once more what the deed ``put_back`` gave back; the same key again does nothing.

    Raises:
        NotFoundError: nothing was set aside for this order, or that deed gave nothing back.
        MoneyGoneError: it is spent, went on to another line, or limits leave no room for it.
        KeyReusedError: the key belongs to another deed.
    """
    held = locked_holds(session, [order_id])[order_id]
    earlier = ledger.find_movements(session, keys=[key, put_back])
    if put_back not in earlier:
        raise NotFoundError
    went = {leg.account_id: leg.amount for leg in earlier[put_back][1].legs if leg.amount > ZERO}
    amount = total(went.values())
    if is_done(earlier, held, key, "hold", amount):
        return
    lock_money(session, [held])
    some = _of_shares(held, went, parts)
    _check_there(session, held, went, some)
    legs = [
        leg
        for share, part in some
        for leg in ((share.available_account_id, -part), (share.held_account_id, part))
    ]
    move(session, Movement(key, "hold", merged(legs)), at=at)
    note(session, [(share, -part) for share, part in some], "released_pence")
    _take_windows(session, held, some)
    record_all(session, [deed("money-held-again", held, amount, by_user_id=by_user_id, at=at)])


def _check_there(
    session: Session, held: HoldRow, went: Mapping[UUID, Money], some: Sequence[Some]
) -> None:
    """Refuse if not all of it is where it went."""
    left_pool = held.pool_id is not None and not queries.is_member(
        session, pool_id=held.pool_id, person_id=held.person_id
    )
    if left_pool or any_closed(session, {share.line_id for share, _ in some}):
        raise MoneyGoneError("The money it came from is closed now.")
    if total(part for _, part in some) != total(went.values()):
        raise MoneyGoneError("The money has gone on from where it went back to.")
    there = ledger.balances_of(session, account_ids=list(went))
    if any(there.get(account_id, ZERO) < amount for account_id, amount in went.items()):
        raise MoneyGoneError("The money is not there any more.")


def _of_shares(held: HoldRow, went: Mapping[UUID, Money], parts: Iterable[Part]) -> list[Some]:
    """Return the shares that it came out of: those for the same thing first, the last first."""
    left, again = dict(went), {share.id: ZERO for share in held.shares}
    about = [(part.category, part.outcome_id, part.amount) for part in parts]
    wanted = [*about, (None, None, total(went.values()))]
    for category, outcome_id, rest in wanted:
        for share in reversed(held.shares):
            if category is not None and (share.category, share.outcome_id) != (
                category,
                outcome_id,
            ):
                continue
            has = left.get(share.available_account_id, ZERO)
            some = min(rest, has, share.released - again[share.id])
            again[share.id] += some
            left[share.available_account_id] = has - some
            rest -= some  # noqa: PLW2901 - what of this part is still to be found
    return [(share, again[share.id]) for share in held.shares if again[share.id]]


def _take_windows(session: Session, held: HoldRow, some: Sequence[Some]) -> None:
    """Count it in the windows of limits in which it counted before.

    An order of which nothing was left counts as one of a limit's orders again.
    """
    amounts = {share.id: part for share, part in some}
    rows = [row[0] for row in session.execute(_TAKINGS, {"hold": held.order_id})]
    touched = {taking.limit_id for taking in rows if taking.share_id in amounts}
    if not touched:
        return
    limits = {
        limit.id: limit
        for limit in session.scalars(select(SpendingLimit).where(SpendingLimit.id.in_(touched)))
    }
    passed = set(session.scalars(_PASSED, {"hold": held.order_id}))
    counted = {taking.limit_id for taking in rows if taking.count}
    connection = session.connection()
    for taking in rows:
        if taking.limit_id not in touched:
            continue
        first = taking.limit_id not in counted
        counted.add(taking.limit_id)
        amount = amounts.get(taking.share_id, ZERO)
        if not amount and not first:
            continue
        more = {"amount": amount, "more": int(first)}
        window = {"limit": taking.limit_id, "window": taking.window_starts_on}
        used, count = connection.execute(_USE, {**window, **more}).one()
        _check_limit(limits[taking.limit_id], used, count, passed=passed)
        connection.execute(_TAKE, {"taking": taking.id, **more})


def _check_limit(limit: SpendingLimit, used: Money, count: int, *, passed: set[UUID]) -> None:
    if limit.ended_at is not None or limit.id in passed:
        return
    of_orders = limit.measure is Measure.COUNT
    if count > limit.count_max if of_orders else used > limit.amount:
        raise MoneyGoneError("Other orders have used up what may be spent in that time.")
