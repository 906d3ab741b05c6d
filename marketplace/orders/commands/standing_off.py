"""Calling off the ordered visits of some days of a standing order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.commands.cancelling import call_off, late_share
from marketplace.orders.commands.locked import any_order, lines_of, record_deed, visits_of
from marketplace.orders.commands.settling import finish
from marketplace.orders.commands.standing_locked import made_since
from marketplace.orders.errors import ShareDueError
from marketplace.orders.models import Order, StandingOrder, Visit
from marketplace.orders.rules import OrderState, VisitState, add_up


@dataclass(frozen=True, slots=True)
class Days:
    """From a day on, before another; None: without an end. One visit of them, if it is named."""

    first_on: date
    before: date | None = None
    only_at: datetime | None = None


def call_off_days(
    session: Session,
    standing: StandingOrder,
    days: Days,
    *,
    agreed: Money,
    by: Actor,
    at: datetime,
) -> None:
    """Call off what is ordered for some days; the whole share is agreed to before anything is.

    Raises:
        ShareDueError: more is due than was agreed to; nothing is called off.
    """
    due = due_for_days(session, standing, days, at=at)
    if due > agreed:
        raise ShareDueError(due)

    def cancel(order: Order, visits: list[Visit]) -> None:
        call_off(session, order, visits, agreed=due, by=by, at=at)
        record_deed(session, order, "visit-cancelled", by=by, at=at, visits=len(visits))

    each_order(session, standing, days, cancel, at=at)


def due_for_days(session: Session, standing: StandingOrder, days: Days, *, at: datetime) -> Money:
    """Return what calling off some days costs now."""
    shares: list[Money] = []

    def look(order: Order, visits: list[Visit]) -> None:
        lines = lines_of(session, order)
        shares.extend(late_share(visit, lines[visit.line_id], at=at) for visit in visits)

    each_order(session, standing, days, look, at=at)
    return add_up(shares)


def each_order(
    session: Session,
    standing: StandingOrder,
    days: Days,
    deed: Callable[[Order, list[Visit]], None],
    *,
    at: datetime,
) -> None:
    """Do something with the planned visits of some days, one locked order after the other."""
    concerned = {
        each.visit_id: each.order_id
        for each in made_since(session, standing, at=at)
        if each.planned_at > at
        and local_day(each.planned_at) >= days.first_on
        and (days.before is None or local_day(each.planned_at) < days.before)
        and days.only_at in {None, each.planned_at}
    }
    for order_id in sorted(set(concerned.values())):
        order = any_order(session, order_id)
        visits = [
            visit
            for visit in visits_of(session, order)
            if visit.id in concerned and visit.state is VisitState.PLANNED
        ]
        if visits and order.state is OrderState.ACCEPTED:
            deed(order, visits)
            finish(session, order, at=at)
