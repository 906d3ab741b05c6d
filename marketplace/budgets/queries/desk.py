"""The money of many people at once, for whoever looks after it: a fixed number of statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, Hold, HoldShare, SpendRequest
from marketplace.budgets.rules import RequestState
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger

USUAL_WEEKS = 8
"""Usual spending is that of so many weeks, divided by them."""


@dataclass(frozen=True, slots=True)
class MoneyOfPerson:
    """What somebody has, and how fast it usually goes."""

    available: Money
    usual_week: Money
    late_since: date | None
    """Since when an instalment should have come; None if none is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRequest:
    """A request to go past a limit: one's own that was answered, or one that waits for oneself."""

    id: UUID
    person_id: UUID
    what: str
    amount: Money
    agreed: bool
    reason: str
    asked_by_name: str
    answered_by_name: str
    waits: bool
    """It waits for an answer."""
    at: datetime


def money_of_people(
    session: Session, *, person_ids: Collection[UUID], at: datetime
) -> dict[UUID, MoneyOfPerson]:
    """Return what some people have to spend; those without a line are left out."""
    today = local_day(at)
    lines = session.execute(
        select(
            FundingLine.person_id,
            FundingLine.available_account_id,
            FundingLine.next_due_on,
        ).where(
            FundingLine.person_id.in_(person_ids),
            FundingLine.closed_at.is_(None),
            FundingLine.starts_on <= today,
            or_(FundingLine.ends_before.is_(None), FundingLine.ends_before > today),
        )
    ).all()
    balances = ledger.balances_of(session, account_ids=[row.available_account_id for row in lines])
    spent = _spent(session, person_ids, at)
    available: dict[UUID, Money] = {}
    late: dict[UUID, date] = {}
    for person_id, account_id, due_on in lines:
        available[person_id] = available.get(person_id, ZERO) + balances.get(account_id, ZERO)
        if due_on is not None and due_on < today:
            late[person_id] = min(due_on, late.get(person_id, due_on))
    return {
        person_id: MoneyOfPerson(
            money, Money(spent.get(person_id, ZERO).pence // USUAL_WEEKS), late.get(person_id)
        )
        for person_id, money in available.items()
    }


def requests_for_desk(
    session: Session, *, user_id: UUID, person_ids: Collection[UUID], since: datetime
) -> list[DeskRequest]:
    """Return what waits for somebody's answer, and the answers they got, newest first.

    One that was agreed to and used needs no more looking at.
    """
    answered = SpendRequest.state.in_({RequestState.AGREED, RequestState.TURNED_DOWN})
    got = (
        (SpendRequest.asked_by_id == user_id)
        & answered
        & (SpendRequest.answered_at >= since)
        & SpendRequest.used_at.is_(None)
    )
    waiting = (SpendRequest.answerer_id == user_id) & (SpendRequest.state == RequestState.ASKED)
    rows = (
        select(SpendRequest)
        .where(SpendRequest.person_id.in_(person_ids), or_(got, waiting))
        .order_by(SpendRequest.asked_at.desc(), SpendRequest.id)
    )
    return [
        DeskRequest(
            id=row.id,
            person_id=row.person_id,
            what=row.what,
            amount=row.amount,
            agreed=row.state is RequestState.AGREED,
            reason=row.reason,
            asked_by_name=row.asked_by_name,
            answered_by_name=row.answered_by_name,
            waits=row.state is RequestState.ASKED,
            at=row.answered_at or row.asked_at,
        )
        for row in session.scalars(rows)
    ]


def _spent(session: Session, person_ids: Collection[UUID], at: datetime) -> dict[UUID, Money]:
    spent = func.sum(HoldShare.captured - HoldShare.refunded, type_=HoldShare.held.type)
    rows = session.execute(
        select(Hold.person_id, spent)
        .join(HoldShare, HoldShare.hold_id == Hold.id)
        .where(Hold.person_id.in_(person_ids), Hold.made_at >= at - timedelta(weeks=USUAL_WEEKS))
        .group_by(Hold.person_id)
    )
    return dict(rows.all())
