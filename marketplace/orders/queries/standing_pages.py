"""Standing orders, for the person, their supporters, the provider and the council that pays."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.queries import pool_name
from marketplace.kernel.clock import local_day
from marketplace.orders.models import (
    Order,
    StandingOrder,
    StandingPattern,
    StandingRise,
)
from marketplace.orders.queries.seeing import sees_all
from marketplace.orders.queries.standing_course import courses
from marketplace.orders.queries.standing_days import days_of, latest_of
from marketplace.orders.queries.standing_money import (
    money_lasts,
)
from marketplace.orders.queries.standing_rows import (
    StandingRow,
    Weeks,
    with_theirs,
)
from marketplace.orders.queries.standing_together import pools_standing
from marketplace.orders.rules.standing import Course, Reply, four_weeks
from marketplace.orders.rules.standing_money import cost_of_all
from marketplace.orders.rules.standing_states import standing_state
from marketplace.orders.rules.standing_words import pattern_words, what_words

_NOT_FOUND = "We cannot find that standing order."
_ENDED_SHOWN = timedelta(days=28)
_DAYS_A_MONTH_MAX = 31


def standing_of_person(session: Session, *, by: Actor, at: datetime) -> Weeks:
    """Return a person's standing orders with their next four weeks, for the hat ``by`` wears.

    A supporter who may not see everything sees what they suggested themselves. What another
    member of a pool of theirs pays for with it is among them.
    """
    mine = StandingOrder.person_id == by.buys_for
    if not sees_all(by):
        mine &= StandingOrder.placed_by_id == by.user_id
    weeks = _weeks(session, mine, at=at)
    others = pools_standing(session, by=by, at=at)
    if others:
        theirs = _weeks(session, StandingOrder.id.in_(others), at=at, with_reasons=False)
        weeks = with_theirs(weeks, theirs)
    if not by.may(Permission.SEE_WALLET) or all(row.pool for row in weeks.rows):
        return weeks
    return replace(weeks, lasting=money_lasts(session, person_id=by.buys_for, at=at))


def standing_of_provider(session: Session, *, provider_id: UUID, at: datetime) -> Weeks:
    """Return the standing orders that were sent to a provider, with their next four weeks."""
    theirs = (StandingOrder.provider_id == provider_id) & _was_sent()
    return _weeks(session, theirs, at=at)


def standing_for_council(
    session: Session, *, person_id: UUID, council_id: UUID, at: datetime
) -> Weeks:
    """Return the standing orders of a person that one council pays for."""
    paid = (StandingOrder.person_id == person_id) & (StandingOrder.council_id == council_id)
    return _weeks(session, paid & _was_sent(), at=at)


def standing_of_order(session: Session, *, order_id: UUID) -> UUID | None:
    """Return the standing order that an order is a week of."""
    return session.scalar(select(Order.standing_id).where(Order.id == order_id))


def _weeks(
    session: Session, which: ColumnElement[bool], *, at: datetime, with_reasons: bool = True
) -> Weeks:
    since = local_day(at) - _ENDED_SHOWN
    shown = (StandingOrder.ends_before.is_(None)) | (StandingOrder.ends_before >= since)
    rows = (
        select(StandingOrder)
        .where(which, shown)
        .order_by(StandingOrder.placed_at.desc(), StandingOrder.id)
    )
    standings = list(session.scalars(rows.execution_options(populate_existing=True)))
    found = courses(session, standings)
    return Weeks(
        rows=tuple(standing_rows(session, standings, found, at=at)),
        days=days_of(session, standings, found, with_reasons=with_reasons, at=at),
    )


def standing_rows(
    session: Session,
    standings: Sequence[StandingOrder],
    found: dict[UUID, Course],
    *,
    at: datetime,
) -> Iterator[StandingRow]:
    """Yield a line for each of some standing orders."""
    today = local_day(at)
    ids = [standing.id for standing in standings]
    firsts = [standing.first_order_id for standing in standings]
    states = dict(session.execute(select(Order.id, Order.state).where(Order.id.in_(firsts))).all())
    names = names_of(session, user_ids={standing.person_id for standing in standings})
    asked = select(StandingPattern.standing_id).where(
        StandingPattern.standing_id.in_(ids), StandingPattern.answer == Reply.WAITING
    )
    risen = select(StandingRise.standing_id).where(
        StandingRise.standing_id.in_(ids), StandingRise.answer == Reply.WAITING
    )
    waiting = set(session.scalars(asked.union(risen)))
    paying = {standing.pool_id for standing in standings if standing.pool_id}
    pools = {pool_id: pool_name(session, pool_id=pool_id) for pool_id in paying}
    for standing in standings:
        course = found[standing.id]
        pattern = latest_of(course, today)
        yield StandingRow(
            id=standing.id,
            number=standing.number,
            person_id=standing.person_id,
            person_name=names.get(standing.person_id, ""),
            provider_name=standing.provider_name,
            title=standing.title,
            unit=standing.unit,
            what=what_words(standing.title, standing.unit, pattern),
            words=pattern_words(pattern),
            four_weeks=cost_of_all(four_weeks(course, today=today), standing.bands),
            state=standing_state(
                states[standing.first_order_id],
                accepted=standing.accepted_at is not None,
                ended=standing.ended_at is not None,
                ends_before=standing.ends_before,
                today=today,
            ),
            waits=standing.id in waiting,
            pool=pools[standing.pool_id] if standing.pool_id else "",
        )


def _was_sent() -> ColumnElement[bool]:
    sent = select(Order.id).where(
        Order.id == StandingOrder.first_order_id, Order.held_at.is_not(None)
    )
    return sent.exists()
