"""What a pool can pay for what goes on week after week: its money, its members, their parts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import FundingLine, HoldShare, PoolMember
from marketplace.budgets.rules import MemberState, first_name
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money, total
from marketplace.wallet import queries as ledger


def pool_to_spend(session: Session, *, pool_id: UUID, at: datetime) -> Money:
    """Return what is free in all shares of a pool that can be used on a day."""
    accounts = session.scalars(
        select(FundingLine.available_account_id).where(
            FundingLine.pool_id == pool_id,
            FundingLine.closed_at.is_(None),
            or_(FundingLine.ends_before.is_(None), FundingLine.ends_before > local_day(at)),
        )
    ).all()
    return total(ledger.balances_of(session, account_ids=accounts).values())


def members_since(session: Session, *, pool_id: UUID) -> dict[UUID, datetime]:
    """Return who is in a pool now, each with when they said yes to it."""
    rows = session.execute(
        select(PoolMember.person_id, PoolMember.answered_at)
        .where(PoolMember.pool_id == pool_id, PoolMember.state == MemberState.IN)
        .order_by(PoolMember.invited_at, PoolMember.id)
    )
    return {person_id: since for person_id, since in rows if person_id is not None and since}


def set_aside_for(session: Session, *, order_ids: Collection[UUID]) -> list[tuple[str, Money]]:
    """Return what each member's shares have set aside for some orders, by first name."""
    aside = func.sum(
        HoldShare.held - HoldShare.captured - HoldShare.released, type_=HoldShare.held.type
    )
    rows = session.execute(
        select(FundingLine.person_id, aside)
        .join(HoldShare, HoldShare.line_id == FundingLine.id)
        .where(HoldShare.hold_id.in_(order_ids))
        .group_by(FundingLine.person_id)
    ).all()
    names = access.names_of(session, user_ids=[person_id for person_id, _ in rows])
    found = [(first_name(names.get(person_id, "")), amount) for person_id, amount in rows]
    return sorted((name, amount) for name, amount in found if amount)
