"""Reading the ledger."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, rows_of
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.wallet.models import Account, Balance, Entry, Transfer
from marketplace.wallet.rules import AccountKind


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One account's side of a transfer, and what moved it."""

    transfer_id: UUID
    key: str
    reason: str
    at: datetime
    account_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class StatementRow:
    """What one transfer changed in a wallet: in what is to spend, and in what is set aside."""

    transfer_id: UUID
    key: str
    reason: str
    at: datetime
    to_spend: Money
    set_aside: Money


def find_account(
    session: Session, *, owner_id: UUID, kind: AccountKind, council_id: UUID
) -> UUID | None:
    """Return an owner's account of one kind with one council, if there is one."""
    return session.scalar(
        select(Account.id).where(
            Account.owner_id == owner_id, Account.kind == kind, Account.council_id == council_id
        )
    )


def accounts_of(
    session: Session, *, owner_ids: Iterable[UUID], kind: AccountKind, council_id: UUID
) -> dict[UUID, UUID]:
    """Return the accounts of one kind that many owners have with one council."""
    rows = select(Account.owner_id, Account.id).where(
        Account.owner_id.in_(owner_ids), Account.kind == kind, Account.council_id == council_id
    )
    return dict(session.execute(rows).all())


def balances_in(session: Session, *, kind: AccountKind) -> dict[UUID, Money]:
    """Return what each owner has in accounts of one kind, summed from the entries."""
    rows = session.execute(
        select(Account.owner_id, func.sum(Entry.amount, type_=Entry.amount.type))
        .join(Entry, Entry.account_id == Account.id)
        .where(Account.kind == kind)
        .group_by(Account.owner_id)
    )
    return {owner_id: amount for owner_id, amount in rows if amount}


def balance(session: Session, *, account_id: UUID) -> Money:
    """Return how much an account has."""
    counted = session.scalar(select(Balance.amount).where(Balance.id == account_id))
    if counted is not None:
        return counted
    return session.scalar(_sum_of_entries().where(Entry.account_id == account_id)) or ZERO


def balance_before(session: Session, *, account_ids: Iterable[UUID], at: datetime) -> Money:
    """Return what some accounts had together, just before an instant."""
    before = (
        _sum_of_entries()
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .where(Entry.account_id.in_(set(account_ids)), Transfer.at < at)
    )
    return session.scalar(before) or ZERO


def balances(
    session: Session, *, owner_ids: Iterable[UUID], kind: AccountKind
) -> dict[UUID, Money]:
    """Return how much each owner has in accounts of one kind, over all councils."""
    wanted = set(owner_ids)
    amounts = (
        select(Account.owner_id, func.sum(Balance.amount, type_=Balance.amount.type)).join(
            Balance, Balance.id == Account.id
        )
        if kind.is_counted
        else select(Account.owner_id, func.sum(Entry.amount, type_=Entry.amount.type)).join(
            Entry, Entry.account_id == Account.id
        )
    )
    of_kind = amounts.where(Account.kind == kind).group_by(Account.owner_id)
    ids, found = list(wanted), dict[UUID, Money]()
    at_once = 10_000  # PostgreSQL takes 65,535 values with a statement; a check asks for all lines
    for begin in range(0, len(ids), at_once):
        some = ids[begin : begin + at_once]
        found |= dict(session.execute(of_kind.where(Account.owner_id.in_(some))).all())
    return {owner_id: found.get(owner_id, ZERO) for owner_id in wanted}


