"""A worker says that they have arrived, or leave. Nobody has to, and nobody is followed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.orders.commands.locked import (
    order_of_visit,
    providers_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.sending import Sent, first_time, said_by_phone
from marketplace.orders.errors import TooEarlyError, WrongStateError
from marketplace.orders.rules import OrderState, VisitState, may_be_noted

_OPEN = frozenset({VisitState.PLANNED, VisitState.NOTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The worker of a visit arrives, or leaves."""

    visit_id: UUID
    arrives: bool
    sent: Sent | None = None


def check_in(session: Session, wish: CheckIn, *, by: Actor, at: datetime) -> None:
    """Note that the worker arrives or leaves now. The first time counts; a second changes nothing.

    Raises:
        NotFoundError: it is another provider's visit.
        WrongStateError: the order was not accepted, or the visit is settled.
        TooEarlyError: the visit is planned for a later day.
    """
    order = providers_order(session, order_of_visit(session, wish.visit_id), by)
    visit = next(visit for visit in visits_of(session, order) if visit.id == wish.visit_id)
    what = "arrived" if wish.arrives else "left"
    if not first_time(session, wish.sent, visit_id=visit.id, what=what, at=at):
        return
    if (visit.arrived_at if wish.arrives else visit.left_at) is not None:
        return
    if order.state is not OrderState.ACCEPTED or visit.state not in _OPEN:
        raise WrongStateError("This visit is not one to come any more.")
    if not may_be_noted(visit.planned_at, at=at):
        raise TooEarlyError("This visit is planned for a later day.")
    said_at = said_by_phone(wish.sent, at=at)
    if wish.arrives:
        visit.arrived_at, visit.arrived_said_at = at, said_at
    else:
        visit.left_at, visit.left_said_at = at, said_at
    record_deed(session, order, f"worker-{what}", by=by, at=at, visit=visit.number)
