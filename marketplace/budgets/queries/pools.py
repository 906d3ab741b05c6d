"""Pools as their members see them: whose money is in one, who funds it, and what it paid for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    Pool,
    PoolAsk,
    PoolConsent,
    PoolMember,
)
from marketplace.budgets.queries.pool_rows import (
    PoolAskRow,
    PoolCard,
    PoolMemberRow,
    PoolOrderRow,
    PoolShareRow,
    PoolView,
)
from marketplace.budgets.rules import Funder, MemberState, RequestState, first_name
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger

ORDERS_MAX = 50
"""More orders than this are not listed on the page of a pool; the newest are."""


def pools_of(session: Session, *, person_id: UUID) -> list[PoolCard]:
    """Return the pools somebody is in, or has money in still, the newest first."""
    rows = session.execute(
        select(Pool, PoolMember.state)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(PoolMember.person_id == person_id, PoolMember.state != MemberState.REFUSED)
        .order_by(PoolMember.invited_at)
    ).all()
    latest = {pool.id: (pool, state) for pool, state in rows}
    shares = _shares(session, FundingLine.pool_id.in_(latest))
    counts = _counts(session, latest)
    cards = []
    for pool, state in latest.values():
        of_pool = [share for share in shares if share.pool_id == pool.id]
        mine = [share for share in of_pool if share.person_id == person_id]
        cards.append(
            PoolCard(
                id=pool.id,
                name=pool.name,
                purpose=pool.purpose,
                council_id=pool.council_id,
                available=total(share.available for share in of_pool if not share.closed),
                mine=total(share.available for share in mine),
                members=counts.get(pool.id, 0),
                state=state,
                ended=pool.ended_at is not None,
            )
        )
    return cards[::-1]


def pool_for(session: Session, *, pool_id: UUID, person_id: UUID) -> PoolView:
    """Return a pool as somebody sees it who is in it; who has left sees what is theirs in it.

    Raises:
        NotFoundError: they never were in such a pool.
    """
    pool = session.get(Pool, pool_id)
    mine = _membership(session, pool_id, person_id)
    if pool is None or mine is None:
        raise NotFoundError("We cannot find that pool.")
    shares = _shares(session, FundingLine.pool_id == pool_id)
    if mine.state is not MemberState.IN:
        shares = [share for share in shares if share.person_id == person_id]
    members = _members(session, pool, shares, person_id, only_me=mine.state is not MemberState.IN)
    return PoolView(
        id=pool.id,
        name=pool.name,
        purpose=pool.purpose,
        council_id=pool.council_id,
        council_name=councils.council(session, council_id=pool.council_id).name,
        asks_from=pool.asks_from,
        made_for_id=pool.made_for_id,
        ended_at=pool.ended_at,
        state=mine.state,
        words=_words(session, mine.id),
        members=members,
        orders=_orders(session, shares),
        asks=_asks(session, pool_id, person_id) if mine.state is MemberState.IN else (),
    )


def pool_shares_of(
    session: Session, *, person_id: UUID, council_id: UUID | None = None
) -> list[PoolShareRow]:
    """Return somebody's shares in pools; for a council those of the money it gives.

    Those that were left are among them as long as they have money.
    """
    where = [FundingLine.person_id == person_id, FundingLine.pool_id.is_not(None)]
    if council_id is not None:  # what somebody does with their own money is their own affair
        private = [funder for funder in Funder if funder.is_private]
        where += [FundingLine.council_id == council_id, FundingLine.funder.not_in(private)]
    shares = _shares(session, *where)
    return [share for share in shares if not share.closed or share.available or share.held]


def _membership(session: Session, pool_id: UUID, person_id: UUID) -> PoolMember | None:
    rows = (
        select(PoolMember)
        .where(
            PoolMember.pool_id == pool_id,
            PoolMember.person_id == person_id,
            PoolMember.state.in_([MemberState.IN, MemberState.LEFT]),
        )
        .order_by(PoolMember.state == MemberState.LEFT, PoolMember.invited_at.desc())
    )
    return session.scalars(rows.limit(1)).one_or_none()


def _words(session: Session, member_id: UUID) -> str:
    words = (
        select(PoolConsent.words)
        .where(PoolConsent.member_id == member_id, PoolConsent.agreed)
        .order_by(PoolConsent.at.desc())
    )
    return session.scalar(words.limit(1)) or ""


def _counts(session: Session, pool_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(PoolMember.pool_id, func.count())
        .where(PoolMember.pool_id.in_(list(pool_ids)), PoolMember.state == MemberState.IN)
        .group_by(PoolMember.pool_id)
    )
    return dict(rows.all())


def _shares(session: Session, *where: ColumnElement[bool]) -> list[PoolShareRow]:
    rows = session.execute(
        select(FundingLine, Pool.id, Pool.name)
        .join(Pool, Pool.id == FundingLine.pool_id)
        .where(*where)
        .order_by(FundingLine.opened_at, FundingLine.id)
    ).all()
    accounts = [
        id_ for line, _, _ in rows for id_ in (line.available_account_id, line.held_account_id)
    ]
    balances = ledger.balances_of(session, account_ids=accounts)
    spent = _spent(session, [line.id for line, _, _ in rows])
    return [
        PoolShareRow(
            line_id=line.id,
            pool_id=pool_id,
            pool_name=name,
            person_id=line.person_id,
            funder=line.funder.label,
            is_private=line.funder.is_private,
            available=balances[line.available_account_id],
            held=balances[line.held_account_id],
            spent=spent.get(line.id, ZERO),
            closed=line.closed_at is not None,
        )
        for line, pool_id, name in rows
    ]


def _spent(session: Session, line_ids: Sequence[UUID]) -> dict[UUID, Money]:
    spent = func.sum(HoldShare.captured - HoldShare.refunded, type_=HoldShare.held.type)
    rows = session.execute(
        select(HoldShare.line_id, spent)
        .where(HoldShare.line_id.in_(line_ids))
        .group_by(HoldShare.line_id)
    )
    return dict(rows.all())


def _members(
    session: Session,
    pool: Pool,
    shares: Sequence[PoolShareRow],
    person_id: UUID,
    *,
    only_me: bool,
) -> tuple[PoolMemberRow, ...]:
    """Return the members, whoever has money in it still, and who was asked."""
    rows = session.scalars(
        select(PoolMember)
        .where(PoolMember.pool_id == pool.id, PoolMember.state != MemberState.REFUSED)
        .order_by(PoolMember.invited_at, PoolMember.id)
    ).all()
    latest = {row.person_id or row.id: row for row in rows}
    names = access.names_of(session, user_ids=[row.person_id for row in rows])
    found = []
    for row in latest.values():
        of_member = tuple(share for share in shares if share.person_id == row.person_id)
        is_me = row.person_id == person_id
        gone = row.state is MemberState.LEFT and not any(s.held or s.available for s in of_member)
        if (only_me or gone) and not is_me:
            continue
        found.append(
            PoolMemberRow(
                person_id=row.person_id,
                name=first_name(names[row.person_id]) if row.person_id else row.invited_email,
                state=row.state,
                is_me=is_me,
                since=row.answered_at or row.invited_at,
                shares=of_member,
            )
        )
    return tuple(found)


def _orders(session: Session, shares: Sequence[PoolShareRow]) -> tuple[PoolOrderRow, ...]:
    """Return the newest orders that some shares pay for, each with what every member gave."""
    owner = {share.line_id: share.person_id for share in shares}
    rows = session.execute(
        select(HoldShare, Hold.person_id, Hold.provider_id, Hold.made_at)
        .join(Hold, Hold.id == HoldShare.hold_id)
        .where(HoldShare.line_id.in_(owner))
        .order_by(Hold.made_at.desc(), Hold.id, HoldShare.position)
    ).all()
    by_order: dict[UUID, list[Row[HoldShare, UUID, UUID | None, datetime]]] = defaultdict(list)
    for row in rows:
        by_order[row[0].hold_id].append(row)
    kept = list(by_order.items())[:ORDERS_MAX]
    names = access.names_of(
        session, user_ids={*owner.values(), *(of_order[0][1] for _, of_order in kept)}
    )
    stores = catalogue.provider_names(
        session, provider_ids={of_order[0][2] for _, of_order in kept if of_order[0][2]}
    )
    words = {row.slug: row.name for row in catalogue.categories(session)} if kept else {}
    return tuple(
        _order(order_id, of_order, owner, names, stores, words) for order_id, of_order in kept
    )


def _order(
    order_id: UUID,
    rows: Sequence[Row[HoldShare, UUID, UUID | None, datetime]],
    owner: dict[UUID, UUID],
    names: dict[UUID, str],
    stores: dict[UUID, str],
    words: dict[str, str],
) -> PoolOrderRow:
    shares = [row[0] for row in rows]
    _, placed_by, provider_id, made_at = rows[0]
    gave: dict[UUID, Money] = {}
    for share in shares:
        kept = share.held - share.released - share.refunded
        gave[owner[share.line_id]] = gave.get(owner[share.line_id], ZERO) + kept
    categories = dict.fromkeys(words.get(share.category, share.category) for share in shares)
    return PoolOrderRow(
        order_id=order_id,
        made_at=made_at,
        by=first_name(names.get(placed_by, "")),
        provider_name=stores.get(provider_id, "A provider") if provider_id else "A provider",
        what=", ".join(categories),
        held=total(share.held - share.captured - share.released for share in shares),
        paid=total(share.captured - share.refunded for share in shares),
        parts=tuple(sorted((first_name(names[who]), amount) for who, amount in gave.items())),
    )


def _asks(session: Session, pool_id: UUID, person_id: UUID) -> tuple[PoolAskRow, ...]:
    rows = session.scalars(
        select(PoolAsk)
        .where(
            PoolAsk.pool_id == pool_id,
            or_(PoolAsk.state == RequestState.ASKED, PoolAsk.person_id == person_id),
        )
        .order_by(PoolAsk.asked_at.desc(), PoolAsk.id)
        .limit(ORDERS_MAX)
    ).all()
    names = access.names_of(
        session, user_ids=[id_ for row in rows for id_ in (row.person_id, row.answered_for_id)]
    )
    stores = catalogue.provider_names(session, provider_ids={row.provider_id for row in rows})
    return tuple(
        PoolAskRow(
            id=row.id,
            by=first_name(names[row.person_id]),
            is_mine=row.person_id == person_id,
            provider_name=stores.get(row.provider_id, "A provider"),
            amount=row.amount,
            state=row.state,
            answered_by=first_name(names[row.answered_for_id]) if row.answered_for_id else "",
        )
        for row in rows
    )
