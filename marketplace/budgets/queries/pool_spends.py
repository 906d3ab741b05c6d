"""Whether a pool lets one of its members pay for an order from its money."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import Pool, PoolAsk, PoolMember
from marketplace.budgets.rules import (
    Answer,
    MemberState,
    RefusalReason,
    RequestState,
    Spend,
    ask_sentence,
    asks_another,
)
from marketplace.kernel.money import Money


def is_member(session: Session, *, pool_id: UUID, person_id: UUID) -> bool:
    """Tell whether somebody is in a pool that has not ended."""
    row = (
        select(PoolMember.id)
        .join(Pool, Pool.id == PoolMember.pool_id)
        .where(
            Pool.id == pool_id,
            Pool.ended_at.is_(None),
            PoolMember.person_id == person_id,
            PoolMember.state == MemberState.IN,
        )
    )
    return session.scalar(row.limit(1)) is not None


def pool_council(session: Session, *, pool_id: UUID, person_id: UUID) -> UUID | None:
    """Return in whose market a pool buys, if somebody is in it."""
    if not is_member(session, pool_id=pool_id, person_id=person_id):
        return None
    return session.scalar(select(Pool.council_id).where(Pool.id == pool_id))


def pool_name(session: Session, *, pool_id: UUID | None) -> str:
    """Return what a pool is called; "" where there is none."""
    if pool_id is None:
        return ""
    return session.scalar(select(Pool.name).where(Pool.id == pool_id)) or ""


def members_of(session: Session, *, pool_id: UUID) -> list[UUID]:
    """Return who is in a pool now."""
    rows = select(PoolMember.person_id).where(
        PoolMember.pool_id == pool_id, PoolMember.state == MemberState.IN
    )
    return sorted(row for row in session.scalars(rows) if row is not None)


def pool_refusal(
    session: Session, *, spend: Spend, person_id: UUID, amount: Money
) -> Answer | None:
    """Return why a pool does not pay for a member's order of this price; None if it may."""
    assert spend.pool_id is not None
    if not is_member(session, pool_id=spend.pool_id, person_id=person_id):
        return Answer(
            spend=spend,
            why=RefusalReason.AUTHORITY,
            refusal="Only members of a pool can order with its money.",
        )
    if spend.agreed_before:
        return None
    sentence = why_ask(session, pool_id=spend.pool_id, person_id=person_id, amount=amount)
    if not sentence or _is_agreed(session, spend, person_id, amount):
        return None
    return Answer(spend=spend, why=RefusalReason.ASK, refusal=sentence)


def why_ask(session: Session, *, pool_id: UUID, person_id: UUID, amount: Money) -> str:
    """Say why an order of this price needs another member's yes, and whose; "" if it does not."""
    pool = session.execute(select(Pool.name, Pool.asks_from).where(Pool.id == pool_id)).one()
    if not asks_another(amount, pool.asks_from):
        return ""
    others = [id_ for id_ in members_of(session, pool_id=pool_id) if id_ != person_id]
    names = access.names_of(session, user_ids=others)
    return ask_sentence(amount, pool.name, pool.asks_from, sorted(names.values()))


def _is_agreed(session: Session, spend: Spend, person_id: UUID, amount: Money) -> bool:
    row = select(PoolAsk.id).where(
        PoolAsk.id == spend.order_id,
        PoolAsk.pool_id == spend.pool_id,
        PoolAsk.person_id == person_id,
        PoolAsk.provider_id == spend.provider_id,
        PoolAsk.state == RequestState.AGREED,
        PoolAsk.amount >= amount,
    )
    return session.scalar(row) is not None
