"""Setting money aside for an order. The hot path: every order passes through here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.errors import OrderIdReusedError, PriceRiseError, SpendRefusedError
from marketplace.budgets.models import Hold, HoldShare, HoldTaking, LimitUse, SpendRequest
from marketplace.budgets.queries import HoldRow
from marketplace.budgets.rules import (
    Answer,
    HoldKind,
    Limit,
    Part,
    Pot,
    Spend,
    decide,
    with_order,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.kernel.writing import insert_once
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move
from marketplace.wallet.rules import Leg, Movement

_uses = LimitUse.__table__
assert isinstance(_uses, Table)

_NEW_HOLD = insert(Hold)
_NEW_SHARES = insert(HoldShare)
_NEW_TAKINGS = insert(HoldTaking)
_share = bindparam("share", type_=_uses.c.used_pence.type)
_orders = bindparam("orders", type_=_uses.c["count"].type)
_USE_LIMIT = (
    update(_uses)
    .where(
        _uses.c.limit_id == bindparam("limit"),
        _uses.c.window_starts_on == bindparam("window"),
        # The last wall: whatever was decided before, nobody gets past the limit.
        _uses.c.used_pence + _share <= bindparam("most", type_=_uses.c.used_pence.type),
        _uses.c["count"] + _orders <= bindparam("most_orders", type_=_uses.c["count"].type),
    )
    .values(used_pence=_uses.c.used_pence + _share, count=_uses.c["count"] + _orders)
)
_USE_EXCEPTION = (
    update(SpendRequest)
    .where(SpendRequest.id == bindparam("request"), SpendRequest.used_at.is_(None))
    .values(used_by_order_id=bindparam("order"), used_at=bindparam("now"))
)
_NO_WALL = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed with an order about its money."""

    tolerance: Money = ZERO
    """By how much more the provider may be paid than is set aside."""
    agreed: Money = ZERO
    """What one period of a standing order may cost; nothing if it is no standing order."""
    covers_until: date | None = None
    expires_at: datetime | None = None
    """When the money goes back, if nobody has taken the order on."""


NO_TERMS = Terms()


def hold(
    session: Session,
    *,
    spend: Spend,
    person_id: UUID,
    by: Actor | None,
    at: datetime,
    terms: Terms = NO_TERMS,
) -> None:
    """Set money aside for an order, or do nothing. The same order again is the same hold.

    Nobody as ``by`` means the market itself, for what was agreed to before.

    Raises:
        NotAllowedError: they may no longer spend for this person, or not so much.
        SpendRefusedError: there is too little money, or a limit stands in the way.
        OrderIdReusedError: something else is set aside for an order with this id.
    """
    # Lock before looking: two spends of one person take turns, so the second sees the first.
    balances = _lock(session, person_id, spend.pool_id)
    earlier = queries.find_hold(session, order_id=spend.order_id)
    if earlier is not None:
        _check_same(earlier, spend, person_id)
        return
    _check_authority(session, spend.amount, person_id=person_id, by=by, at=at)
    _check_pool(session, spend, person_id)
    pots = queries.pots_of(
        session, person_id=person_id, at=at, balances=balances, pool_id=spend.pool_id
    )
    answer, used = _decide(session, spend, pots, person_id=person_id, at=at)
    _insert_hold(session, spend, terms, person_id=person_id, at=at)
    key = f"order/{spend.order_id}/hold"
    _set_aside(session, answer, pots, key=key, first=0, at=at)
    _use_exceptions(session, used, order_id=spend.order_id, at=at)
    _record(session, "money-held", person_id, spend.order_id, spend.amount, by=by, at=at)


def hold_more(
    session: Session,
    *,
    order_id: UUID,
    key: str,
    parts: Sequence[Part],
    by: Actor | None,
    at: datetime,
) -> None:
    """Set more money aside for an order that has some already; the same key again adds nothing.

    Raises:
        NotFoundError: nothing was ever set aside for this order.
        NotAllowedError: they may no longer spend for this person, or not so much.
        SpendRefusedError: there is too little money, or a limit stands in the way.
    """
    held = queries.find_hold(session, order_id=order_id, lock=True)
    if held is None or held.provider_id is None:
        raise NotFoundError
    balances = _lock(session, held.person_id, held.pool_id)
    if ledger.find_movement(session, key=key) is not None:
        return
    spend = Spend(
        order_id=order_id,
        council_id=held.council_id,
        provider_id=held.provider_id,
        parts=tuple(parts),
        pool_id=held.pool_id,
    )
    _check_authority(session, spend.amount, person_id=held.person_id, by=by, at=at)
    pots = queries.pots_of(
        session, person_id=held.person_id, at=at, balances=balances, pool_id=held.pool_id
    )
    # Each period of a standing order is an order of its own to a limit for one order.
    known = [] if held.covers_until else [(share.line_id, share.part) for share in held.shares]
    counted = queries.limits_that_count(session, order_id=order_id)
    answer, used = _decide(
        session,
        spend,
        with_order(pots, known, held.provider_id),
        person_id=held.person_id,
        at=at,
        counted=counted,
    )
    _set_aside(session, answer, pots, key=key, first=len(held.shares), at=at)
    _use_exceptions(session, used, order_id=order_id, at=at)
    _record(session, "more-money-held", held.person_id, order_id, spend.amount, by=by, at=at)


