"""Deliveries that nobody answers: told twice, then confirmed by themselves, and said to be so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.audit.commands import Deed, record_all
from marketplace.councils.queries import council, councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.orders.commands.delivered import DeliveredOrder, DeliveredVisit, free_orders
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.locked import any_order, lines_of, record_deed, visits_of
from marketplace.orders.commands.settling import settle_all
from marketplace.orders.models import Order, Visit
from marketplace.orders.queries.silence import unanswered_orders
from marketplace.orders.rules import Silence, VisitState, add_up, next_step, when_words


def tell_and_confirm_silent(session: Session, *, at: datetime) -> int:
    """Do what is due for every delivery nobody has answered; return for how many orders.

    For a story told in one go. The worker takes many transactions instead.
    """
    due = unanswered_orders(session, at=at)
    told = sum(tell_silent_order(session, order_id=order_id, at=at) for order_id in due.to_tell)
    return told + sum(
        confirm_silent_orders(session, order_ids=some, at=at) for some in due.batches()
    )


def tell_silent_order(session: Session, *, order_id: UUID, at: datetime) -> bool:
    """Tell of one order's unanswered deliveries, if that is due; tell whether it was."""
    try:
        order = any_order(session, order_id)
    except NotFoundError:
        return False
    days = council(session, council_id=order.council_id).auto_confirm_days
    noted = [visit for visit in visits_of(session, order) if visit.state is VisitState.NOTED]
    due: dict[Silence, list[Visit]] = {step: [] for step in Silence}
    for visit in noted:
        due[_step(visit, days, at)].append(visit)
    for visit in due[Silence.TELL_FIRST]:
        visit.told_first_at = at
    for visit in due[Silence.TELL_SECOND]:
        visit.told_second_at = at
    told = [*due[Silence.TELL_FIRST], *due[Silence.TELL_SECOND]]
    if told:
        _tell(session, order, told, days=days, at=at)
        record_deed(session, order, "told-to-confirm", by=None, at=at, visits=len(told))
    return bool(told)


def confirm_silent_orders(session: Session, *, order_ids: Sequence[UUID], at: datetime) -> int:
    """Confirm and invoice what nobody answered of some orders; return of how many.

    Meant to be repeated, each batch in its own transaction. Stopped anywhere, what was confirmed
    stays so, and the rest is confirmed the next time; so is what somebody works on just now.
    """
    free = free_orders(session, order_ids)
    days = {card.id: card.auto_confirm_days for card in councils(session)}
    orders = [free[order_id] for order_id in order_ids if order_id in free]
    found = [(order, _silent(order, days[order.council_id], at)) for order in orders]
    chosen = [(order, visits) for order, visits in found if visits]
    settle_all(session, chosen, by=None, at=at)
    deeds = [
        Deed(
            what="confirmed-by-silence",
            chain_id=order.person_id,
            subject_id=order.id,
            by_user_id=None,
            for_person_id=order.person_id,
            at=at,
            details={"visits": len(visits)},
        )
        for order, visits in chosen
    ]
    record_all(session, deeds)
    return len(chosen)


def _silent(order: DeliveredOrder, days: int, at: datetime) -> list[DeliveredVisit]:
    """Return the visits of an order that confirm themselves now."""
    return [
        visit
        for visit in order.visits
        if visit.state is VisitState.NOTED and _step(visit, days, at) is Silence.CONFIRM
    ]


def _step(visit: Visit | DeliveredVisit, days: int, at: datetime) -> Silence:
    assert visit.noted_at is not None, "a noted visit says when"
    return next_step(
        noted_at=visit.noted_at,
        told_first_at=visit.told_first_at,
        told_second_at=visit.told_second_at,
        days=days,
        at=at,
    )


def _tell(
    session: Session, order: Order, visits: Sequence[Visit], *, days: int, at: datetime
) -> None:
    lines = lines_of(session, order)
    about = About(
        template="delivered_please_confirm",
        subject=f"Did it happen? {order.provider_name} says so",
        key=f"told/{visits[0].id}/{at.isoformat()}",
        values={
            "days": str(days),
            "visits": [
                f"{lines[visit.line_id].title}, "
                f"{when_words(visit.planned_at, lines[visit.line_id].unit)}: "
                f"{visit.note_kind.label if visit.note_kind else ''}"
                for visit in visits
            ],
            "due": str(add_up(visit.due or ZERO for visit in visits)),
        },
    )
    tell_person(session, order, about, at=at)
