"""What the provider says became of a visit, and corrects."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.orders import rules
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.locked import (
    lines_of,
    order_of_visit,
    providers_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.settling import finish, release_visits
from marketplace.orders.errors import BadLineError, TooEarlyError, WrongStateError
from marketplace.orders.models import Order, Visit
from marketplace.orders.rules import WORDS_LENGTH_MAX, NoteKind, OrderState, VisitState

_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDelivery:
    """What became of a visit. ``part`` is the percentage that happened, if only part of it did."""

    visit_id: UUID
    note_kind: NoteKind
    part: int = 0
    words: str = ""
    worker: str = ""


def note_delivery(session: Session, wish: NoteDelivery, *, by: Actor, at: datetime) -> None:
    """Note what became of a planned visit. If nothing is due, its money is back at once.

    Raises:
        NotFoundError: it is another provider's visit.
        WrongStateError: the order was not accepted, or something else is noted already.
        TooEarlyError: the visit is planned for a later day.
        BadLineError: it does not say how much of it happened.
    """
    order, visit = _visit(session, wish.visit_id, by)
    if visit.state is not VisitState.PLANNED:
        if visit.note_kind is wish.note_kind:
            return
        raise WrongStateError("This visit is noted already. You can correct the note instead.")
    _write(session, order, visit, wish, by=by, at=at)
    record_deed(
        session, order, "visit-noted", by=by, at=at, visit=visit.number, note=wish.note_kind.value
    )


def correct_note(session: Session, wish: NoteDelivery, *, by: Actor, at: datetime) -> None:
    """Correct what was noted, as long as the person has not confirmed it.

    The person has all their days again to answer the new note.

    Raises:
        NotFoundError: it is another provider's visit.
        WrongStateError: the visit is settled, or was never noted.
        BadLineError: it does not say how much of it happened.
    """
    order, visit = _visit(session, wish.visit_id, by)
    if visit.state not in {VisitState.NOTED, VisitState.QUERIED}:
        raise WrongStateError("Only a note that is not confirmed yet can be corrected.")
    visit.told_first_at = visit.told_second_at = None
    visit.query = ""
    _write(session, order, visit, wish, by=by, at=at)
    record_deed(
        session,
        order,
        "note-corrected",
        by=by,
        at=at,
        visit=visit.number,
        note=wish.note_kind.value,
    )


def _visit(session: Session, visit_id: UUID, by: Actor) -> tuple[Order, Visit]:
    order = providers_order(session, order_of_visit(session, visit_id), by)
    visit = next(visit for visit in visits_of(session, order) if visit.id == visit_id)
    if order.state is not OrderState.ACCEPTED and visit.state in rules.OPEN_VISITS:
        raise WrongStateError("Accept the order first.")
    if not order.held_at:
        raise NotFoundError
    return order, visit


def _write(
    session: Session, order: Order, visit: Visit, wish: NoteDelivery, *, by: Actor, at: datetime
) -> None:
    kind = wish.note_kind
    if not kind.is_cancelled and not rules.may_be_noted(visit.planned_at, at=at):
        raise TooEarlyError("This visit is planned for a later day. Note it on the day.")
    if kind is NoteKind.PART and not 0 < wish.part < _WHOLE:
        raise BadLineError("Choose how much of it happened.")
    line = lines_of(session, order)[visit.line_id]
    visit.note_kind = kind
    visit.due = rules.due(kind, visit.amount, part=wish.part, late_percent=line.late_cancel_percent)
    visit.note = wish.words.strip()[:WORDS_LENGTH_MAX]
    visit.worker = wish.worker.strip()[:WORDS_LENGTH_MAX] or visit.worker
    visit.noted_by_id, visit.noted_at = by.user_id, at
    if visit.due:
        visit.go_to(VisitState.NOTED)
        return
    release_visits(session, order, [visit], by=by, at=at)
    _tell_released(session, order, visit, line.title, at=at)
    finish(session, order, at=at)


def _tell_released(
    session: Session, order: Order, visit: Visit, title: str, *, at: datetime
) -> None:
    assert visit.note_kind is not None
    about = About(
        template="visit_released",
        subject=f"Your money is back: {title}",
        key=f"released/{visit.id}",
        values={
            "what": title,
            "when": rules.moment_words(visit.planned_at),
            "why": visit.note_kind.label,
            "words": visit.note,
            "amount": str(visit.amount),
        },
    )
    tell_person(session, order, about, at=at)