def balances_of(session: Session, *, account_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """Return what some accounts with a counter have."""
    rows = session.execute(
        select(Balance.id, Balance.amount).where(Balance.id.in_(set(account_ids)))
    )
    return dict(rows.all())


def entries_of(session: Session, *, account_ids: Sequence[UUID], page: int = 1) -> Page[EntryRow]:
    """Return one page of some accounts' entries, newest first."""
    mine = Entry.account_id.in_(account_ids)
    rows = session.execute(
        select(
            Transfer.id, Transfer.key, Transfer.reason, Transfer.at, Entry.account_id, Entry.amount
        )
        .join(Entry, Entry.transfer_id == Transfer.id)
        .where(mine)
        .order_by(Transfer.at.desc(), Transfer.id, Entry.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    count = session.scalar(select(func.count()).select_from(Entry).where(mine)) or 0
    return Page([EntryRow(*row) for row in rows], page, count)


def statement_of(
    session: Session,
    *,
    available_ids: Sequence[UUID],
    held_ids: Sequence[UUID],
    page: int = 1,
) -> Page[StatementRow]:
    """Return one page of what happened in a wallet, one row a transfer, newest first."""
    mine = Entry.account_id.in_([*available_ids, *held_ids])
    rows = session.execute(
        select(
            Transfer.id,
            Transfer.key,
            Transfer.reason,
            Transfer.at,
            _sum_where(available_ids),
            _sum_where(held_ids),
        )
        .join(Entry, Entry.transfer_id == Transfer.id)
        .where(mine)
        .group_by(Transfer.id, Transfer.key, Transfer.reason, Transfer.at)
        .order_by(Transfer.at.desc(), Transfer.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    count = session.scalar(select(func.count(Entry.transfer_id.distinct())).where(mine)) or 0
    return Page([StatementRow(*row) for row in rows], page, count)


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One transfer in a wallet, and what was left to spend after it."""

    id: UUID
    key: str
    reason: str
    at: datetime
    to_spend: Money
    """By how much what is there to spend changed."""
    set_aside: Money
    """By how much what is set aside changed."""
    left: Money
    """What was there to spend afterwards."""


def movements_of(  # noqa: PLR0913 - a statement has this many sides, all of them named
    session: Session,
    *,
    available_ids: Sequence[UUID],
    held_ids: Sequence[UUID],
    from_at: datetime | None = None,
    before_at: datetime | None = None,
    reasons: Collection[str] = (),
    older_than: tuple[datetime, UUID] | None = None,
    limit: int | None = None,
) -> list[MovementRow]:
    """Return what happened in a wallet, one row a transfer, newest first.

    ``older_than`` is the last row of the page before: the pages need no counting, and nothing is
    shown twice when money moves in between.
    """
    each = (
        select(
            Transfer.id,
            Transfer.key,
            Transfer.reason,
            Transfer.at,
            _sum_where(available_ids).label("to_spend"),
            _sum_where(held_ids).label("set_aside"),
        )
        .join(Entry, Entry.transfer_id == Transfer.id)
        .where(Entry.account_id.in_([*available_ids, *held_ids]))
        .group_by(Transfer.id, Transfer.key, Transfer.reason, Transfer.at)
        .subquery()
    )
    left = func.sum(each.c.to_spend, type_=Entry.amount.type).over(order_by=(each.c.at, each.c.id))
    all_of_them = select(each, left.label("left")).subquery()
    rows = select(all_of_them).order_by(all_of_them.c.at.desc(), all_of_them.c.id.desc())
    if from_at is not None:
        rows = rows.where(all_of_them.c.at >= from_at)
    if before_at is not None:
        rows = rows.where(all_of_them.c.at < before_at)
    if reasons:
        rows = rows.where(all_of_them.c.reason.in_(reasons))
    if older_than is not None:
        at, transfer_id = older_than
        same = and_(all_of_them.c.at == at, all_of_them.c.id < transfer_id)
        rows = rows.where(or_(all_of_them.c.at < at, same))
    return [MovementRow(*row) for row in session.execute(rows.limit(limit))]


def accounts_in(
    session: Session, *, transfer_ids: Collection[UUID], account_ids: Collection[UUID]
) -> dict[UUID, list[UUID]]:
    """Return which of some accounts each transfer touched."""
    touched: dict[UUID, list[UUID]] = {transfer_id: [] for transfer_id in transfer_ids}
    rows = select(Entry.transfer_id, Entry.account_id).where(
        Entry.transfer_id.in_(transfer_ids), Entry.account_id.in_(account_ids)
    )
    for transfer_id, account_id in session.execute(rows):
        touched[transfer_id].append(account_id)
    return touched


def had(session: Session, *, account_ids: Collection[UUID], before_at: datetime) -> Money:
    """Return what some accounts had together at an instant."""
    rows = (
        _sum_of_entries()
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .where(Entry.account_id.in_(account_ids), Transfer.at < before_at)
    )
    return session.scalar(rows) or ZERO


def flow_of(
    session: Session,
    *,
    owner_ids: Collection[UUID],
    reasons: Collection[str],
    from_at: datetime,
) -> list[tuple[UUID, datetime, Money]]:
    """Return each entry since an instant, of some reasons, in what lines have or set aside."""
    rows = (
        select(Account.owner_id, Transfer.at, Entry.amount)
        .join(Entry, Entry.account_id == Account.id)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .where(
            Account.owner_id.in_(owner_ids),
            Account.kind.in_([AccountKind.AVAILABLE, AccountKind.HELD]),
            Transfer.reason.in_(reasons),
            Transfer.at >= from_at,
        )
    )
    return [(owner_id, at, amount) for owner_id, at, amount in session.execute(rows)]


def balance_in(account_id: SQLColumnExpression[UUID]) -> ScalarSelect[Money]:
    """Return what an account with a counter has, as part of a statement of a room above."""
    return select(Balance.amount).where(Balance.id == account_id).scalar_subquery()


def data_of(session: Session, *, owner_ids: Collection[UUID]) -> dict[str, Kept]:
    """Return every entry of the accounts of some owners, oldest first, each with its transfer."""
    entries = (
        select(
            Transfer.at,
            Transfer.reason,
            Transfer.key,
            Account.owner_id.label("line_id"),
            Account.kind.label("account"),
            Entry.amount,
        )
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.owner_id.in_(owner_ids))
        .order_by(Transfer.at, Transfer.id, Entry.id)
    )
    return {"money-in-and-out": rows_of(session, entries)}


def problems(session: Session) -> list[str]:
    """Return one sentence for everything that is wrong in the ledger; none if it balances."""
    return [
        *_unbalanced(session),
        *_wrong_counters(session),
        *_negatives(session),
        *_empty_transfers(session),
    ]


def _unbalanced(session: Session) -> list[str]:
    added = func.sum(Entry.amount, type_=Entry.amount.type)
    rows = session.execute(
        select(Entry.transfer_id, added).group_by(Entry.transfer_id).having(added != ZERO)
    )
    return [f"Transfer {transfer_id} does not balance: it is {by} out." for transfer_id, by in rows]


def _empty_transfers(session: Session) -> list[str]:
    rows = session.scalars(
        select(Transfer.id)
        .outerjoin(Entry, Entry.transfer_id == Transfer.id)
        .where(Entry.id.is_(None))
    )
    return [f"Transfer {transfer_id} has no entries." for transfer_id in rows]


def _wrong_counters(session: Session) -> list[str]:
    entered = (
        select(Entry.account_id, func.sum(Entry.amount, type_=Entry.amount.type).label("amount"))
        .group_by(Entry.account_id)
        .subquery()
    )
    rows = session.execute(
        select(Account.id, Account.kind, Balance.amount, entered.c.amount)
        .outerjoin(Balance, Balance.id == Account.id)
        .outerjoin(entered, entered.c.account_id == Account.id)
    )
    return [
        f"Account {account_id} ({kind}) says {counted}, but its entries add up to {added or ZERO}."
        for account_id, kind, counted, added in rows
        if kind.is_counted and counted != (added or ZERO)
    ]


def _negatives(session: Session) -> list[str]:
    rows = session.execute(
        select(Account.id, Account.kind, func.sum(Entry.amount, type_=Entry.amount.type))
        .join(Entry, Entry.account_id == Account.id)
        .group_by(Account.id, Account.kind)
    )
    return [
        f"Account {account_id} ({kind}) is below nothing: {amount}."
        for account_id, kind, amount in rows
        if amount < ZERO and not kind.may_go_negative
    ]


def _sum_of_entries() -> Select[tuple[Money | None]]:
    return select(func.sum(Entry.amount, type_=Entry.amount.type))


def _sum_where(account_ids: Sequence[UUID]) -> ColumnElement[Money]:
    mine = case((Entry.account_id.in_(account_ids), Entry.amount), else_=0)
    return func.coalesce(func.sum(mine, type_=Entry.amount.type), 0, type_=Entry.amount.type)