def roll_hold(
    session: Session,
    *,
    order_id: UUID,
    parts: Sequence[Part],
    covers_until: date,
    by: Actor | None,
    at: datetime,
) -> None:
    """Set the next period of a standing order aside; a period that is covered adds nothing.

    Raises:
        NotFoundError: no standing order has this id.
        PriceRiseError: it costs more than was agreed to.
        NotAllowedError: whoever placed it has left the pool that paid for it.
        SpendRefusedError: there is too little money, or a limit stands in the way.
    """
    held = queries.find_hold(session, order_id=order_id, lock=True)
    if held is None or held.covers_until is None:
        raise NotFoundError
    if covers_until <= held.covers_until:
        return
    wanted = total(part.amount for part in parts)
    if wanted > held.agreed:
        raise PriceRiseError(agreed=held.agreed, wanted=wanted)
    if held.pool_id is not None and not queries.is_member(
        session, pool_id=held.pool_id, person_id=held.person_id
    ):
        raise NotAllowedError("Whoever ordered this has left the pool that paid for it.")
    key = f"order/{order_id}/roll/{covers_until}"
    hold_more(session, order_id=order_id, key=key, parts=parts, by=by, at=at)
    session.execute(update(Hold).where(Hold.id == order_id).values(covers_until=covers_until))


def agree_to_rise(
    session: Session, *, order_id: UUID, amount: Money, by: Actor, at: datetime
) -> None:
    """Agree that one period of a standing order may cost more from now on.

    Raises:
        NotFoundError: the person has no such standing order.
        NotAllowedError: they may not spend so much for this person.
    """
    held = queries.find_hold(session, order_id=order_id, lock=True)
    if held is None or held.covers_until is None or held.person_id != by.buys_for:
        raise NotFoundError
    _check_authority(session, amount, person_id=held.person_id, by=by, at=at)
    session.execute(update(Hold).where(Hold.id == order_id).values(agreed=amount))
    _record(session, "price-rise-agreed", held.person_id, order_id, amount, by=by, at=at)


def keep_hold(session: Session, *, order_id: UUID) -> None:
    """Let a hold last, because the provider took the order on."""
    session.execute(update(Hold).where(Hold.id == order_id).values(expires_at=None))


def _lock(session: Session, person_id: UUID, pool_id: UUID | None) -> dict[UUID, Money]:
    accounts = queries.account_ids_of(session, person_id=person_id, pool_id=pool_id)
    return lock_accounts(session, accounts)


def _check_authority(
    session: Session, amount: Money, *, person_id: UUID, by: Actor | None, at: datetime
) -> None:
    if by is None:
        return
    authority = access.authority(session, user_id=by.user_id, person_id=person_id, at=at)
    if not (authority.may_pay or authority.may_approve):
        raise NotAllowedError("You can no longer spend this money.")
    if authority.ceiling is not None and amount > authority.ceiling:
        raise NotAllowedError(
            f"This costs {amount}, and you may spend up to {authority.ceiling} with one order."
        )


def _check_pool(session: Session, spend: Spend, person_id: UUID) -> None:
    if spend.pool_id is None:
        return
    refusal = queries.pool_refusal(session, spend=spend, person_id=person_id, amount=spend.amount)
    if refusal is not None:
        raise SpendRefusedError(refusal)


def _decide(
    session: Session,
    spend: Spend,
    pots: Sequence[Pot],
    *,
    person_id: UUID,
    at: datetime,
    counted: frozenset[UUID] = frozenset(),
) -> tuple[Answer, list[UUID]]:
    """Return the yes, and the requests it uses up; raise the no."""
    day = local_day(at)
    answer = decide(spend, pots, day=day, counted=counted)
    used: list[UUID] = []
    if answer.may_ask:
        agreed = queries.exceptions_for(session, spend=spend, person_id=person_id, at=at)
        answer = decide(spend, pots, day=day, excepted=frozenset(agreed), counted=counted)
        used = [agreed[limit_id] for limit_id in sorted(answer.excepted)]
    if not answer.yes:
        raise SpendRefusedError(answer)
    return answer, used


