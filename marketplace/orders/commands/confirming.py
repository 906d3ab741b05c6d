"""The person's answer to a delivery note: it was so. What was queried before is taken back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.commands.disputes_moving import withdraw_confirmed
from marketplace.orders.commands.locked import persons_order, record_deed, visits_of
from marketplace.orders.commands.settling import settle
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules import VisitState

_CONFIRMABLE = frozenset({VisitState.NOTED, VisitState.QUERIED})


def confirm_visits(
    session: Session, *, order_id: UUID, visit_ids: Collection[UUID], by: Actor, at: datetime
) -> UUID | None:
    """Say that visits were delivered as noted: what is due is paid, the rest is back.

    Returns the invoice, or None if the visits were confirmed before. Twice is once.

    Raises:
        NotFoundError: it is somebody else's order, or has no such visit.
        NotAllowedError: the supporter may not say what was delivered.
        WrongStateError: the provider has not noted one of them yet.
    """
    order = persons_order(session, order_id, by, Permission.PLACE_ORDERS)
    visits = {visit.id: visit for visit in visits_of(session, order)}
    if not set(visit_ids) <= visits.keys():
        raise NotFoundError("We cannot find that visit.")
    chosen = [visits[visit_id] for visit_id in visits if visit_id in set(visit_ids)]
    new = [visit for visit in chosen if visit.state is not VisitState.CONFIRMED]
    if not new:
        return None
    if any(visit.state not in _CONFIRMABLE or visit.note_kind is None for visit in new):
        raise WrongStateError("The provider has not said what became of this visit yet.")
    withdraw_confirmed(session, order, new, by=by, at=at)
    invoice_id = settle(session, order, new, by=by, at=at)
    record_deed(session, order, "visits-confirmed", by=by, at=at, visits=len(new))
    return invoice_id
