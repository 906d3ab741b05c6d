"""Putting money into a pool, and getting it back out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.budgets.commands.flowing import flow_on, lock_beyond, lock_lines, open_target
from marketplace.budgets.commands.moving import has_crossed, move_across
from marketplace.budgets.commands.paying_in import note_paid_in
from marketplace.budgets.commands.pool_locks import check_may_act, locked_pool, record_of_pool
from marketplace.budgets.errors import BadLineError, PoolError
from marketplace.budgets.models import FundingLine, Pool
from marketplace.budgets.rules import Calendar, Holder, check_amount
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class PutIntoPool:
    """So much from one line, into a pool. The id comes from the form: twice is once."""

    deposit_id: UUID
    pool_id: UUID
    line_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFromPool:
    """So much of a share, back to the line it came from. Twice is once."""

    withdrawal_id: UUID
    pool_id: UUID
    share_id: UUID
    amount: Money


def put_into_pool(session: Session, wish: PutIntoPool, *, by: Actor, at: datetime) -> None:
    """Put money of one line into a pool. It is not spent by that: no limit counts it.

    Raises:
        NotFoundError: the person is not in such a pool, or has no such line.
        NotAllowedError: they may not spend this person's money, or not so much.
        BadLineError: nothing, less than nothing, or more than there is.
        PoolError: the pool has ended, or this money may not go into it.
    """
    check_may_act(by)
    check_amount("amount", wish.amount)
    pool = locked_pool(session, wish.pool_id, by)
    _check_authority(session, wish.amount, by=by, at=at)
    key = f"pool/{wish.deposit_id}"
    if ledger.find_movement(session, key=key) is not None:
        return
    share_id = _find_share(session, pool.id, wish.line_id)
    lock_lines(session, [wish.line_id, *([share_id] if share_id else [])])
    line = session.get(FundingLine, wish.line_id, populate_existing=True)
    if line is None or line.person_id != by.buys_for or line.pool_id is not None:
        raise NotFoundError("We cannot find that money.")
    _check_line(line, pool, at=at)
    share = (
        session.get_one(FundingLine, share_id)
        if share_id
        else _open_share(session, pool, line, by, at)
    )
    accounts = [
        account_id
        for each in (line, share)
        for account_id in (each.available_account_id, each.held_account_id)
    ]
    has = lock_accounts(session, accounts)[line.available_account_id]
    if wish.amount > has:
        raise BadLineError(
            "amount", f"There is {has} to spend in it, and you want to put in {wish.amount}."
        )
    _transfer(session, line, share, wish.amount, key=key, reason="pool-in", at=at)
    record_of_pool(session, "pool-put-in", pool.id, by=by, at=at, pence=wish.amount.pence)


def take_from_pool(session: Session, wish: TakeFromPool, *, by: Actor, at: datetime) -> None:
    """Take free money of one's own share back to the line it came from.

    Raises:
        NotFoundError: the person is not in such a pool, or has no such share.
        NotAllowedError: the supporter may not spend this person's money.
        BadLineError: nothing, less than nothing, or more than is free.
        PoolError: the pool has ended, or the line it came from has.
    """
    check_may_act(by)
    check_amount("amount", wish.amount)
    pool = locked_pool(session, wish.pool_id, by)
    key = f"pool/{wish.withdrawal_id}"
    if ledger.find_movement(session, key=key) or has_crossed(session, wish.share_id, key):
        return
    beyond = lock_beyond(session, [wish.share_id])
    share = session.get(FundingLine, wish.share_id, populate_existing=True)
    if (
        share is None
        or (share.person_id, share.pool_id) != (by.buys_for, pool.id)
        or share.closed_at is not None
    ):
        raise NotFoundError("We cannot find that money.")
    target = open_target(session, share.id)
    if target is None:
        raise PoolError(
            "The money this came from has ended, so it cannot go back there. You can still spend "
            "it with the pool. Ask your council where it should go."
        )
    has = lock_accounts(session, [share.available_account_id, share.held_account_id, *beyond])
    free = has[share.available_account_id]
    if wish.amount > free:
        raise BadLineError(
            "amount", f"There is {free} free in your share, and you want to take {wish.amount}."
        )
    goes_to = session.get_one(FundingLine, target)
    if goes_to.council_id == share.council_id:
        _transfer(session, share, goes_to, wish.amount, key=key, reason="pool-out", at=at)
    else:
        move_across(session, share, goes_to, wish.amount, key=key, at=at)
    record_of_pool(session, "pool-taken-out", pool.id, by=by, at=at, pence=wish.amount.pence)


def give_back(
    session: Session, pool_id: UUID, *, person_id: UUID | None, key: str, at: datetime
) -> Money:
    """Close a member's shares, or everybody's, and give back what is free in them; say how much.

    The pool is locked by whoever calls. What is set aside stays, and goes home when it is free.
    """
    shares = select(FundingLine).where(
        FundingLine.pool_id == pool_id, FundingLine.closed_at.is_(None)
    )
    if person_id is not None:
        shares = shares.where(FundingLine.person_id == person_id)
    lines = session.scalars(shares).all()
    line_ids = [line.id for line in lines]
    beyond = lock_beyond(session, line_ids)
    own = [id_ for line in lines for id_ in (line.available_account_id, line.held_account_id)]
    lock_accounts(session, [*own, *beyond])
    session.execute(
        update(FundingLine)
        .where(FundingLine.id.in_(line_ids))
        .values(closed_at=at)
        .execution_options(synchronize_session=False)
    )
    for line in lines:
        session.expire(line)
    return flow_on(session, line_ids, key=key, at=at, reason="pool-out")


def _check_authority(session: Session, amount: Money, *, by: Actor, at: datetime) -> None:
    may = access.authority(session, user_id=by.user_id, person_id=by.buys_for, at=at)
    if not may.may_pay:
        raise NotAllowedError("You can no longer spend this money.")
    if not may.reaches(amount):
        raise NotAllowedError(
            f"This is {amount}, and you may use up to {may.ceiling} of this money at once."
        )


def _check_line(line: FundingLine, pool: Pool, *, at: datetime) -> None:
    """Refuse money that may not go into a pool."""
    day = local_day(at)
    if line.council_id != pool.council_id:
        raise PoolError("This money is from another council, so it cannot go into this pool.")
    if line.closed_at is not None or line.starts_on > day:
        raise PoolError("This money cannot be used today.")
    if line.ends_before is not None and line.ends_before <= day:
        raise PoolError("This money has ended, so it cannot go into a pool.")
    if line.holder is Holder.ISF:
        raise PoolError(
            f"{line.holder_name} keeps this money for one person alone, so it cannot go into a "
            "pool. Ask your council if it can be held in another way."
        )


def _find_share(session: Session, pool_id: UUID, line_id: UUID) -> UUID | None:
    return session.scalar(
        select(FundingLine.id).where(
            FundingLine.pool_id == pool_id,
            FundingLine.part_of_line_id == line_id,
            FundingLine.closed_at.is_(None),
        )
    )


def _open_share(
    session: Session, pool: Pool, line: FundingLine, by: Actor, at: datetime
) -> FundingLine:
    """Open the line that is a member's share: as the one it comes from, but in the pool."""
    earlier = session.scalar(
        select(func.count()).where(
            FundingLine.pool_id == pool.id, FundingLine.part_of_line_id == line.id
        )
    )
    last = session.scalar(
        select(func.max(FundingLine.sequence)).where(FundingLine.person_id == line.person_id)
    )
    share_id = uuid5(pool.id, f"{line.id}/{earlier}")
    available, held = (
        open_account(session, owner_id=share_id, kind=kind, council_id=line.council_id)
        for kind in (AccountKind.AVAILABLE, AccountKind.HELD)
    )
    share = FundingLine(
        id=share_id,
        person_id=line.person_id,
        council_id=line.council_id,
        funder=line.funder,
        yearly=ZERO,
        calendar=Calendar.AS_IT_COMES,
        paid_in=ZERO,
        holder=line.holder,
        holder_name=line.holder_name,
        cost_code=line.cost_code,
        # The days of the line it comes from: the windows of its limits are counted from them.
        starts_on=line.starts_on,
        ends_before=line.ends_before,
        sequence=(last or 0) + 1,
        available_account_id=available,
        held_account_id=held,
        opened_by_id=by.user_id,
        opened_at=at,
        pool_id=pool.id,
        part_of_line_id=line.id,
        flows_to_line_id=line.id,
        only_for=list(line.only_for),
        only_words=line.only_words,
    )
    session.add(share)
    session.flush()  # the money that follows is noted on the row
    return share


def _transfer(  # noqa: PLR0913 - private: money from where to where, by which deed
    session: Session,
    giver: FundingLine,
    taker: FundingLine,
    amount: Money,
    *,
    key: str,
    reason: str,
    at: datetime,
) -> None:
    legs = (Leg(giver.available_account_id, -amount), Leg(taker.available_account_id, amount))
    move(session, Movement(key, reason, legs), at=at)
    note_paid_in(session, giver, -amount)
    note_paid_in(session, taker, amount)
