"""Counting what was spent in weeks that are over, so that a forecast need not add it up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.budgets import queries
from marketplace.budgets.models import FundingLine, SpentWeek
from marketplace.budgets.rules.forecast import WEEKS_LOOKED_AT, Pace
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import ZERO, Money, total
from marketplace.kernel.writing import insert_once
from marketplace.wallet import queries as ledger

BATCH = 100
_WEEK = timedelta(days=7)
_SPENDING = ("capture", "refund", "elsewhere", "elsewhere-back")


@dataclass(frozen=True, slots=True)
class _Line:
    id: UUID
    person_id: UUID
    starts_on: date
    closed: bool


def count_weeks(session: Session, *, at: datetime, limit: int = BATCH) -> int:
    """Count the last weeks of some people that are over; return how many people it was.

    Of each person what all their money paid in a week, of each line its pace. Meant to be repeated
    until it returns nothing; a week is counted once.
    """
    monday = queries.this_monday(at)
    people = queries.people_to_count(session, week=monday - _WEEK, limit=limit)
    if not people:
        return 0
    first = monday - WEEKS_LOOKED_AT * _WEEK
    weeks = [first + number * _WEEK for number in range(WEEKS_LOOKED_AT)]
    columns = (FundingLine.person_id, FundingLine.starts_on, FundingLine.closed_at.is_not(None))
    found = select(FundingLine.id, *columns).where(FundingLine.person_id.in_(people))
    lines = [_Line(*row) for row in session.execute(found)]
    spent = _spent(session, [line.id for line in lines], first)
    for person_id in people:
        theirs = [line for line in lines if line.person_id == person_id]
        begins_on = min(line.starts_on for line in theirs)
        for week in weeks:
            if week >= begins_on or week == weeks[-1]:
                amount = total(spent[line.id, week] for line in theirs)
                values = {"person_id": person_id, "starts_on": week, "spent": amount}
                insert_once(session, SpentWeek, {"id": uuid4(), **values})
    for line in lines:
        if not line.closed:
            pace = Pace.of([spent[line.id, week] for week in weeks if week >= line.starts_on])
            session.execute(
                update(FundingLine)
                .where(FundingLine.id == line.id)
                .values(weeks_counted=pace.weeks, a_week=pace.a_week)
            )
    return len(people)


def _spent(
    session: Session, line_ids: Sequence[UUID], first: date
) -> Mapping[tuple[UUID, date], Money]:
    """Return what each line paid in the weeks from a Monday on; less what came back to it."""
    spent: dict[tuple[UUID, date], Money] = defaultdict(lambda: ZERO)
    from_at = local_instant(first, 0, 0)
    moved = ledger.flow_of(session, owner_ids=line_ids, reasons=_SPENDING, from_at=from_at)
    for line_id, moved_at, amount in moved:
        day = local_day(moved_at)
        spent[line_id, day - timedelta(days=day.weekday())] -= amount
    return spent
