"""What becomes of money that was set aside: paid, released, given back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.commands.flowing import end_if_empty, flow_on, lock_beyond
from marketplace.budgets.commands.holds import hold_more
from marketplace.budgets.errors import CaptureTooMuchError, RefundTooMuchError
from marketplace.budgets.models import Hold, HoldShare, HoldTaking, LimitUse
from marketplace.budgets.queries import HoldRow, HoldShareRow
from marketplace.budgets.rules import Part, refund_shares, spread, spread_in_proportion
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.errors import KeyReusedError
from marketplace.wallet.rules import AccountKind, Movement, merged

_uses = LimitUse.__table__
_takings = HoldTaking.__table__
_shares = HoldShare.__table__
_holds = Hold.__table__
assert isinstance(_holds, Table)
assert isinstance(_uses, Table)
assert isinstance(_takings, Table)
assert isinstance(_shares, Table)

_amount = bindparam("amount", type_=HoldShare.held.type)
_TAKINGS = select(_takings.c.limit_id, _takings.c.window_starts_on).where(
    _takings.c.share_id == bindparam("share")
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
    select(_takings.c.limit_id, _counting_window)
    .where(_takings.c.hold_id == bindparam("hold"))
    .group_by(_takings.c.limit_id)
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
_USE_TOLERANCE = (
    update(_holds)
    .where(_holds.c.id == bindparam("hold"))
    .values(tolerance_pence=_holds.c.tolerance_pence - _amount)
)


def capture(  # noqa: PLR0913 - which order, which deed, how much, to whom, by whom, when
    session: Session,
    *,
    order_id: UUID,
    key: str,
    amount: Money,
    provider_id: UUID,
    at: datetime,
    parts: Sequence[Part] = (),
    by_user_id: UUID | None = None,
) -> None:
    """Pay a provider from what is set aside for an order; the same key again pays nothing.

    What is paid for which category and outcome may be said by ``parts``. More than is set aside
    is paid as far as the tolerance reaches that was agreed with the order, from the same wallet
    and under the same limits.

    Raises:
        NotFoundError: nothing was ever set aside for this order.
        CaptureTooMuchError: less is set aside, and the difference is more than was agreed.
        SpendRefusedError: the difference is within what was agreed, but the wallet lacks it.
        KeyReusedError: the key belongs to another deed.
    """
    assert amount >= ZERO
    held = _locked(session, order_id)
    earned = _earned(session, held, provider_id)
    if not amount or _is_done(session, held, key, "capture", amount, earned):
        return
    _lock_money(session, held, earned, more=amount > held.open)
    held = _with_tolerance(session, held, amount, key=key, at=at)
    paying = _parts(held, _spread(held, amount, parts))
    legs = [(share.held_account_id, -part) for share, part in paying]
    move(session, Movement(key, "capture", merged([*legs, (earned, amount)])), at=at)
    _note(session, paying, "captured_pence")
    if held.pool_id is not None:
        end_if_empty(session, held.pool_id, at=at)
    _record(session, "money-paid", held, amount, by_user_id=by_user_id, at=at)


def release(  # noqa: PLR0913 - which order, which deed, how much, of what, by whom, when
    session: Session,
    *,
    order_id: UUID,
    key: str,
    amount: Money,
    at: datetime,
    parts: Sequence[Part] = (),
    by_user_id: UUID | None = None,
) -> None:
    """Put back what is set aside and not needed, to the lines and limit windows it came from.

    Raises:
        NotFoundError: nothing was ever set aside for this order.
        CaptureTooMuchError: less is set aside.
        KeyReusedError: the key belongs to another deed.
    """
    assert amount >= ZERO
    held = _locked(session, order_id)
    if not amount or _is_done(session, held, key, "release", amount):
        return
    if amount > held.open:
        raise CaptureTooMuchError(left=held.open, wanted=amount)
    _lock_money(session, held)
    back = _parts(held, _spread(held, amount, parts, last_first=True))
    legs = [
        leg
        for share, part in back
        for leg in ((share.held_account_id, -part), (share.available_account_id, part))
    ]
    move(session, Movement(key, "release", merged(legs)), at=at)
    _note(session, back, "released_pence")
    _give_windows_back(session, held, back)
    _send_home(session, held, back, key=key, at=at)
    _record(session, "money-released", held, amount, by_user_id=by_user_id, at=at)


def refund(  # noqa: PLR0913 - which order, which deed, how much, from whom, by whom, when
    session: Session,
    *,
    order_id: UUID,
    key: str,
    amount: Money,
    provider_id: UUID,
    at: datetime,
    by_user_id: UUID | None = None,
) -> None:
    """Give back what was paid, to the lines that paid it, in the shares they paid.

    What a provider was paid out already is taken off what they earn next.

    Raises:
        NotFoundError: nothing was ever set aside for this order.
        RefundTooMuchError: less was paid.
        KeyReusedError: the key belongs to another deed.
    """
    assert amount >= ZERO
    held = _locked(session, order_id)
    earned = _earned(session, held, provider_id)
    if not amount or _is_done(session, held, key, "refund", amount, earned):
        return
    if amount > held.captured - held.refunded:
        raise RefundTooMuchError(left=held.captured - held.refunded, wanted=amount)
    _lock_money(session, held, earned)
    shares = refund_shares(
        amount,
        captured=[share.captured for share in held.shares],
        refunded=[share.refunded for share in held.shares],
    )
    back = _parts(held, shares)
    legs = [(share.available_account_id, part) for share, part in back]
    move(session, Movement(key, "refund", merged([*legs, (earned, -amount)])), at=at)
    _note(session, back, "refunded_pence")
    _give_windows_back(session, held, back)
    _send_home(session, held, back, key=key, at=at)
    _record(session, "money-refunded", held, amount, by_user_id=by_user_id, at=at)


def _locked(session: Session, order_id: UUID) -> HoldRow:
    held = queries.find_hold(session, order_id=order_id, lock=True)
    if held is None:
        raise NotFoundError
    return held


def _earned(session: Session, held: HoldRow, provider_id: UUID) -> UUID:
    return open_account(
        session, owner_id=provider_id, kind=AccountKind.EARNED, council_id=held.council_id
    )


def _is_done(
    session: Session, held: HoldRow, key: str, reason: str, amount: Money, *others: UUID
) -> bool:
    earlier = ledger.find_movement(session, key=key)
    if earlier is None:
        return False
    _, moved = earlier
    ours = {*others}.union(
        *((share.available_account_id, share.held_account_id) for share in held.shares)
    )
    moved_in = total(leg.amount for leg in moved.legs if leg.amount > ZERO)
    touched = {leg.account_id for leg in moved.legs}
    if (moved.reason, moved_in) != (reason, amount) or not touched <= ours:
        raise KeyReusedError(key)
    return True


def _parts(held: HoldRow, amounts: Sequence[Money]) -> list[tuple[HoldShareRow, Money]]:
    return [(share, part) for share, part in zip(held.shares, amounts, strict=True) if part]


def _lock_money(session: Session, held: HoldRow, *others: UUID, more: bool = False) -> None:
    """Lock all accounts that settling this hold may touch, in one go, and so in one order.

    ``more`` is for a hold that may have to grow first.
    """
    shares = held.shares
    own = {id_ for share in shares for id_ in (share.available_account_id, share.held_account_id)}
    beyond = lock_beyond(session, {share.line_id for share in shares})
    wallet = (
        queries.account_ids_of(session, person_id=held.person_id, pool_id=held.pool_id)
        if more
        else ()
    )
    lock_accounts(session, {*own, *beyond, *wallet, *others})


def _send_home(
    session: Session,
    held: HoldRow,
    back: Sequence[tuple[HoldShareRow, Money]],
    *,
    key: str,
    at: datetime,
) -> None:
    """Let what came back to a closed line go on from there."""
    flow_on(session, [share.line_id for share, _ in back], key=key, at=at)
    if held.pool_id is not None:
        end_if_empty(session, held.pool_id, at=at)


def _spread(
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


def _note(session: Session, parts: Iterable[tuple[HoldShareRow, Money]], column: str) -> None:
    for share, part in parts:
        session.connection().execute(_NOTE[column], {"share": share.id, "amount": part})


def _give_windows_back(
    session: Session, held: HoldRow, parts: Iterable[tuple[HoldShareRow, Money]]
) -> None:
    connection = session.connection()
    for share, part in parts:
        for limit_id, starts_on in connection.execute(_TAKINGS, {"share": share.id}).all():
            window = {"limit": limit_id, "window": starts_on, "amount": part}
            connection.execute(_LESS_USED, window)
        connection.execute(_LESS_TAKEN, {"share": share.id, "amount": part})
    # An order of which nothing is left is not one of a limit's orders any more.
    for limit_id, starts_on in connection.execute(_NOTHING_LEFT, {"hold": held.order_id}).all():
        connection.execute(_NOT_COUNTED, {"hold": held.order_id, "limit": limit_id})
        connection.execute(_ONE_ORDER_LESS, {"limit": limit_id, "window": starts_on})


def _with_tolerance(
    session: Session, held: HoldRow, amount: Money, *, key: str, at: datetime
) -> HoldRow:
    """Return the hold with enough in it for what is to be paid."""
    more = amount - held.open
    if more <= ZERO:
        return held
    if more > held.tolerance:
        raise CaptureTooMuchError(left=held.open, wanted=amount)
    last = held.shares[-1]
    part = Part(last.category, last.outcome_id, more)
    hold_more(session, order_id=held.order_id, key=f"{key}/tolerance", parts=[part], by=None, at=at)
    session.connection().execute(_USE_TOLERANCE, {"hold": held.order_id, "amount": more})
    return _locked(session, held.order_id)


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


def _record(
    session: Session,
    what: str,
    held: HoldRow,
    amount: Money,
    *,
    by_user_id: UUID | None,
    at: datetime,
) -> None:
    record(
        session,
        what=what,
        chain_id=held.person_id,
        subject_id=held.order_id,
        by_user_id=by_user_id,
        for_person_id=held.person_id,
        at=at,
        details={"pence": amount.pence},
    )
