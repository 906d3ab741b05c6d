"""What goes on week after week in the demonstration: started, taken on, ordered, delivered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.orders import commands as orders
from marketplace.orders import queries as order_queries
from marketplace.orders.commands import AnswerInPool, LeaveOut, NoteDelivery, StartStanding
from marketplace.orders.rules import NoteKind, OrderState, VisitState
from marketplace.orders.rules.standing import BankHolidays
from marketplace.orders.rules.standing_wishes import Weekly
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class _Standing:
    row: Row
    person: Actor
    owner: Actor
    id: UUID


def standing_orders(cast: Cast) -> Iterator[Event]:
    """Give the start of every standing order, and what is done about it week by week."""
    for row in rows("standing", "standing"):
        one = _Standing(
            row=row,
            person=cast.people[row["person"]],
            owner=cast.owners[row["offer"].split("/")[0]],
            id=uuid5(NAMESPACE_URL, f"seed:standing/{row['person']}/{row['offer']}"),
        )
        begins = cast.ago(weeks=row["from_weeks_ago"])
        yield Event(begins, partial(_start, cast=cast, one=one))
        if "agrees" in row:
            at = begins + timedelta(hours=2)
            yield Event(at, partial(_agree, one=one, by=cast.people[row["agrees"]]))
        yield Event(begins + timedelta(hours=3), partial(_accept, one=one))
        for week in range(row["from_weeks_ago"] + 1):
            at = begins + week * _WEEK + timedelta(hours=4)
            yield Event(at, partial(_look_after, one=one))
        yield Event(cast.ago(days=1), partial(_look_after, one=one))
        if row["pause_days"]:
            yield Event(cast.ago(days=1), partial(_pause, one=one))


def _start(session: Session, at: datetime, *, cast: Cast, one: _Standing) -> None:
    row = one.row
    wish = StartStanding(
        standing_id=one.id,
        offer_id=cast.offers[row["offer"]],
        weekly=Weekly(
            weekdays=frozenset(row["weekdays"]),
            minutes=tuple(row["minutes"]),
            every_weeks=row["every_weeks"],
            quantity=row["quantity"],
            bank_holidays=BankHolidays(row["bank_holidays"]),
        ),
        begins_on=local_day(at) + _DAY,
        outcome_id=cast.outcomes[row["person"]][row["outcome"]],
        pool_id=uuid5(NAMESPACE_URL, f"seed:pool/{row['pool']}") if "pool" in row else None,
    )
    orders.start_standing(session, wish, by=one.person, at=at)


def _agree(session: Session, at: datetime, *, one: _Standing, by: Actor) -> None:
    """Let another member of the pool say yes to it."""
    view = order_queries.standing_for(session, standing_id=one.id, seen_by=by, at=at)
    wish = AnswerInPool(standing_id=one.id, agrees=True, seen=view.row.four_weeks)
    orders.answer_in_pool(session, wish, by=by, at=at)


def _accept(session: Session, at: datetime, *, one: _Standing) -> None:
    view = order_queries.standing_for(session, standing_id=one.id, seen_by=one.person, at=at)
    orders.accept_order(session, order_id=view.first_order_id, by=one.owner, at=at)


def _look_after(session: Session, at: datetime, *, one: _Standing) -> None:
    """Note and confirm what happened, then order the next weeks, as the worker does."""
    page = order_queries.orders_of_person(session, by=one.person)
    for row in page.rows:
        if order_queries.standing_of_order(session, order_id=row.id) != one.id:
            continue
        order = order_queries.order_for(session, order_id=row.id, seen_by=one.person, at=at)
        over = [
            visit
            for visit in order.visits
            if visit.state is VisitState.PLANNED and visit.planned_at and visit.planned_at < at
        ]
        if order.state is not OrderState.ACCEPTED or not over:
            continue
        for visit in over:
            note = NoteDelivery(visit_id=visit.id, note_kind=NoteKind.FULL)
            orders.note_delivery(session, note, by=one.owner, at=at)
        ids = [visit.id for visit in over]
        orders.confirm_visits(session, order_id=order.id, visit_ids=ids, by=one.person, at=at)
    for standing_id, weeks in order_queries.standing_due(session, at=at):
        if standing_id != one.id:
            continue
        for week_on in weeks:
            orders.order_week(session, standing_id=one.id, week_on=week_on, at=at)
        orders.look_ahead(session, standing_id=one.id, at=at)


def _pause(session: Session, at: datetime, *, one: _Standing) -> None:
    first_on = local_day(at) + one.row["pause_in_days"] * _DAY
    wish = LeaveOut(
        standing_id=one.id,
        from_on=first_on,
        until_on=first_on + one.row["pause_days"] * _DAY,
        reason="I am with my sister.",
    )
    orders.pause_standing(session, wish, by=one.person, at=at)
