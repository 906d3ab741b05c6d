"""Deliveries that nobody answers: told twice, then confirmed by themselves, and said to be so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.councils.queries import council
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.locked import any_order, lines_of, record_deed, visits_of
from marketplace.orders.commands.settling import settle
from marketplace.orders.models import Order, Visit
from marketplace.orders.queries.silence import unanswered_orders
from marketplace.orders.rules import Silence, VisitState, add_up, moment_words, next_step


def tell_and_confirm_silent(session: Session, *, at: datetime) -> int:
    """Do what is due for every delivery nobody has answered; return for how many orders.

    For a story told in one go. The worker takes one order a transaction instead.
    """
    order_ids = unanswered_orders(session, at=at)
    return sum(tell_and_confirm_order(session, order_id=order_id, at=at) for order_id in order_ids)


def tell_and_confirm_order(session: Session, *, order_id: UUID, at: datetime) -> bool:
    """Do what is due for one order's unanswered deliveries; tell whether anything was."""
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
    if due[Silence.CONFIRM]:
        settle(session, order, due[Silence.CONFIRM], by=None, at=at)
        record_deed(
            session, order, "confirmed-by-silence", by=None, at=at, visits=len(due[Silence.CONFIRM])
        )
    return bool(told or due[Silence.CONFIRM])


def _step(visit: Visit, days: int, at: datetime) -> Silence:
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
                f"{lines[visit.line_id].title}, {moment_words(visit.planned_at)}: "
                f"{visit.note_kind.label if visit.note_kind else ''}"
                for visit in visits
            ],
            "due": str(add_up(visit.due or ZERO for visit in visits)),
        },
    )
    tell_person(session, order, about, at=at)
