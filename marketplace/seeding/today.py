"""What is to be done today: a few visits of one store, its workers named, and one noted in part."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.budgets.errors import SpendRefusedError
from marketplace.catalogue.queries.workers import workers_of
from marketplace.kernel.clock import local_day, local_instant
from marketplace.orders import commands, queries
from marketplace.orders.commands import NoteDelivery, PlaceOrder, PutInBasket
from marketplace.orders.rules import NoteKind
from marketplace.seeding.cast import Cast
from marketplace.seeding.year import Event

_STORE = "reedmere-care"
_OFFER = f"{_STORE}/care-hour"
_DAY, _HOURS_LATER = timedelta(days=1), timedelta(hours=3)
_VISITS = 5
_WHEN = {"beryl-hargate": 9, "arthur-quantrill": 11, "olive-tuddenham": 15}
"""Who is visited every day from yesterday on, and at what hour."""


def todays_visits(cast: Cast) -> Iterator[Event]:
    """Give the orders that today's visits belong to."""
    for number, (person, hour) in enumerate(_WHEN.items()):
        order = partial(_order, cast=cast, person=person, hour=hour, number=number)
        yield Event(cast.ago(days=3), order)


def _order(
    session: Session, at: datetime, *, cast: Cast, person: str, hour: int, number: int
) -> Iterable[Event]:
    by, owner = cast.people[person], cast.owners[_STORE]
    wish = PutInBasket(
        line_id=_id("basket", person),
        offer_id=cast.offers[_OFFER],
        quantity=1,
        visits=_VISITS,
        first_at=local_instant(local_day(cast.now) - _DAY, hour, 0),
        every_days=1,
        outcome_id=cast.outcomes[person][0],
    )
    commands.put_in_basket(session, wish, by=by, at=at)
    place = PlaceOrder(order_id=_id("order", person), provider_id=owner.works_for)
    try:
        with session.begin_nested():
            order_id = commands.place_order(session, place, by=by, at=at)
    except SpendRefusedError:
        commands.take_out(session, line_id=wish.line_id, by=by, at=at)
        return
    take = partial(_take_on, cast=cast, order_id=order_id, number=number)
    yield Event(at + _HOURS_LATER, take)


def _take_on(
    session: Session, at: datetime, *, cast: Cast, order_id: UUID, number: int
) -> Iterable[Event]:
    owner = cast.owners[_STORE]
    commands.accept_order(session, order_id=order_id, by=owner, at=at)
    workers = workers_of(session, [owner.works_for])[owner.works_for]
    order = queries.order_for(session, order_id=order_id, seen_by=owner, at=at)
    for visit in order.visits:
        # Two of them come to everybody, in turns.
        worker = workers[(number + visit.number % 2) % len(workers)].name
        commands.send_worker_to_visit(session, visit_id=visit.id, worker=worker, by=owner, at=at)
    first = order.visits[0]
    if number == 0 and first.planned_at is not None:
        note = partial(_note, cast=cast, visit_id=first.id)
        yield Event(first.planned_at + _HOURS_LATER, note)


def _note(session: Session, at: datetime, *, cast: Cast, visit_id: UUID) -> None:
    note = NoteDelivery(
        visit_id=visit_id,
        note_kind=NoteKind.PART,
        minutes=45,
        words="A neighbour came early and took over.",
    )
    commands.note_delivery(session, note, by=cast.owners[_STORE], at=at)


def _id(what: str, person: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:today/{what}/{person}")
