"""How a query ends: the agreed part is paid, the rest goes back; or the visit is done again."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.commands.crediting import Credit, give_back_of_invoice
from marketplace.orders.commands.locked import visits_of
from marketplace.orders.commands.settling import finish, release_visits, settle
from marketplace.orders.errors import DisputeRefusedError, WrongStateError
from marketplace.orders.models import Dispute, Invoice, Order, StandingOrder, Visit, VisitPhoto
from marketplace.orders.queries.standing_course import courses
from marketplace.orders.rules import NoteKind, VisitState, moment_words
from marketplace.orders.rules.disputes import Outcome, divide, outcome_of

_WEEK = timedelta(days=7)


def settle_query(
    session: Session, order: Order, dispute: Dispute, amount: Money, *, by: Actor, at: datetime
) -> None:
    """Pay an agreed amount of the money in question, and give the rest back to where it came from.

    The query's state says already that it ends. What was invoiced before is taken back with a
    credit note.
    """
    divided = divide(dispute.stake, amount)
    dispute.outcome = outcome_of(amount, claimed=dispute.claimed)
    dispute.settled, dispute.back = divided.settled, divided.back
    if dispute.invoice_id is None:
        _pay(session, order, visit_in(session, order, dispute), amount, by=by, at=at)
    elif divided.back:
        invoice = session.get_one(Invoice, dispute.invoice_id)
        wish = Credit(
            credit_id=uuid4(),
            invoice_id=invoice.id,
            amount=divided.back,
            reason=f"Settled: {dispute.outcome.label.lower()}",
        )
        give_back_of_invoice(session, order, invoice, wish, at=at)


def do_again(
    session: Session, order: Order, dispute: Dispute, new_at: datetime | None, *, at: datetime
) -> None:
    """Plan a queried visit anew; its money stays set aside for then.

    Raises:
        DisputeRefusedError: there is no time, it has gone, or they come then anyway.
        WrongStateError: the time of the visit is still to come today.
    """
    visit = visit_in(session, order, dispute)
    if visit.planned_at is not None:
        _check_time(session, order, visit.planned_at, new_at, at=at)
    dispute.outcome = Outcome.AGAIN
    plan_anew(session, visit)
    visit.planned_at = new_at


def plan_anew(session: Session, visit: Visit) -> None:
    """Let a visit be one that is still to come: nothing is said of it yet."""
    visit.go_to(VisitState.PLANNED)
    visit.note_kind = visit.due = visit.minutes = visit.began_at = None
    visit.noted_by_id = visit.noted_at = visit.told_first_at = visit.told_second_at = None
    visit.note = visit.query = ""
    session.execute(delete(VisitPhoto).where(VisitPhoto.visit_id == visit.id))


def visit_in(session: Session, order: Order, dispute: Dispute) -> Visit:
    """Return the visit of a locked order that a query is about."""
    return next(visit for visit in visits_of(session, order) if visit.id == dispute.visit_id)


def _pay(
    session: Session, order: Order, visit: Visit, amount: Money, *, by: Actor, at: datetime
) -> None:
    visit.due = amount
    visit.noted_at = visit.noted_at or at
    if not amount:
        visit.note_kind = visit.note_kind or NoteKind.MISSED
        release_visits(session, order, [visit], by=by, at=at)
        finish(session, order, at=at)
        return
    if visit.note_kind in {None, NoteKind.PART}:
        visit.note_kind = NoteKind.FULL if amount == visit.amount else NoteKind.PART
    settle(session, order, [visit], by=by, at=at)


def _check_time(
    session: Session, order: Order, planned_at: datetime, new_at: datetime | None, *, at: datetime
) -> None:
    if planned_at > at:
        raise WrongStateError(f"The visit is still to come: {moment_words(planned_at)}.")
    if new_at is None:
        raise DisputeRefusedError("on_day", "Say when it is done again.")
    if new_at <= at:
        raise DisputeRefusedError("on_day", "That time has gone. Choose a time to come.")
    taken = {visit.planned_at for visit in visits_of(session, order)}
    if order.standing_id is not None:
        standing = session.get_one(StandingOrder, order.standing_id)
        course = courses(session, [standing])[standing.id]
        day = local_day(new_at)  # a bank holiday may move a visit here from days before or after
        taken |= {each.planned_at for each in course.between(day - _WEEK, day + _WEEK)}
    if new_at in taken:
        raise DisputeRefusedError("on_day", "You come at that time anyway. Choose another one.")
