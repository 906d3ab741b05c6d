"""What must always hold between lines, holds, limits and the ledger."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import (
    FundingLine,
    HoldShare,
    HoldTaking,
    LimitUse,
)
from marketplace.budgets.queries.checks_of_lines import problems_of_lines
from marketplace.budgets.queries.pool_checks import pool_problems
from marketplace.budgets.queries.refunds import owed_problems
from marketplace.budgets.rules import orders_words
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind

_money = HoldShare.held.type


def problems(session: Session) -> list[str]:
    """Return one sentence for everything that does not fit; none if all does."""
    return [
        *_lines_against_ledger(session),
        *_uses_against_takings(session),
        *_takings_against_shares(session),
        *_counts_once(session),
        *problems_of_lines(session),
        *pool_problems(session),
        *owed_problems(session),
    ]


def _lines_against_ledger(session: Session) -> Iterator[str]:
    line_ids = list(session.scalars(select(FundingLine.id)))
    available = ledger.balances(session, owner_ids=line_ids, kind=AccountKind.AVAILABLE)
    held = ledger.balances(session, owner_ids=line_ids, kind=AccountKind.HELD)
    paid_in = _by_line(session, select(FundingLine.id, FundingLine.paid_in))
    set_aside = _by_line(
        session,
        select(
            HoldShare.line_id,
            func.sum(HoldShare.held - HoldShare.captured - HoldShare.released, type_=_money),
        ).group_by(HoldShare.line_id),
    )
    taken = _by_line(
        session,
        select(
            HoldShare.line_id,
            func.sum(HoldShare.held - HoldShare.released - HoldShare.refunded, type_=_money),
        ).group_by(HoldShare.line_id),
    )
    for line_id in line_ids:
        wanted = set_aside.get(line_id, ZERO)
        if held[line_id] != wanted:
            yield f"Line {line_id} has {held[line_id]} set aside, but its orders hold {wanted}."
        wanted = paid_in.get(line_id, ZERO) - taken.get(line_id, ZERO)
        if available[line_id] != wanted:
            yield f"Line {line_id} has {available[line_id]} to spend, but should have {wanted}."


def _uses_against_takings(session: Session) -> Iterator[str]:
    taken = {
        (limit_id, starts_on): (amount, count)
        for limit_id, starts_on, amount, count in session.execute(
            select(
                HoldTaking.limit_id,
                HoldTaking.window_starts_on,
                func.sum(HoldTaking.amount, type_=_money),
                func.sum(HoldTaking.count),
            ).group_by(HoldTaking.limit_id, HoldTaking.window_starts_on)
        )
    }
    used = {
        (limit_id, starts_on): (amount, count)
        for limit_id, starts_on, amount, count in session.execute(
            select(LimitUse.limit_id, LimitUse.window_starts_on, LimitUse.used, LimitUse.count)
        )
    }
    for window in sorted(taken.keys() | used.keys()):
        counted, wanted = used.get(window, (ZERO, 0)), taken.get(window, (ZERO, 0))
        if counted != wanted:
            yield (
                f"Limit {window[0]} counts {counted[0]} in {orders_words(counted[1])} from "
                f"{window[1]}, but its orders took {wanted[0]} in {orders_words(wanted[1])}."
            )


def _takings_against_shares(session: Session) -> Iterator[str]:
    left = HoldShare.held - HoldShare.released - HoldShare.refunded
    rows = session.execute(
        select(HoldTaking.hold_id, HoldTaking.limit_id)
        .join(HoldShare, HoldShare.id == HoldTaking.share_id)
        .where(HoldTaking.amount != left)
    )
    for hold_id, limit_id in rows:
        yield f"Order {hold_id} does not use of limit {limit_id} what it took."


def _counts_once(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(HoldTaking.hold_id, HoldTaking.limit_id)
        .group_by(HoldTaking.hold_id, HoldTaking.limit_id)
        .having(
            func.sum(HoldTaking.count)
            != case((func.sum(HoldTaking.amount, type_=_money) == ZERO, 0), else_=1)
        )
    )
    for hold_id, limit_id in rows:
        yield f"Order {hold_id} does not count once for limit {limit_id}."


def _by_line(session: Session, statement: Select[UUID, Money]) -> dict[UUID, Money]:
    return dict(session.execute(statement).all())
