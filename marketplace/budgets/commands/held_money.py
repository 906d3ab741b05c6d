"""What all that settles a hold has in common: locks, shares, and the way back. Pure of deeds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.audit.commands import Deed
from marketplace.budgets import queries
from marketplace.budgets.commands.flowing import (
    any_closed,
    end_if_empty,
    flow_on,
    lock_beyond,
)
from marketplace.budgets.models import HoldShare, HoldTaking, LimitUse
from marketplace.budgets.queries import HoldRow, HoldShareRow
from marketplace.budgets.rules import Part, spread, spread_in_proportion
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet.commands import lock_accounts
from marketplace.wallet.errors import KeyReusedError
from marketplace.wallet.rules import Movement

Some = tuple[HoldShareRow, Money]
"""A share, and how much of it is meant."""

_uses = LimitUse.__table__
_takings = HoldTaking.__table__
_shares = HoldShare.__table__
assert isinstance(_uses, Table)
assert isinstance(_takings, Table)
assert isinstance(_shares, Table)

_amount = bindparam("amount", type_=HoldShare.held.type)
_TAKINGS = select(_takings.c.share_id, _takings.c.limit_id, _takings.c.window_starts_on).where(
    _takings.c.share_id.in_(bindparam("shares", expanding=True))
)
_LESS_TAKEN = (
    update(_takings)
    .where(_takings.c.share_id == bindparam("share"))
    .values(amount_pence=_takings.c.amount_pence - _amount)
)
_LESS_USED = (
    update(_uses)
    .where(_uses.c.limit_id == bindparam("limit"), _uses.c.window_starts_on == bindparam("window"))
    .values(used_pence=_uses.c.used_pence - _amount)
)
# More may have been set aside in a later window: the order counts in that of its first taking.
_counting_window = func.max(case((_takings.c["count"] == 1, _takings.c.window_starts_on)))
_NOTHING_LEFT = (
    select(_takings.c.hold_id, _takings.c.limit_id, _counting_window)
    .where(_takings.c.hold_id.in_(bindparam("holds", expanding=True)))
    .group_by(_takings.c.hold_id, _takings.c.limit_id)
    .having(
        func.sum(_takings.c.amount_pence, type_=_takings.c.amount_pence.type) == ZERO,
        func.sum(_takings.c["count"]) > 0,
    )
)
_NOT_COUNTED = (
    update(_takings)
    .where(
        _takings.c.hold_id == bindparam("hold"),
        _takings.c.limit_id == bindparam("limit"),
        _takings.c["count"] == 1,
    )
    .values(count=0)
)
_ONE_ORDER_LESS = (
    update(_uses)
    .where(_uses.c.limit_id == bindparam("limit"), _uses.c.window_starts_on == bindparam("window"))
    .values(count=_uses.c["count"] - 1)
)
_NOTE = {
    column: update(_shares)
    .where(_shares.c.id == bindparam("share"))
    .values({column: _shares.c[column] + _amount})
    for column in ("captured_pence", "released_pence", "refunded_pence")
}


def locked_holds(session: Session, order_ids: Iterable[UUID]) -> dict[UUID, HoldRow]:
    """Lock what is set aside for some orders.

    Raises:
        NotFoundError: nothing was ever set aside for one of them.
    """
    wanted = set(order_ids)
    held = queries.find_holds(session, order_ids=wanted, lock=True)
    if held.keys() != wanted:
        raise NotFoundError
    return held


def lock_money(
    session: Session,
    held: Collection[HoldRow],
    others: Iterable[UUID] = (),
    *,
    growing: Iterable[HoldRow] = (),
) -> None:
    """Lock all accounts that settling these holds may touch, in one go, and so in one order.

    ``growing`` are those that have to grow first.
    """
    shares = [share for hold in held for share in hold.shares]
    own = {id_ for share in shares for id_ in (share.available_account_id, share.held_account_id)}
    beyond = lock_beyond(session, {share.line_id for share in shares})
    wallets = {
        account_id
        for hold in growing
        for account_id in queries.account_ids_of(
            session, person_id=hold.person_id, pool_id=hold.pool_id
        )
    }
    lock_accounts(session, {*own, *beyond, *wallets, *others})


def is_done(
    earlier: Mapping[str, tuple[UUID, Movement]],
    held: HoldRow,
    key: str,
    reason: str,
    amount: Money,
    others: Iterable[UUID] = (),
) -> bool:
    """Tell whether a deed is among what was moved earlier.

    Raises:
        KeyReusedError: its key belongs to another deed.
    """
    if key not in earlier:
        return False
    _, moved = earlier[key]
    ours = {*others}.union(
        *((share.available_account_id, share.held_account_id) for share in held.shares)
    )
    moved_in = total(leg.amount for leg in moved.legs if leg.amount > ZERO)
    touched = {leg.account_id for leg in moved.legs}
    if (moved.reason, moved_in) != (reason, amount) or not touched <= ours:
        raise KeyReusedError(key)
    return True


def some_of(held: HoldRow, amounts: Sequence[Money]) -> list[Some]:
    """Return the shares of which there is something, each with how much."""
    return [(share, part) for share, part in zip(held.shares, amounts, strict=True) if part]


def spread_over(
    held: HoldRow, amount: Money, parts: Sequence[Part], *, last_first: bool = False
) -> list[Money]:
    """Return how much of each share is paid, or given back."""
    has = [share.open for share in held.shares]
    if held.pool_id is not None:
        groups = [
            (
                [
                    n
                    for n, share in enumerate(held.shares)
                    if (share.category, share.outcome_id) == (part.category, part.outcome_id)
                ],
                part.amount,
            )
            for part in parts
        ]
        return spread_in_proportion(amount, has, groups)
    meant = _goes_to(held, parts)
    if last_first:
        return spread(amount, has[::-1], meant[::-1])[::-1]
    return spread(amount, has, meant)


def _goes_to(held: HoldRow, parts: Sequence[Part]) -> list[Money]:
    """Return how much is meant for each share, as far as the parts say it."""
    meant = [ZERO] * len(held.shares)
    for part in parts:
        mine = [
            n
            for n, share in enumerate(held.shares)
            if (share.category, share.outcome_id) == (part.category, part.outcome_id)
        ]
        rest = part.amount
        for n in mine:
            some = min(rest, held.shares[n].open - meant[n])
            meant[n] += some
            rest -= some
    return meant


def note(session: Session, some: Iterable[Some], column: str) -> None:
    """Note what became of some shares."""
    rows = [{"share": share.id, "amount": part} for share, part in some]
    if rows:
        session.connection().execute(_NOTE[column], rows)


def give_windows_back(session: Session, back: Mapping[UUID, Sequence[Some]]) -> None:
    """Give back to the windows of limits what goes back of some orders."""
    parts = {share.id: part for some in back.values() for share, part in some}
    if not parts:
        return
    connection = session.connection()
    less = [
        {"limit": limit_id, "window": starts_on, "amount": parts[share_id]}
        for share_id, limit_id, starts_on in connection.execute(_TAKINGS, {"shares": list(parts)})
    ]
    if not less:
        return
    connection.execute(_LESS_USED, sorted(less, key=lambda row: (row["limit"], row["window"])))
    connection.execute(
        _LESS_TAKEN, [{"share": share_id, "amount": part} for share_id, part in parts.items()]
    )
    # An order of which nothing is left is not one of a limit's orders any more.
    gone = connection.execute(_NOTHING_LEFT, {"holds": list(back)}).all()
    if not gone:
        return
    connection.execute(
        _NOT_COUNTED, [{"hold": hold_id, "limit": limit_id} for hold_id, limit_id, _ in gone]
    )
    connection.execute(
        _ONE_ORDER_LESS,
        [{"limit": limit_id, "window": starts_on} for _, limit_id, starts_on in gone],
    )


def send_home(
    session: Session, back: Iterable[tuple[str, Sequence[Some]]], *, at: datetime
) -> None:
    """Let what came back to closed lines, each by a deed with a key, go on from there."""
    ways = [(key, [share.line_id for share, _ in some]) for key, some in back]
    if not any_closed(session, {line_id for _, line_ids in ways for line_id in line_ids}):
        return
    for key, line_ids in ways:
        flow_on(session, line_ids, key=key, at=at)


def end_pools(session: Session, held: Iterable[HoldRow], *, at: datetime) -> None:
    """End the pools that paid and have no members, once nothing of them is set aside any more."""
    for pool_id in sorted({hold.pool_id for hold in held if hold.pool_id is not None}):
        end_if_empty(session, pool_id, at=at)


def deed(what: str, held: HoldRow, amount: Money, *, by_user_id: UUID | None, at: datetime) -> Deed:
    """Return what the trail says of money that was moved."""
    return Deed(
        what=what,
        chain_id=held.person_id,
        subject_id=held.order_id,
        by_user_id=by_user_id,
        for_person_id=held.person_id,
        at=at,
        details={"pence": amount.pence},
    )
