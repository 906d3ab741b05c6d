"""Counting what people spent in weeks that are over, so that a forecast need not add it up."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets import queries
from marketplace.budgets.models import FundingLine, SpentWeek
from marketplace.budgets.rules.forecast import WEEKS_LOOKED_AT
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.wallet import queries as ledger

BATCH = 100
_WEEK = timedelta(days=7)
_SPENDING = ("capture", "refund", "elsewhere", "elsewhere-back")


def count_weeks(session: Session, *, at: datetime, limit: int = BATCH) -> int:
    """Count the last weeks of some people that are over; return how many people it was.

    Meant to be repeated until it returns nothing; a week is counted once.
    """
    monday = queries.this_monday(at)
    people = queries.people_to_count(session, week=monday - _WEEK, limit=limit)
    if not people:
        return 0
    first = monday - WEEKS_LOOKED_AT * _WEEK
    whose: dict[UUID, UUID] = {}
    begins_on: dict[UUID, date] = {}
    rows = select(FundingLine.id, FundingLine.person_id, FundingLine.starts_on).where(
        FundingLine.person_id.in_(people)
    )
    for line_id, person_id, starts_on in session.execute(rows):
        whose[line_id] = person_id
        begins_on[person_id] = min(starts_on, begins_on.get(person_id, starts_on))
    spent: dict[tuple[UUID, date], Money] = defaultdict(lambda: ZERO)
    moved = ledger.flow_of(
        session,
        owner_ids=list(whose),
        reasons=_SPENDING,
        from_at=local_instant(first, 0, 0),
    )
    for line_id, moved_at, amount in moved:
        day = local_day(moved_at)
        spent[whose[line_id], day - timedelta(days=day.weekday())] -= amount
    for person_id in people:
        for number in range(WEEKS_LOOKED_AT):
            week = first + number * _WEEK
            if week >= begins_on[person_id] or number == WEEKS_LOOKED_AT - 1:
                values = {"person_id": person_id, "starts_on": week}
                amount = spent[person_id, week]
                insert_once(session, SpentWeek, {"id": uuid4(), **values, "spent": amount})
    return len(people)
