"""Money that comes back to a closed line goes on to the line it belongs to now.

A share of a pool that was left belongs to the line it was put in from; a line that was handed over
to the one that follows it: ``FundingLine.flows_to_line_id`` names it. Orders placed before keep
their shares, so their money comes home late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from marketplace.audit.commands import record
from marketplace.budgets.commands.moving import move_across
from marketplace.budgets.commands.paying_in import note_paid_in
from marketplace.budgets.models import FundingLine, Pool, PoolMember
from marketplace.budgets.rules import MemberState
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move
from marketplace.wallet.rules import Leg, Movement

_LINES = select(
    FundingLine.id,
    FundingLine.flows_to_line_id,
    FundingLine.closed_at,
    FundingLine.available_account_id,
    FundingLine.held_account_id,
).where(FundingLine.id.in_(bindparam("line_ids", expanding=True)))
_CLOSED = (
    select(FundingLine.id)
    .where(
        FundingLine.id.in_(bindparam("line_ids", expanding=True)),
        FundingLine.closed_at.is_not(None),
    )
    .limit(1)
)
_LOCK_LINES = (
    select(FundingLine.id)
    .where(FundingLine.id.in_(bindparam("line_ids", expanding=True)))
    .order_by(FundingLine.id)
    # Not the rows' keys: a hold, which has the accounts already, refers to the lines.
    .with_for_update(key_share=True)
)
_STEPS_MAX = 50
"""More often than this no line was ever handed over; it ends a circle that must not be there."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line's money is, and where it goes from there."""

    id: UUID
    flows_to_line_id: UUID | None
    closed_at: datetime | None
    available_account_id: UUID
    held_account_id: UUID


def lock_beyond(session: Session, line_ids: Iterable[UUID]) -> list[UUID]:
    """Return the accounts of all lines that money of these lines may go on to.

    Where there are any, the lines themselves are locked, which comes before their accounts: whoever
    is about to give money back locks all the accounts in one go after this.
    """
    given = set(line_ids)
    chains = _chains(session, given)
    if all(line.closed_at is None and line.flows_to_line_id is None for line in chains.values()):
        return []
    lock_lines(session, chains)
    return [
        account_id
        for line in chains.values()
        if line.id not in given
        for account_id in (line.available_account_id, line.held_account_id)
    ]


def lock_lines(session: Session, line_ids: Iterable[UUID]) -> None:
    """Lock some lines, in the order of their ids."""
    session.execute(_LOCK_LINES, {"line_ids": list(line_ids)}).all()


def any_closed(session: Session, line_ids: Iterable[UUID]) -> bool:
    """Tell whether one of some lines is closed, so that money does not stay there."""
    wanted = {"line_ids": list(line_ids)}
    return session.scalar(_CLOSED, wanted) is not None


def flow_on(
    session: Session,
    line_ids: Iterable[UUID],
    *,
    key: str,
    at: datetime,
    reason: str = "flow-on",
) -> Money:
    """Move what closed lines have to spend to the lines it belongs to now; return how much.

    ``key`` is that of the deed by which the money came back. A line that was closed, and has no
    other to which its money belongs, is open again: nobody's money stands where nobody sees it.
    """
    wanted = list(dict.fromkeys(line_ids))
    chains = _chains(session, wanted)
    for line_id in wanted:
        _open_again(session, chains, line_id, at=at)
    ways = [
        (chains[line_id], target)
        for line_id in wanted
        if line_id in chains
        and chains[line_id].closed_at is not None
        and (target := _target(chains, line_id)) is not None
    ]
    if not ways:
        return ZERO
    touched = {line.available_account_id for way in ways for line in way}
    has = lock_accounts(session, touched)
    moved = ZERO
    for line, target in ways:
        amount = has[line.available_account_id]
        if amount:
            _move_on(session, line, target, amount, key=key, reason=reason, at=at)
            moved += amount
    return moved


def open_target(session: Session, share_id: UUID) -> UUID | None:
    """Return the open line that a share's money goes back to, if there is one."""
    chains = _chains(session, [share_id])
    share = chains.get(share_id)
    first = chains.get(share.flows_to_line_id) if share and share.flows_to_line_id else None
    target = _target(chains, first.id) if first else None
    return target.id if target else None


def end_if_empty(session: Session, pool_id: UUID, *, at: datetime) -> None:
    """End a pool that has no members, once nothing of it is set aside any more."""
    someone = exists().where(PoolMember.pool_id == pool_id, PoolMember.state == MemberState.IN)
    if session.scalar(select(someone)):
        return
    if held_in_pool(session, pool_id):
        return
    session.execute(
        update(Pool)
        .where(Pool.id == pool_id, Pool.ended_at.is_(None))
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )


def held_in_pool(session: Session, pool_id: UUID) -> Money:
    """Return what is set aside in a pool's shares, left ones too."""
    held = session.scalars(
        select(FundingLine.held_account_id).where(FundingLine.pool_id == pool_id)
    )
    balances = ledger.balances_of(session, account_ids=list(held))
    return sum(balances.values(), ZERO)


def _chains(session: Session, line_ids: Iterable[UUID]) -> dict[UUID, _Line]:
    """Return lines, and all that their money may go on to, by id."""
    found: dict[UUID, _Line] = {}
    wanted = set(line_ids)
    for _ in range(_STEPS_MAX):
        rows = session.execute(_LINES, {"line_ids": list(wanted)}).all() if wanted else []
        found.update({row.id: _Line(**row._asdict()) for row in rows})
        wanted = {row.flows_to_line_id for row in rows} - found.keys() - {None}
        if not wanted:
            break
    return found


def _target(chains: dict[UUID, _Line], line_id: UUID) -> _Line | None:
    """Return the open line that a closed line's money belongs to, if there is one."""
    line: _Line | None = chains[line_id]
    for _ in range(_STEPS_MAX):
        if line is None or line.closed_at is None:
            return line
        line = chains.get(line.flows_to_line_id) if line.flows_to_line_id else None
    return None


def _open_again(
    session: Session, chains: dict[UUID, _Line], line_id: UUID, *, at: datetime
) -> None:
    line = session.get_one(FundingLine, line_id)
    if line.closed_at is None or line.pool_id is not None or _target(chains, line_id) is not None:
        return
    if not lock_accounts(session, [line.available_account_id])[line.available_account_id]:
        return
    line.closed_at = None
    session.flush()
    record(
        session,
        what="line-opened-again",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=None,
        for_person_id=line.person_id,
        at=at,
    )


def _move_on(  # noqa: PLR0913 - private: money from where to where, by which deed
    session: Session,
    line: _Line,
    target: _Line,
    amount: Money,
    *,
    key: str,
    reason: str,
    at: datetime,
) -> None:
    source, goes_to = (session.get_one(FundingLine, each.id) for each in (line, target))
    if source.council_id != goes_to.council_id:
        move_across(session, source, goes_to, amount, key=key, at=at)
        return
    legs = (Leg(line.available_account_id, -amount), Leg(target.available_account_id, amount))
    move(session, Movement(f"{key}/on/{line.id}", reason, legs), at=at)
    note_paid_in(session, source, -amount)
    note_paid_in(session, goes_to, amount)
