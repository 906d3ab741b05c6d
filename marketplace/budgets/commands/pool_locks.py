"""Pools, locked before anything is looked at, for those who are in them and for nobody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.audit.rules import type_of_detail
from marketplace.budgets.errors import PoolError
from marketplace.budgets.models import Pool, PoolMember
from marketplace.budgets.rules import MemberState
from marketplace.kernel.errors import NotAllowedError, NotFoundError


def locked_pool(session: Session, pool_id: UUID, by: Actor) -> Pool:
    """Lock a pool that a person is in.

    Raises:
        NotFoundError: they are not in such a pool.
        PoolError: it has ended.
    """
    pool = lock_pool(session, pool_id)
    member = pool_member(session, pool_id, by.buys_for)
    if pool.ended_at is not None:
        raise PoolError("This pool has ended.")
    if member.state is not MemberState.IN:
        raise PoolError("You have left this pool.")
    return pool


def check_may_act(by: Actor) -> None:
    """Refuse a supporter who may not spend this person's money.

    Raises:
        NotAllowedError: they may not.
    """
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError(f"{by.person_name} has not asked you to spend their money.")


def record_of_pool(
    session: Session,
    what: str,
    subject_id: UUID,
    *,
    by: Actor,
    at: datetime,
    **details: type_of_detail,
) -> None:
    """Write a deed about a pool into the trail of the person who did it."""
    record(
        session,
        what=what,
        chain_id=by.buys_for,
        subject_id=subject_id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
        details=details,
    )


def lock_pool(session: Session, pool_id: UUID) -> Pool:
    """Lock a pool.

    Raises:
        NotFoundError: there is none.
    """
    # Not the row's key: whoever refers to the pool need not wait.
    pool = session.get(Pool, pool_id, with_for_update={"key_share": True}, populate_existing=True)
    if pool is None:
        raise NotFoundError("We cannot find that pool.")
    return pool


def pool_member(session: Session, pool_id: UUID, person_id: UUID) -> PoolMember:
    """Return how somebody stands with a pool they are in, or have left.

    Raises:
        NotFoundError: they never were in it.
    """
    rows = (
        select(PoolMember)
        .where(
            PoolMember.pool_id == pool_id,
            PoolMember.person_id == person_id,
            PoolMember.state.in_([MemberState.IN, MemberState.LEFT]),
        )
        .order_by(PoolMember.state == MemberState.LEFT, PoolMember.invited_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise NotFoundError("We cannot find that pool.")
    return found
