"""What becomes of money that was set aside: paid to the provider, or put back.

Of one order or of many: they are locked together, and few statements move and note all of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.audit.commands import Deed, record_all
from marketplace.budgets.commands.held_money import (
    Some,
    deed,
    end_pools,
    give_windows_back,
    is_done,
    lock_money,
    locked_holds,
    note,
    send_home,
    some_of,
    spread_over,
)
from marketplace.budgets.commands.holds import hold_more
from marketplace.budgets.errors import CaptureTooMuchError
from marketplace.budgets.models import Hold
from marketplace.budgets.queries import HoldRow
from marketplace.budgets.rules import Part
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import move_all, open_accounts
from marketplace.wallet.rules import AccountKind, Movement, merged

_holds = Hold.__table__
assert isinstance(_holds, Table)

_amount = bindparam("amount", type_=Hold.tolerance.type)
_USE_TOLERANCE = (
    update(_holds)
    .where(_holds.c.id == bindparam("hold"))
    .values(tolerance_pence=_holds.c.tolerance_pence - _amount)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of what is set aside for an order, and the key of the deed that moves it.

    What of it is for which category and outcome may be said by ``parts``.
    """

    key: str
    amount: Money
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of the money of one order: some is paid to a provider, some goes back."""

    order_id: UUID
    provider_id: UUID | None = None
    paid: Piece | None = None
    back: Piece | None = None


@dataclass(frozen=True, slots=True)
class _Moving:
    """A settlement, and what it takes from which share."""

    wish: Settlement
    held: HoldRow
    paid: list[Some]
    back: list[Some]


_Earned = Mapping[tuple[UUID, UUID], UUID]
"""The accounts of what providers earned, by provider and council."""


def settle_holds(
    session: Session,
    wishes: Sequence[Settlement],
    *,
    at: datetime,
    by_user_id: UUID | None = None,
) -> None:
    """Pay and put back what is set aside for some orders, each named once.

    Every piece is moved once: the same key again moves nothing. More than is set aside is paid as
    far as the tolerance reaches that was agreed with the order, from the same wallet and under the
    same limits.

    Raises:
        NotFoundError: nothing was ever set aside for one of the orders.
        CaptureTooMuchError: less is set aside, and the difference is more than was agreed.
        SpendRefusedError: the difference is within what was agreed, but the wallet lacks it.
        KeyReusedError: a key belongs to another deed.
    """
    held = locked_holds(session, [wish.order_id for wish in wishes])
    earned = _earned(session, held, wishes)
    todo = _to_do(session, held, wishes, earned)
    if not todo:
        return
    growing = [
        held[wish.order_id]
        for wish in todo
        if wish.paid is not None and wish.paid.amount > held[wish.order_id].open
    ]
    ours = [held[wish.order_id] for wish in todo]
    lock_money(session, ours, earned.values(), growing=growing)
    moving = [_moving(session, held[wish.order_id], wish, at=at) for wish in todo]
    move_all(session, [each for one in moving for each in _movements(one, earned)], at=at)
    note(session, [some for one in moving for some in one.paid], "captured_pence")
    note(session, [some for one in moving for some in one.back], "released_pence")
    back = [one for one in moving if one.back]
    if back:
        give_windows_back(session, {one.held.order_id: one.back for one in back})
        send_home(session, [(one.wish.back.key, one.back) for one in back if one.wish.back], at=at)
    end_pools(session, ours, at=at)
    record_all(session, [each for one in moving for each in _deeds(one, by_user_id, at)])


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
    wish = Settlement(order_id=order_id, provider_id=provider_id, paid=Piece(key, amount, parts))
    settle_holds(session, [wish], at=at, by_user_id=by_user_id)


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
    wish = Settlement(order_id=order_id, back=Piece(key, amount, parts))
    settle_holds(session, [wish], at=at, by_user_id=by_user_id)


def _earned(
    session: Session, held: Mapping[UUID, HoldRow], wishes: Sequence[Settlement]
) -> dict[tuple[UUID, UUID], UUID]:
    """Return the accounts into which is paid; make those that are missing."""
    wanted: dict[UUID, set[UUID]] = {}
    for wish in wishes:
        if wish.paid is not None and wish.paid.amount:
            assert wish.provider_id is not None, "what is paid is paid to somebody"
            wanted.setdefault(held[wish.order_id].council_id, set()).add(wish.provider_id)
    return {
        (provider_id, council_id): account_id
        for council_id in sorted(wanted)
        for provider_id, account_id in open_accounts(
            session,
            owner_ids=wanted[council_id],
            kind=AccountKind.EARNED,
            council_id=council_id,
        ).items()
    }


def _to_do(
    session: Session,
    held: Mapping[UUID, HoldRow],
    wishes: Sequence[Settlement],
    earned: _Earned,
) -> list[Settlement]:
    """Return what is still to be done: without what moves nothing, or was moved before."""
    pieces = [piece for wish in wishes for piece in (wish.paid, wish.back) if piece]
    earlier = ledger.find_movements(session, keys=[piece.key for piece in pieces if piece.amount])
    found = []
    for wish in wishes:
        hold, paid, back = held[wish.order_id], wish.paid, wish.back
        if paid is not None and (
            not paid.amount
            or is_done(
                earlier, hold, paid.key, "capture", paid.amount, [_account(wish, hold, earned)]
            )
        ):
            paid = None
        if back is not None and (
            not back.amount or is_done(earlier, hold, back.key, "release", back.amount)
        ):
            back = None
        if paid or back:
            found.append(replace(wish, paid=paid, back=back))
    return found


def _account(wish: Settlement, held: HoldRow, earned: _Earned) -> UUID:
    assert wish.provider_id is not None, "what is paid is paid to somebody"
    return earned[wish.provider_id, held.council_id]


def _moving(session: Session, held: HoldRow, wish: Settlement, *, at: datetime) -> _Moving:
    """Return from which shares is paid, and to which is given back."""
    paid: list[Some] = []
    back: list[Some] = []
    if wish.paid is not None:
        held = _with_tolerance(session, held, wish.paid.amount, key=wish.paid.key, at=at)
        paid = some_of(held, spread_over(held, wish.paid.amount, wish.paid.parts))
    if wish.back is not None:
        left = _without(held, paid)
        if wish.back.amount > left.open:
            raise CaptureTooMuchError(left=left.open, wanted=wish.back.amount)
        amounts = spread_over(left, wish.back.amount, wish.back.parts, last_first=True)
        back = some_of(left, amounts)
    return _Moving(wish, held, paid, back)


def _without(held: HoldRow, paid: Sequence[Some]) -> HoldRow:
    """Return a hold as it is when some of it is paid."""
    taken = {share.id: part for share, part in paid}
    shares = (
        replace(share, captured=share.captured + taken.get(share.id, ZERO)) for share in held.shares
    )
    return replace(held, shares=tuple(shares))


def _movements(one: _Moving, earned: _Earned) -> Iterable[Movement]:
    paid, back = one.wish.paid, one.wish.back
    if paid is not None:
        into = (_account(one.wish, one.held, earned), paid.amount)
        legs = [(share.held_account_id, -part) for share, part in one.paid]
        yield Movement(paid.key, "capture", merged([*legs, into]))
    if back is not None:
        legs = [
            leg
            for share, part in one.back
            for leg in ((share.held_account_id, -part), (share.available_account_id, part))
        ]
        yield Movement(back.key, "release", merged(legs))


def _deeds(one: _Moving, by_user_id: UUID | None, at: datetime) -> Iterable[Deed]:
    for what, piece in (("money-paid", one.wish.paid), ("money-released", one.wish.back)):
        if piece is not None:
            yield deed(what, one.held, piece.amount, by_user_id=by_user_id, at=at)


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
    return locked_holds(session, [held.order_id])[held.order_id]
