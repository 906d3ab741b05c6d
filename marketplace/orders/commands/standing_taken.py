"""Taking a standing order on with its first week, as asked or at another time."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.orders.commands.locked import in_turn, visits_of
from marketplace.orders.commands.standing_locked import course_of, latest_pattern
from marketplace.orders.commands.standing_patterns import pattern_row
from marketplace.orders.errors import BadLineError
from marketplace.orders.models import Order, StandingOrder
from marketplace.orders.rules.standing import Occasion, Reply
from marketplace.orders.rules.standing_moves import moved_minutes, moved_pattern
from marketplace.orders.rules.standing_wishes import again

_MINUTES_A_DAY = 24 * 60


def same_day_still(session: Session, order: Order, first_at: datetime) -> None:
    """Look whether all visits of a day stay on one day when the first is moved.

    Raises:
        BadLineError: one of them would be before or after midnight.
    """
    if order.standing_id is None:
        return
    standing = session.get_one(StandingOrder, order.standing_id)
    pattern = latest_pattern(session, standing).pattern
    old = _first_visit(session, standing, order).minute
    if any(not 0 <= each < _MINUTES_A_DAY for each in moved_minutes(pattern, old, first_at)):
        raise BadLineError(
            "All visits of a day move along, and one of them would be on another day then. "
            "Choose another time."
        )


def taken_on(session: Session, order: Order, *, by: Actor, at: datetime) -> None:
    """Note that the provider took the first week on, and with it the standing order.

    If they had suggested another time, that is the pattern from now on.
    """
    if order.standing_id is None:
        return
    standing = session.get_one(StandingOrder, order.standing_id)
    if standing.first_order_id != order.id or standing.accepted_at is not None:
        return
    standing.accepted_at = standing.next_look_at = at
    visits = in_turn(visits_of(session, order))
    if all(visit.planned_at == visit.occasion_at for visit in visits):
        return
    first_at = visits[0].planned_at
    assert first_at is not None, "every visit of a standing order has its day"
    pattern = latest_pattern(session, standing).pattern
    old_first = _first_visit(session, standing, order)
    moved = moved_pattern(pattern, old_first=old_first, new_first=first_at)
    begins_on = moved.starts_on
    # Nothing of what was asked for first is left in force.
    moved = again(moved, number=moved.number, starts_on=min(moved.starts_on, standing.begins_on))
    row = pattern_row(moved, standing_id=standing.id, by=by, at=at)
    row.answer, row.answered_at = Reply.YES, at
    session.add(row)
    standing.begins_on, order.pattern_number = begins_on, moved.number
    order.occasion_at = first_at
    for visit in visits:
        visit.occasion_at = visit.planned_at
    if standing.ends_before is not None:
        standing.ends_before = max(standing.ends_before, begins_on + timedelta(days=1))


def _first_visit(session: Session, standing: StandingOrder, order: Order) -> Occasion:
    assert order.period_from is not None, "it is a week of a standing order"
    week = course_of(session, standing).weeks([order.period_from])
    return next(each for each in reversed(week) if each.planned_at == order.occasion_at)
