"""Who comes: the provider says so, and the person is told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.queries.workers import workers_of
from marketplace.kernel.clock import local_day
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.locked import (
    any_order,
    order_of_visit,
    providers_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.standing_letters import tell_person_of
from marketplace.orders.commands.standing_locked import (
    made_since,
    must_go_on,
    providers_standing,
    record_standing,
)
from marketplace.orders.errors import BadLineError, WrongStateError
from marketplace.orders.models import Order
from marketplace.orders.rules import FINISHED, VisitState, day_words, moment_words


def send_worker(
    session: Session, *, standing_id: UUID, worker: str, from_on: date, by: Actor, at: datetime
) -> None:
    """Say who comes from a day on. The provider stays the same, and the person is told.

    Raises:
        NotFoundError: it is another provider's.
        BadLineError: nobody of that name works there.
        WrongStateError: it was not taken on, or has ended.
    """
    standing = providers_standing(session, standing_id, by)
    must_go_on(session, standing, at=at)
    _works_there(session, standing.provider_id, worker)
    for order_id in sorted({each.order_id for each in made_since(session, standing, at=at)}):
        order = any_order(session, order_id)
        for visit in visits_of(session, order):
            planned = visit.planned_at
            if visit.state is VisitState.PLANNED and planned and local_day(planned) >= from_on:
                visit.worker = worker
    if standing.worker == worker:
        return
    before, standing.worker = standing.worker, worker
    instead = f", and not {before}" if before else ""
    words = f"{worker} comes from {day_words(from_on)} on{instead}. The provider stays the same."
    key = f"worker/{from_on}/{worker}/{at.isoformat()}"
    tell_person_of(session, standing, f"Who comes: {worker}", [words], key=key, at=at)
    record_standing(session, standing, "worker-changed", by=by, at=at)


def send_worker_to_visit(
    session: Session, *, visit_id: UUID, worker: str, by: Actor, at: datetime
) -> UUID:
    """Say who comes to one visit; return its order.

    Raises:
        NotFoundError: it is another provider's.
        BadLineError: nobody of that name works there.
        WrongStateError: the visit is not one to come.
    """
    order = providers_order(session, order_of_visit(session, visit_id), by)
    visit = next(visit for visit in visits_of(session, order) if visit.id == visit_id)
    if order.state in FINISHED or visit.state is not VisitState.PLANNED:
        raise WrongStateError("This visit is not one to come any more.")
    _works_there(session, order.provider_id, worker)
    if visit.worker == worker:
        return order.id
    before, visit.worker = visit.worker, worker
    _tell(session, order, worker, before, moment_words(visit.planned_at), at=at)
    record_deed(session, order, "worker-changed", by=by, at=at, visit=visit.number)
    return order.id


def _tell(
    session: Session, order: Order, worker: str, before: str, when: str, *, at: datetime
) -> None:
    about = About(
        template="worker_changed",
        subject=f"Who comes: {worker}",
        key=f"worker/{at.isoformat()}",
        values={"worker": worker, "before": before, "when": when},
    )
    tell_person(session, order, about, at=at)


def _works_there(session: Session, provider_id: UUID, worker: str) -> None:
    names = {row.name for row in workers_of(session, [provider_id]).get(provider_id, ())}
    if worker not in names:
        raise BadLineError("Choose somebody who works for your store.")
