"""What becomes of money that was set aside: paid, released, given back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.errors import CaptureTooMuchError, RefundTooMuchError
from marketplace.budgets.models import HoldShare, HoldTaking, LimitUse
from marketplace.budgets.queries import HoldRow, HoldShareRow
from marketplace.budgets.rules import give_back_last_first, refund_shares, take_in_sequence
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.errors import KeyReusedError
from marketplace.wallet.rules import AccountKind, Leg, Movement

_uses = LimitUse.__table__
_takings = HoldTaking.__table__
_shares = HoldShare.__table__
assert isinstance(_uses, Table)
assert isinstance(_takings, Table)
assert isinstance(_shares, Table)

_amount = bindparam("amount", type_=HoldShare.held.type)
_TAKINGS = select(_takings.c.limit_id, _takings.c.window_starts_on).where(
    _takings.c.hold_id == bindparam("hold"), _takings.c.line_id == bindparam("line")
)
_LESS_TAKEN = (
    update(_takings)
    .where(_takings.c.hold_id == bindparam("hold"), _takings.c.line_id == bindparam("line"))
    .values(amount_pence=_takings.c.amount_pence - _amount)
)
_LESS_USED = (
    update(_uses)
    .where(_uses.c.limit_id == bindparam("limit"), _uses.c.window_starts_on == bindparam("window"))
    .values(used_pence=_uses.c.used_pence - _amount)
)
_NOTE = {
    column: update(_shares)
    .where(_shares.c.hold_id == bindparam("hold"), _shares.c.line_id == bindparam("line"))
    .values({column: _shares.c[column] + _amount})
    for column in ("captured_pence", "released_pence", "refunded_pence")
}


def capture(  # noqa: PLR0913 - which order, which deed, how much, to whom, by whom, when
    session: Session,
    *,
    order_id: UUID,
    key: str,
    amount: Money,
    provider_id: UUID,
    at: datetime,
    by_user_id: UUID | None = None,
) -> None:
    """Pay a provider from what is set aside for an order; the same key again pays nothing.

    Raises:
        NotFoundError: nothing was ever set aside for this order.
        CaptureTooMuchError: less is set aside.
        KeyReusedError: the key belongs to another deed.
    """
    assert amount >= ZERO
    held = _locked(session, order_id)
    earned = _earned(session, held, provider_id)
    if not amount or _is_done(session, held, key, "capture", amount, earned):
        return
    if amount > held.open:
        raise CaptureTooMuchError(left=held.open, wanted=amount)
    taken, _ = take_in_sequence(amount, [share.open for share in held.shares])
    paying = _parts(held, taken)
    legs = [Leg(share.held_account_id, -part) for share, part in paying]
    _move(session, Movement(key, "capture", [*legs, Leg(earned, amount)]), at=at)
    _note(session, held, paying, "captured_pence")
    _record(session, "money-paid", held, amount, by_user_id=by_user_id, at=at)


def release(
    session: Session,
    *,
    order_id: UUID,
    key: str,
    amount: Money,
    at: datetime,
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
    given = give_back_last_first(amount, [share.open for share in held.shares])
    back = _parts(held, given)
    legs = [
        leg
        for share, part in back
        for leg in (Leg(share.held_account_id, -part), Leg(share.available_account_id, part))
    ]
    _move(session, Movement(key, "release", legs), at=at)
    _note(session, held, back, "released_pence")
    _give_windows_back(session, held, back)
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
    shares = refund_shares(
        amount,
        captured=[share.captured for share in held.shares],
        refunded=[share.refunded for share in held.shares],
    )
    back = _parts(held, shares)
    legs = [Leg(share.available_account_id, part) for share, part in back]
    _move(session, Movement(key, "refund", [*legs, Leg(earned, -amount)]), at=at)
    _note(session, held, back, "refunded_pence")
    _give_windows_back(session, held, back)
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


def _move(session: Session, movement: Movement, *, at: datetime) -> None:
    lock_accounts(session, [leg.account_id for leg in movement.legs])
    move(session, movement, at=at)


def _note(
    session: Session, held: HoldRow, parts: Iterable[tuple[HoldShareRow, Money]], column: str
) -> None:
    for share, part in parts:
        session.connection().execute(
            _NOTE[column], {"hold": held.order_id, "line": share.line_id, "amount": part}
        )


def _give_windows_back(
    session: Session, held: HoldRow, parts: Iterable[tuple[HoldShareRow, Money]]
) -> None:
    connection = session.connection()
    for share, part in parts:
        taken = {"hold": held.order_id, "line": share.line_id}
        for limit_id, starts_on in connection.execute(_TAKINGS, taken).all():
            window = {"limit": limit_id, "window": starts_on, "amount": part}
            connection.execute(_LESS_USED, window)
        connection.execute(_LESS_TAKEN, taken | {"amount": part})


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
