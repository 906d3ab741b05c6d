"""How long a person's money lasts for what they have ordered to go on."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import LineRow, lines_of
from marketplace.budgets.queries.pool_parts import pool_to_spend
from marketplace.budgets.rules.forecast import Coming, days_of
from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money, total
from marketplace.orders.models import Order, StandingOrder
from marketplace.orders.queries.standing_course import Covered, courses, done_of, made_of
from marketplace.orders.rules.standing import Course, Fate, Occasion, four_weeks, monday
from marketplace.orders.rules.standing_money import (
    LOOKED_AHEAD,
    Due,
    Lasting,
    cost_of,
    cost_of_all,
    lasting,
)


def money_lasts(
    session: Session,
    *,
    person_id: UUID,
    pool_id: UUID | None = None,
    at: datetime,
    besides: Sequence[Due] = (),
) -> Lasting:
    """Return how long a person's money, or a pool's, lasts for all its standing orders together.

    What is set aside already is paid for. What is bought besides is not foreseen, apart from what
    ``besides`` names. Nothing comes into a pool by itself.
    """
    today = local_day(at)
    standings = going_on(session, person_id=person_id, pool_id=pool_id, today=today)
    if not standings and not besides:
        return Lasting()
    if pool_id is not None:
        free = pool_to_spend(session, pool_id=pool_id, at=at)
        return lasting(free, coming=(), due=[*besides, *_due(session, standings, at=at)])
    lines = [line for line in lines_of(session, person_id=person_id, at=at) if not line.closed]
    open_lines = [line for line in lines if not line.is_over(today)]
    return lasting(
        total(line.available for line in open_lines),
        coming=list(_coming(open_lines, until=today + LOOKED_AHEAD)),
        due=[*besides, *_due(session, standings, at=at)],
    )


def what_counts(session: Session, order: Order, *, at: datetime) -> Money:
    """Return what saying yes to an order sets going: four weeks, if it begins a standing order."""
    if order.standing_id is None:
        return order.total
    standing = session.get_one(StandingOrder, order.standing_id)
    course = courses(session, [standing])[standing.id]
    return cost_of_all(four_weeks(course, today=local_day(at)), standing.bands)


def going_on(
    session: Session, *, person_id: UUID, pool_id: UUID | None, today: date
) -> list[StandingOrder]:
    """Return what a person's own money, or a pool, pays for that was taken on and has not ended."""
    theirs = StandingOrder.pool_id == pool_id
    if pool_id is None:
        theirs = (StandingOrder.person_id == person_id) & StandingOrder.pool_id.is_(None)
    rows = (
        select(StandingOrder)
        .where(
            theirs,
            StandingOrder.accepted_at.is_not(None),
            or_(StandingOrder.ends_before.is_(None), StandingOrder.ends_before > today),
        )
        .order_by(StandingOrder.placed_at, StandingOrder.id)
    )
    return list(session.scalars(rows))


def plan_ends_before(lines: Sequence[LineRow], *, today: date) -> date:
    """Return when the plan's money ends; in a year, if no line says when."""
    ends = [line.ends_before for line in lines if not line.is_over(today)]
    days = [day for day in ends if day is not None]
    return max(days) if days and len(days) == len(ends) else today + LOOKED_AHEAD


def more_till_end(
    course: Course, *, old: PriceBands, new: PriceBands, first_on: date, ends_before: date
) -> Money:
    """Return how much more a new price is, from a day until the plan's end."""
    visits = course.between(first_on, ends_before)
    return cost_of_all(visits, new) - cost_of_all(visits, old)


def _due(session: Session, standings: Sequence[StandingOrder], *, at: datetime) -> list[Due]:
    today = local_day(at)
    found = courses(session, standings)
    made = made_of(session, standings, at=at)
    return [
        Due(on=each.on, amount=cost_of(each, standing.bands))
        for standing in standings
        for each in still_to_pay(
            found[standing.id], made[standing.id], until=today + LOOKED_AHEAD, at=at
        )
        if standing.over_from is None or each.on < standing.over_from
    ]


def still_to_pay(
    course: Course, made: Sequence[Covered], *, until: date, at: datetime
) -> list[Occasion]:
    """Return what happens until a day and has no order yet."""
    done = done_of(made)
    return [
        each
        for each in course.between(monday(local_day(at)), until)
        if each.fate is Fate.HAPPENS
        and each.planned_at > at
        and (each.planned_at, each.pattern.number) not in done
    ]


def _coming(lines: Sequence[LineRow], *, until: date) -> Iterator[Due]:
    for line in lines:
        if line.next_instalment_on is None:
            continue
        coming = Coming(
            due_on=line.next_instalment_on,
            amount=line.instalment,
            calendar=line.calendar,
            ends_before=line.ends_before,
        )
        for day in days_of(coming, until=until):
            yield Due(on=day, amount=line.instalment)
