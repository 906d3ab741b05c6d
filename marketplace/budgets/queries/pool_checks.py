"""What must always hold of pools: consent before money, and nothing forgotten in a left share."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, Pool, PoolConsent, PoolMember
from marketplace.budgets.rules import Funder, MemberState
from marketplace.kernel.money import ZERO
from marketplace.wallet import queries as ledger


def pool_problems(session: Session) -> Iterator[str]:
    """Yield one sentence for everything about pools that does not fit."""
    pools = {pool.id: pool for pool in session.scalars(select(Pool))}
    if not pools:
        return
    inside = _inside(session)
    yield from _members(session, pools, inside)
    yield from _shares(session, pools, inside)


def _inside(session: Session) -> dict[UUID, list[UUID]]:
    inside: dict[UUID, list[UUID]] = defaultdict(list)
    rows = session.execute(
        select(PoolMember.pool_id, PoolMember.person_id).where(PoolMember.state == MemberState.IN)
    )
    for pool_id, person_id in rows:
        if person_id is not None:
            inside[pool_id].append(person_id)
    return inside


def _members(
    session: Session, pools: dict[UUID, Pool], inside: dict[UUID, list[UUID]]
) -> Iterator[str]:
    consents = select(PoolConsent.pool_id, PoolConsent.person_id).where(PoolConsent.agreed)
    agreed = {(pool_id, person_id) for pool_id, person_id in session.execute(consents)}
    for pool_id, people in inside.items():
        if pools[pool_id].ended_at is not None:
            yield f"Pool {pool_id} has ended, but somebody is in it."
        if len(people) != len(set(people)):
            yield f"Somebody is in pool {pool_id} twice."
        for person_id in people:
            if (pool_id, person_id) not in agreed:
                yield f"Person {person_id} is in pool {pool_id} and never said yes to it."


def _funder(line: FundingLine, share: FundingLine) -> Funder:
    return line.funder if line.council_id == share.council_id else share.funder


def _shares(
    session: Session, pools: dict[UUID, Pool], inside: dict[UUID, list[UUID]]
) -> Iterator[str]:
    shares = session.scalars(
        select(FundingLine).where(FundingLine.pool_id.is_not(None)).order_by(FundingLine.id)
    ).all()
    parents = [share.part_of_line_id for share in shares]
    lines = {
        line.id: line
        for line in session.scalars(select(FundingLine).where(FundingLine.id.in_(parents)))
    }
    accounts = [share.available_account_id for share in shares]
    available = ledger.balances_of(session, account_ids=accounts)
    for share in shares:
        assert share.pool_id is not None
        line = lines.get(share.part_of_line_id) if share.part_of_line_id else None
        pool = pools[share.pool_id]
        # When another council goes on with its line, a share stays what the one before made it.
        if line is None or (line.person_id, _funder(line, share)) != (
            share.person_id,
            share.funder,
        ):
            yield f"Share {share.id} is not of the line it was put in from."
        if share.council_id != pool.council_id:
            yield f"Share {share.id} is from another council than its pool."
        if share.closed_at is None:
            if share.person_id not in inside[pool.id]:
                yield f"Share {share.id} is in a pool that its person is not in."
        elif (
            line is not None
            and line.closed_at is None
            and available[share.available_account_id] > ZERO
        ):
            yield f"Share {share.id} was left, and has money that did not go home."
