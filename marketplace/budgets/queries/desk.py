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
class AnsweredRequest:
    """An answer to somebody who asked to go past a limit."""

    id: UUID
    person_id: UUID
    what: str
    amount: Money
    agreed: bool
    reason: str
    answered_by_name: str
    answered_at: datetime


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


def answered_requests(
    session: Session, *, asked_by_id: UUID, person_ids: Collection[UUID], since: datetime
) -> list[AnsweredRequest]:
    """Return the answers somebody got for people they ask for, newest first.

    One that was agreed to and used, or is over, needs no more looking at.
    """
    answered = {RequestState.AGREED, RequestState.TURNED_DOWN}
    rows = (
        select(SpendRequest)
        .where(
            SpendRequest.person_id.in_(person_ids),
            SpendRequest.asked_by_id == asked_by_id,
            SpendRequest.state.in_(answered),
            SpendRequest.answered_at >= since,
            SpendRequest.used_at.is_(None),
        )
        .order_by(SpendRequest.answered_at.desc(), SpendRequest.id)
    )
    return [
        AnsweredRequest(
            id=row.id,
            person_id=row.person_id,
            what=row.what,
            amount=row.amount,
            agreed=row.state is RequestState.AGREED,
            reason=row.reason,
            answered_by_name=row.answered_by_name,
            answered_at=row.answered_at or since,
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
