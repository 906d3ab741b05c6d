"""What decides on which days standing orders happen, and what of it is covered by an order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries.holidays import breaks_by_store
from marketplace.kernel.clock import local_day, local_instant
from marketplace.orders.models import (
    Order,
    StandingGap,
    StandingOrder,
    StandingPattern,
    Visit,
)
from marketplace.orders.rules import OrderState, VisitState
from marketplace.orders.rules.standing import (
    Course,
    Fate,
    Gap,
    Occasion,
    Pattern,
    Reply,
    monday,
    weeks_ahead,
)
from marketplace.orders.rules.standing_states import in_force

_LOOK_BACK = timedelta(days=8)
DEAD = frozenset({OrderState.CANCELLED, OrderState.DECLINED, OrderState.REFUSED})
"""States of an order in which its week is not covered by it."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A visit that was made out of a standing order."""

    visit_id: UUID
    order_id: UUID
    standing_id: UUID
    week_on: date
    pattern_number: int
    planned_at: datetime
    occasion_at: datetime
    """The time of the pattern that it was made for."""
    order_state: OrderState
    state: VisitState

    @property
    def lives(self) -> bool:
        """Tell whether it takes place, or took place."""
        return self.state is not VisitState.RELEASED and self.order_state not in DEAD


def courses(session: Session, standings: Sequence[StandingOrder]) -> dict[UUID, Course]:
    """Return on which days some standing orders happen, by id; three statements."""
    ids = [standing.id for standing in standings]
    patterns: dict[UUID, list[Pattern]] = {}
    rows = select(StandingPattern).where(
        StandingPattern.standing_id.in_(ids), StandingPattern.answer == Reply.YES
    )
    for row in session.scalars(rows.execution_options(populate_existing=True)):
        patterns.setdefault(row.standing_id, []).append(row.pattern)
    gaps: dict[UUID, list[Gap]] = {}
    for gap in session.scalars(select(StandingGap).where(StandingGap.standing_id.in_(ids))):
        gaps.setdefault(gap.standing_id, []).append(gap.gap)
    stores = {standing.provider_id for standing in standings}
    away = breaks_by_store(session, provider_ids=stores)
    return {
        standing.id: Course(
            patterns=in_force(patterns[standing.id]),
            begins_on=standing.begins_on,
            ends_before=standing.ends_before,
            gaps=tuple(gaps.get(standing.id, ())),
            away=away.get(standing.provider_id, ()),
        )
        for standing in standings
    }


def covered(
    session: Session, standing_ids: Collection[UUID], *, since: datetime
) -> dict[UUID, list[Covered]]:
    """Return the visits made out of some standing orders since an instant, by standing order."""
    rows = (
        select(
            Visit.id,
            Order.id,
            Order.standing_id,
            Order.period_from,
            Order.pattern_number,
            Visit.planned_at,
            Visit.occasion_at,
            Order.state,
            Visit.state,
        )
        .join(Order, Order.id == Visit.order_id)
        .where(Order.standing_id.in_(standing_ids), Visit.planned_at >= since)
        .order_by(Visit.planned_at, Visit.id)
    )
    found: dict[UUID, list[Covered]] = {standing_id: [] for standing_id in standing_ids}
    for row in session.execute(rows):
        each = Covered(*row)  # type: ignore[arg-type]  # every one of them has its week and day
        found[each.standing_id].append(each)
    return found


def uncovered(
    course: Course, made: Sequence[Covered], *, weeks: Sequence[date], at: datetime
) -> list[Occasion]:
    """Return what is still to be ordered for some weeks.

    What was ordered by a pattern is not ordered by it again, whatever became of it.
    """
    done = done_of(made)
    planned = {each.planned_at for each in made if each.lives}
    return [
        each
        for each in course.weeks(weeks)
        if each.fate is Fate.HAPPENS
        and each.planned_at > at
        and (each.planned_at, each.pattern.number) not in done
        and each.planned_at not in planned
    ]


def done_of(made: Sequence[Covered]) -> frozenset[tuple[datetime, int]]:
    """Return what was ordered by which pattern: a time of it, wherever the visit is now."""
    return frozenset((each.occasion_at, each.pattern_number) for each in made)


def standing_due(
    session: Session, *, at: datetime, limit: int = 50
) -> list[tuple[UUID, list[date]]]:
    """Return standing orders to look after now, each with the weeks that are to be ordered."""
    rows = (
        select(StandingOrder)
        .where(StandingOrder.next_look_at <= at)
        .order_by(StandingOrder.next_look_at, StandingOrder.id)
        .limit(limit)
    )
    standings = list(session.scalars(rows))
    found = courses(session, standings)
    made = made_of(session, standings, at=at)
    weeks = weeks_ahead(at)
    return [
        (
            standing.id,
            sorted(
                {
                    each.week_on
                    for each in uncovered(found[standing.id], made[standing.id], weeks=weeks, at=at)
                }
            ),
        )
        for standing in standings
    ]


def made_of(
    session: Session, standings: Sequence[StandingOrder], *, at: datetime
) -> dict[UUID, list[Covered]]:
    """Return the visits made out of some standing orders from last week on."""
    since = local_instant(monday(local_day(at)) - _LOOK_BACK, 0, 0)
    return covered(session, [standing.id for standing in standings], since=since)