def _check_same(earlier: HoldRow, spend: Spend, person_id: UUID) -> None:
    there = (earlier.person_id, earlier.council_id, earlier.held)
    if there != (person_id, spend.council_id, spend.amount):
        raise OrderIdReusedError


def _insert_hold(
    session: Session, spend: Spend, terms: Terms, *, person_id: UUID, at: datetime
) -> None:
    session.execute(
        _NEW_HOLD,
        {
            "id": spend.order_id,
            "person_id": person_id,
            "council_id": spend.council_id,
            "kind": HoldKind.ORDER,
            "provider_id": spend.provider_id,
            "made_at": at,
            "tolerance": terms.tolerance,
            "agreed": terms.agreed,
            "covers_until": terms.covers_until,
            "expires_at": terms.expires_at,
        },
    )


def _set_aside(
    session: Session,
    answer: Answer,
    pots: Sequence[Pot],
    *,
    key: str,
    first: int,
    at: datetime,
) -> None:
    """Write shares, takings, uses and the movement; ``first`` is the first share's position."""
    if not answer.shares:  # what costs nothing moves nothing
        return
    shares = [_share_row(answer, number, first) for number in range(len(answer.shares))]
    session.execute(_NEW_SHARES, shares)
    _use_limits(session, answer, pots, [share["id"] for share in shares])
    move(session, Movement(key, "hold", _legs(answer, pots)), at=at)


def _share_row(answer: Answer, number: int, first: int) -> dict[str, object]:
    share = answer.shares[number]
    part = answer.spend.parts[share.part]
    return {
        "id": uuid4(),
        "hold_id": answer.spend.order_id,
        "line_id": share.line_id,
        "position": first + number,
        "category": part.category,
        "outcome_id": part.outcome_id,
        "held": share.amount,
        "captured": ZERO,
        "released": ZERO,
        "refunded": ZERO,
    }


def _use_limits(
    session: Session, answer: Answer, pots: Sequence[Pot], share_ids: Sequence[object]
) -> None:
    if not answer.takings:
        return
    limits = {limit.id: limit for pot in pots for limit in pot.limits}
    for limit_id in dict.fromkeys(taking.limit_id for taking in answer.takings):
        _use_limit(session, answer, limits[limit_id])
    session.execute(
        _NEW_TAKINGS,
        [
            {
                "id": uuid4(),
                "hold_id": answer.spend.order_id,
                "share_id": share_ids[taking.share],
                "limit_id": taking.limit_id,
                "window_starts_on": limits[taking.limit_id].span.starts_on,
                "amount": taking.amount,
                "count": taking.count,
            }
            for taking in answer.takings
        ],
    )


def _use_limit(session: Session, answer: Answer, limit: Limit) -> None:
    mine = [taking for taking in answer.takings if taking.limit_id == limit.id]
    if not limit.used and not limit.used_count:  # perhaps the first spend in this window
        values = {"limit_id": limit.id, "window_starts_on": limit.span.starts_on}
        insert_once(session, LimitUse, {"id": uuid4(), **values, "used": ZERO, "count": 0})
    passed = limit.id in answer.excepted
    most, most_orders = (Money(_NO_WALL), _NO_WALL) if passed else limit.walls
    changed = session.connection().execute(
        _USE_LIMIT,
        {
            "limit": limit.id,
            "window": limit.span.starts_on,
            "share": total(taking.amount for taking in mine),
            "orders": sum(taking.count for taking in mine),
            "most": most,
            "most_orders": most_orders,
        },
    )
    assert changed.rowcount == 1, "the accounts are locked, so what was decided still holds"


def _legs(answer: Answer, pots: Sequence[Pot]) -> list[Leg]:
    legs = []
    for pot in pots:
        paid = total(share.amount for share in answer.shares if share.line_id == pot.id)
        if paid:
            legs += [Leg(pot.available_account_id, -paid), Leg(pot.held_account_id, paid)]
    return legs


def _use_exceptions(
    session: Session, request_ids: Sequence[UUID], *, order_id: UUID, at: datetime
) -> None:
    for request_id in request_ids:
        used = {"request": request_id, "order": order_id, "now": at}
        changed = session.connection().execute(_USE_EXCEPTION, used)
        assert changed.rowcount == 1, "a spend of this person waits until this one has ended"


def _record(  # noqa: PLR0913 - private: what a deed says
    session: Session,
    what: str,
    person_id: UUID,
    order_id: UUID,
    amount: Money,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    record(
        session,
        what=what,
        chain_id=person_id,
        subject_id=order_id,
        by_user_id=by.user_id if by else None,
        for_person_id=person_id,
        at=at,
        details={"pence": amount.pence},
    )
