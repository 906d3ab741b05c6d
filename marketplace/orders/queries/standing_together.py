"""Standing orders that a pool pays for: what its members said to them, and who still has to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.queries import is_member, pool_name, pools_of
from marketplace.budgets.queries.pool_parts import members_since, set_aside_for
from marketplace.budgets.rules import MemberState, first_name
from marketplace.kernel.money import Money
from marketplace.orders.models import Order, StandingOrder, StandingRise, StandingYes
from marketplace.orders.queries.approvals import standing_of
from marketplace.orders.queries.seeing import sees_all
from marketplace.orders.rules import OrderState
from marketplace.orders.rules.standing import Reply

POOL_YES = "a yes from another member of the pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What a page says of the pool that pays for a standing order."""

    pool_id: UUID
    name: str
    whose: str
    """The first name of the member whose standing order it is."""
    is_mine: bool
    set_aside: tuple[tuple[str, Money], ...]
    """What each member's shares have set aside for it now."""
    missing: tuple[str, ...]
    """Who could say the yes that it waits for, or has to; first names."""
    needs_all: bool
    """All of them have to say yes: it is about a higher price."""
    asks_me: bool
    """The one who looks has not said yes yet, and may."""
    can_try: bool
    """Every yes is there, and only its money could not be set aside."""


def yes_missing(session: Session, standing: StandingOrder) -> bool:
    """Tell whether a standing order waits for the yes of another member who is in the pool now."""
    if standing.pool_id is None or not standing.needs_pool_yes:
        return False
    return not _agreed(session, standing) - {standing.person_id}


def rise_missing(session: Session, standing: StandingOrder, rise_id: UUID) -> list[UUID]:
    """Return the members who have not said yes to a new price."""
    assert standing.pool_id is not None, "only a pool has members"
    agreed = _agreed(session, standing, rise_id)
    members = members_since(session, pool_id=standing.pool_id)
    return [person_id for person_id in members if person_id not in agreed]


def sees_as_member(session: Session, standing: StandingOrder, by: Actor, *, at: datetime) -> bool:
    """Tell whether a standing order concerns somebody because they are in the pool that pays.

    What was only suggested concerns the person's own circle, until nothing but the pool's yes is
    missing.
    """
    if standing.pool_id is None or by.person_id is None or not sees_all(by):
        return False
    if not is_member(session, pool_id=standing.pool_id, person_id=by.person_id):
        return False
    first = session.get_one(Order, standing.first_order_id)
    return first.held_at is not None or waits_for_pool(session, standing, at=at)


def waits_for_pool(session: Session, standing: StandingOrder, *, at: datetime) -> bool:
    """Tell whether a suggested standing order has all yeses but that of the pool."""
    first = session.get_one(Order, standing.first_order_id)
    return (
        first.state is OrderState.PROPOSED
        and standing.needs_pool_yes
        and standing_of(session, first, at=at).is_agreed
    )


def pools_standing(session: Session, *, by: Actor, at: datetime) -> list[UUID]:
    """Return the standing orders of others that somebody sees because a pool of theirs pays."""
    if not sees_all(by):
        return []
    mine = [
        pool.id
        for pool in pools_of(session, person_id=by.buys_for)
        if pool.state is MemberState.IN and not pool.ended
    ]
    rows = session.scalars(
        select(StandingOrder).where(
            StandingOrder.pool_id.in_(mine), StandingOrder.person_id != by.buys_for
        )
    )
    return [each.id for each in rows if sees_as_member(session, each, by, at=at)]


def together_of(
    session: Session, standing: StandingOrder, *, seen_by: Actor, at: datetime
) -> Together | None:
    """Return what is to be said of the pool that pays, if one does."""
    if standing.pool_id is None:
        return None
    members = members_since(session, pool_id=standing.pool_id)
    rise = _waiting_rise(session, standing)
    if rise is not None:
        missing = rise_missing(session, standing, rise)
    elif yes_missing(session, standing):
        missing = [person_id for person_id in members if person_id != standing.person_id]
    else:
        missing = []
    first = session.get_one(Order, standing.first_order_id)
    waits = first.held_at is not None or waits_for_pool(session, standing, at=at)
    orders = session.scalars(select(Order.id).where(Order.standing_id == standing.id)).all()
    names = names_of(session, user_ids=[*members, standing.person_id])
    return Together(
        pool_id=standing.pool_id,
        name=pool_name(session, pool_id=standing.pool_id),
        whose=first_name(names.get(standing.person_id, "")),
        is_mine=seen_by.person_id == standing.person_id,
        set_aside=tuple(set_aside_for(session, order_ids=orders))
        if seen_by.may(Permission.SEE_WALLET)
        else (),
        missing=tuple(sorted(first_name(names[person_id]) for person_id in missing)),
        needs_all=rise is not None,
        asks_me=waits and seen_by.person_id in missing and seen_by.may(Permission.APPROVE_ORDERS),
        can_try=waits and not missing and first.state is OrderState.PROPOSED,
    )


def _agreed(session: Session, standing: StandingOrder, rise_id: UUID | None = None) -> set[UUID]:
    """Return who said yes while they were in the pool as they are now, to one price or to any.

    A yes to a higher price is one to the standing order, too.
    """
    assert standing.pool_id is not None, "only a pool has members"
    rows = select(StandingYes.person_id, StandingYes.at).where(
        StandingYes.standing_id == standing.id, StandingYes.agrees
    )
    if rise_id is not None:
        rows = rows.where(StandingYes.rise_id == rise_id)
    members = members_since(session, pool_id=standing.pool_id)
    return {
        person_id
        for person_id, at in session.execute(rows)
        if person_id in members and at >= members[person_id]
    }


def _waiting_rise(session: Session, standing: StandingOrder) -> UUID | None:
    rows = select(StandingRise.id).where(
        StandingRise.standing_id == standing.id, StandingRise.answer == Reply.WAITING
    )
    return session.scalar(rows)
