"""Setting money aside for an order. The hot path: every order passes through here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.queries import authority
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.adapters.books import NewHold
from marketplace.budgets.commands.holding import Deed, check_authority, decided, look, write
from marketplace.budgets.errors import OrderIdReusedError, PriceRiseError, SpendRefusedError
from marketplace.budgets.models import Hold
from marketplace.budgets.queries import HoldRow
from marketplace.budgets.rules import Part, Spend
from marketplace.catalogue.queries import is_council_service
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger


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
    deed = Deed(
        what="money-held", key=f"order/{spend.order_id}/hold", person_id=person_id, by=by, at=at
    )
    if not _hold(session, spend, deed, terms, locked=False):
        done = _hold(session, spend, deed, terms, locked=True)
        assert done, "what is locked does not change"


def _hold(session: Session, spend: Spend, deed: Deed, terms: Terms, *, locked: bool) -> bool:
    """Set money aside, or do nothing and return False: it changed, or takes a lock to be sure."""
    seen = look(session, spend, deed, locked=locked)
    if seen.has_hold:
        earlier = queries.find_hold(session, order_id=spend.order_id)
        _check_same(earlier, spend, deed.person_id)
        return True
    check_authority(seen.authority, spend.amount)
    if spend.pool_id is not None:
        _check_pool(session, spend, deed.person_id)
    decision = decided(session, spend, seen, deed)
    if decision is None:
        return False
    answer, requests = decision
    new = NewHold(
        council_id=spend.council_id,
        provider_id=spend.provider_id,
        tolerance=terms.tolerance,
        agreed=terms.agreed,
        covers_until=terms.covers_until,
        expires_at=terms.expires_at,
    )
    return write(session, answer, seen, deed, requests=requests, hold=new)


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
    spend = Spend(
        order_id=order_id,
        council_id=held.council_id,
        provider_id=held.provider_id,
        parts=tuple(parts),
        pool_id=held.pool_id,
        from_council=is_council_service(session, provider_id=held.provider_id),
    )
    deed = Deed(what="more-money-held", key=key, person_id=held.person_id, by=by, at=at)
    if ledger.find_movement(session, key=key) is not None:
        return
    seen = look(session, spend, deed, locked=True)
    check_authority(seen.authority, spend.amount)
    # Each period of a standing order is an order of its own to a limit for one order.
    known = [] if held.covers_until else [(share.line_id, share.part) for share in held.shares]
    counted = queries.limits_that_count(session, order_id=order_id)
    decision = decided(session, spend, seen, deed, known=known, counted=counted)
    assert decision is not None, "what is locked can be decided"
    answer, requests = decision
    write(session, answer, seen, deed, requests=requests, hold=None, first=len(held.shares))


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
    held = _standing(session, order_id)
    assert held.covers_until is not None
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
    held = _standing(session, order_id)
    if held.person_id != by.buys_for:
        raise NotFoundError
    check_authority(authority(session, user_id=by.user_id, person_id=held.person_id, at=at), amount)
    session.execute(update(Hold).where(Hold.id == order_id).values(agreed=amount))
    record(
        session,
        what="price-rise-agreed",
        chain_id=held.person_id,
        subject_id=order_id,
        by_user_id=by.user_id,
        for_person_id=held.person_id,
        at=at,
        details={"pence": amount.pence},
    )


def keep_hold(session: Session, *, order_id: UUID) -> None:
    """Let a hold last, because the provider took the order on."""
    session.execute(update(Hold).where(Hold.id == order_id).values(expires_at=None))


def _standing(session: Session, order_id: UUID) -> HoldRow:
    held = queries.find_hold(session, order_id=order_id, lock=True)
    if held is None or held.covers_until is None:
        raise NotFoundError
    return held


def _check_pool(session: Session, spend: Spend, person_id: UUID) -> None:
    refusal = queries.pool_refusal(session, spend=spend, person_id=person_id, amount=spend.amount)
    if refusal is not None:
        raise SpendRefusedError(refusal)


def _check_same(earlier: HoldRow | None, spend: Spend, person_id: UUID) -> None:
    assert earlier is not None, "it was just seen"
    there = (earlier.person_id, earlier.council_id, earlier.held)
    if there != (person_id, spend.council_id, spend.amount):
        raise OrderIdReusedError
