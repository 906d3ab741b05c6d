"""Refusing that one worker was in two places at once."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.catalogue.rules import Unit
from marketplace.orders.errors import ElsewhereError
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import Booked, NoteKind, VisitState, moment_words

_BEFORE = timedelta(days=2)
"""No visit that began longer ago than this is still going on."""
_HAPPENED = (NoteKind.FULL, NoteKind.PART)
_STANDS = (VisitState.NOTED, VisitState.QUERIED, VisitState.CONFIRMED)


def not_elsewhere(session: Session, order: Order, visit: Visit, line: OrderLine) -> None:
    """Look whether a visit's worker was at another one then, as far as both were by the hour.

    How long a session or a day takes is not known, and a worker may have many people in one.

    Raises:
        ElsewhereError: they were.
    """
    if not visit.worker or visit.began_at is None or Unit(line.unit) is not Unit.HOUR:
        return
    this = _booked(visit, line)
    rows = (
        select(Visit, OrderLine, Order.person_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(
            Visit.worker == visit.worker,
            Visit.began_at > this.at - _BEFORE,
            Visit.began_at < this.ends_at,
            Visit.id != visit.id,
            Visit.note_kind.in_(_HAPPENED),
            Visit.state.in_(_STANDS),
            Order.provider_id == order.provider_id,
            OrderLine.unit == Unit.HOUR,
        )
        .order_by(Visit.began_at, Visit.id)
    )
    for other, its_line, person_id in session.execute(rows):
        booked = _booked(other, its_line)
        if this.meets(booked):
            whose = names_of(session, user_ids=[person_id]).get(person_id, "")
            raise ElsewhereError(
                f"{visit.worker} was somewhere else then: {booked.title} for {whose}, "
                f"{moment_words(booked.at)}. Say who came, when it was, or that it was for both."
            )


def _booked(visit: Visit, line: OrderLine) -> Booked:
    assert visit.began_at is not None, "a visit that was delivered by the hour has its time"
    return Booked(
        title=line.title,
        at=visit.began_at,
        unit=Unit(line.unit),
        quantity=line.quantity,
        minutes=visit.minutes,
    )
