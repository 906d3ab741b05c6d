"""The person's answer to a delivery note: it was so, or something is wrong."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.commands.letters import About, tell_provider
from marketplace.orders.commands.locked import (
    order_of_visit,
    persons_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.settling import settle
from marketplace.orders.errors import BadLineError, TooEarlyError, WrongStateError
from marketplace.orders.rules import (
    WORDS_LENGTH_MAX,
    OrderState,
    VisitState,
    may_be_noted,
    moment_words,
)

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
    invoice_id = settle(session, order, new, by=by, at=at)
    record_deed(session, order, "visits-confirmed", by=by, at=at, visits=len(new))
    return invoice_id


def query_visit(session: Session, *, visit_id: UUID, words: str, by: Actor, at: datetime) -> None:
    """Say that something is wrong with a visit: its money stays where it is until that is solved.

    A visit that was planned for today or earlier can be queried before the provider notes it.

    Raises:
        NotFoundError: it is somebody else's order.
        NotAllowedError: the supporter may not say what was delivered.
        BadLineError: there are no words.
        TooEarlyError: the visit is planned for a later day.
        WrongStateError: the visit is settled, or the order not accepted.
    """
    order = persons_order(session, order_of_visit(session, visit_id), by, Permission.PLACE_ORDERS)
    visit = next(visit for visit in visits_of(session, order) if visit.id == visit_id)
    text = words.strip()[:WORDS_LENGTH_MAX]
    if not text:
        raise BadLineError("Say what is wrong.")
    if order.state is not OrderState.ACCEPTED:
        raise WrongStateError("The provider has not said yes to this order.")
    if visit.state is VisitState.QUERIED and visit.query == text:
        return
    if visit.state is VisitState.PLANNED and not may_be_noted(visit.planned_at, at=at):
        raise TooEarlyError("This visit is planned for a later day.")
    visit.go_to(VisitState.QUERIED)
    visit.query = text
    about = About(
        template="visit_queried",
        subject="Something is wrong with a visit",
        key=f"queried/{visit.id}/{at.isoformat()}",
        values={"when": moment_words(visit.planned_at), "words": text},
    )
    tell_provider(session, order, about, at=at)
    record_deed(session, order, "visit-queried", by=by, at=at, visit=visit.number)
