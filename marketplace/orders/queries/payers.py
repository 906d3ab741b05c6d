"""Who pays for what is in a basket: the person's own money, or a pool they are in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.budgets.queries import PoolCard, paying_council, pool_council, pools_of
from marketplace.budgets.rules import MemberState


def council_that_pays(
    session: Session, *, person_id: UUID, pool_id: UUID | None, at: datetime
) -> UUID | None:
    """Return whose lines pay, or the lines of whose market a pool is made of; none if none can."""
    if pool_id is None:
        return paying_council(session, person_id=person_id, at=at)
    return pool_council(session, pool_id=pool_id, person_id=person_id)


def pools_that_pay(session: Session, *, person_id: UUID) -> tuple[PoolCard, ...]:
    """Return the pools that somebody can order with."""
    return tuple(
        pool
        for pool in pools_of(session, person_id=person_id)
        if pool.state is MemberState.IN and not pool.ended
    )
