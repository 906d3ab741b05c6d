"""How long a person's money lasts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, SpentWeek
from marketplace.budgets.queries.lines import LineRow
from marketplace.budgets.rules.forecast import (
    WEEKS_LOOKED_AT,
    Coming,
    Forecast,
    Pace,
    forecast,
    line_forecast,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money, total

_WEEK = timedelta(days=7)
_SPENT = select(SpentWeek.starts_on, SpentWeek.spent).where(
    SpentWeek.person_id == bindparam("person_id"), SpentWeek.starts_on >= bindparam("since")
)


def this_monday(at: datetime) -> date:
    """Return the Monday of the week an instant lies in: weeks before it are over."""
    day = local_day(at)
    return day - timedelta(days=day.weekday())


def forecast_of(
    session: Session, *, person_id: UUID, lines: Sequence[LineRow], at: datetime
) -> Forecast:
    """Return how long a person's money lasts, with its reasons; one statement."""
    since = this_monday(at) - WEEKS_LOOKED_AT * _WEEK
    rows = session.execute(_SPENT, {"person_id": person_id, "since": since}).all()
    return forecast_from([(row.starts_on, row.spent) for row in rows], lines, today=local_day(at))


def forecast_from(
    weeks: Sequence[tuple[date, Money]], lines: Sequence[LineRow], *, today: date
) -> Forecast:
    """Return how long money lasts, from what was spent in each week that was counted."""
    begins_on = min((line.starts_on for line in lines), default=today)
    return forecast(
        free=total(line.available for line in lines),
        set_aside=total(line.held for line in lines),
        pace=Pace.of([spent for starts_on, spent in weeks if starts_on >= begins_on]),
        coming=[coming for line in lines if (coming := _coming(line)) is not None],
        today=today,
    )


def forecast_of_line(line: LineRow, *, today: date) -> Forecast:
    """Return how long the money of one line lasts, at the pace that was counted last."""
    return line_forecast(
        line.available + line.held,
        line.pace,
        coming=_coming(line),
        ends_before=line.ends_before,
        today=today,
    )


def _coming(line: LineRow) -> Coming | None:
    if line.next_instalment_on is None:
        return None
    return Coming(
        due_on=line.next_instalment_on,
        amount=line.instalment,
        calendar=line.calendar,
        ends_before=line.ends_before,
    )


def people_to_count(session: Session, *, week: date, limit: int) -> list[UUID]:
    """Return some people with money whose spending in a week that is over was not counted yet."""
    counted = exists().where(
        SpentWeek.person_id == FundingLine.person_id, SpentWeek.starts_on == week
    )
    rows = (
        select(FundingLine.person_id)
        .where(FundingLine.closed_at.is_(None), FundingLine.starts_on <= week, ~counted)
        .distinct()
        .limit(limit)
    )
    return list(session.scalars(rows))
