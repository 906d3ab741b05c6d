"""What the provider says became of a visit, corrects, and takes back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.queries.workers import workers_of
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.pictures import CleanPicture
from marketplace.orders import rules
from marketplace.orders.commands.disputes_locked import live_disputes, refuse_workers
from marketplace.orders.commands.disputes_moving import answer_with_note
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.locked import (
    lines_of,
    order_of_visit,
    providers_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.overlapping import not_elsewhere
from marketplace.orders.commands.putting_right import (
    open_again,
    refuse_what_stays,
    tell_put_right,
)
from marketplace.orders.commands.sending import Sent, first_time
from marketplace.orders.commands.settling import finish, release_visits
from marketplace.orders.errors import BadLineError, TooEarlyError, WrongStateError
from marketplace.orders.models import Order, OrderLine, Visit, VisitPhoto
from marketplace.orders.queries.agreed import agreed_of
from marketplace.orders.rules import (
    ALT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    HowMuch,
    NoteKind,
    OrderState,
    VisitState,
)
from marketplace.orders.rules.standing import TIMED

_CORRECTABLE = frozenset({VisitState.NOTED, VisitState.QUERIED, VisitState.RELEASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDelivery:
    """What became of a visit, as its provider says."""

    visit_id: UUID
    note_kind: NoteKind
    part: int = 0
    """The percentage that happened, if only part of it did."""
    minutes: int = 0
    """How long it was, if only part of it happened and it was ordered by the hour."""
    words: str = ""
    worker: str = ""
    """Who came, if it was somebody else than planned."""
    began_at: datetime | None = None
    """When it was, if not when it was planned."""
    together: bool = False
    """The worker was there for somebody else at the same time, and that is as it should be."""
    photo: CleanPicture | None = None
    alt: str = ""
    sent: Sent | None = None
    """Under which key a browser sent it: the same key again changes nothing."""


def note_delivery(session: Session, wish: NoteDelivery, *, by: Actor, at: datetime) -> None:
    """Note what became of a planned visit. If nothing is due, its money is back at once.

    Raises:
        NotFoundError: it is another provider's visit.
        WrongStateError: the order was not accepted, or something else is noted already.
        TooEarlyError: the visit has not begun.
        ElsewhereError: its worker was at another visit then.
        BadLineError: it is more than was ordered, or does not say how much of it happened.
    """
    order, visit = _visit(session, wish.visit_id, by)
    if not first_time(session, wish.sent, visit_id=visit.id, what=wish.note_kind.value, at=at):
        return
    if visit.state is not VisitState.PLANNED:
        if wish.sent is None and visit.note_kind is wish.note_kind:
            return
        raise WrongStateError(noted_words(visit))
    _write(session, order, visit, wish, by=by, at=at)
    record_deed(
        session, order, "visit-noted", by=by, at=at, visit=visit.number, note=wish.note_kind.value
    )


def correct_note(session: Session, wish: NoteDelivery, *, by: Actor, at: datetime) -> None:
    """Correct what was noted, as long as the person has not confirmed it.

    The person has all their days again to answer the new note. Of a visit that the person says
    something is wrong with, it is the answer to that. If the money went back because of the note,
    it is set aside again, where it was, as far as it is still there.

    Raises:
        NotFoundError: it is another provider's visit.
        NotAllowedError: it would be an answer, which only an owner or manager gives.
        WrongStateError: the visit is settled, or was never noted.
        TooEarlyError: the visit has not begun.
        ElsewhereError: its worker was at another visit then.
        BadLineError: it is more than was ordered, or does not say how much of it happened.
    """
    order, visit = _visit(session, wish.visit_id, by)
    what = f"{wish.note_kind.value} instead"
    if not first_time(session, wish.sent, visit_id=visit.id, what=what, at=at):
        return
    if visit.state not in _CORRECTABLE:
        raise WrongStateError("Only a note that is not confirmed yet can be corrected.")
    visit.told_first_at = visit.told_second_at = None
    queried = live_disputes(session, order).get(visit.id)
    if visit.state is VisitState.RELEASED:
        _put_right(session, order, visit, wish, by=by, at=at)
    elif queried is None:
        visit.query = ""
        _write(session, order, visit, wish, by=by, at=at)
    else:
        refuse_workers(by)
        _say(session, order, visit, wish, by=by, at=at)
        assert visit.due is not None, "a note says what is due"
        due, words = visit.due, visit.note
        answer_with_note(session, order, visit, queried, due=due, words=words, by=by, at=at)
    record_deed(
        session,
        order,
        "note-corrected",
        by=by,
        at=at,
        visit=visit.number,
        note=wish.note_kind.value,
    )


def undo_note(session: Session, *, visit_id: UUID, by: Actor, at: datetime) -> None:
    """Take back a note that was sent a moment ago and that nobody has answered. Twice is once.

    Raises:
        NotFoundError: it is another provider's visit.
        WrongStateError: it was sent too long ago, was answered, or its money is gone.
    """
    order, visit = _visit(session, visit_id, by)
    if visit.state is VisitState.PLANNED:
        return
    if visit.state not in {VisitState.NOTED, VisitState.RELEASED}:
        raise WrongStateError("This cannot be taken back any more: it was answered.")
    went_back = visit.state is VisitState.RELEASED
    if went_back:
        refuse_what_stays(session, order, visit, at=at)
    if not rules.can_undo(visit.noted_at, at=at):
        raise WrongStateError("It is too late to take this back. You can correct the note instead.")
    before = visit.note_kind
    if went_back:
        open_again(session, order, visit, VisitState.PLANNED, by=by, at=at)
    else:
        visit.go_to(VisitState.PLANNED)
    visit.note_kind = visit.due = visit.minutes = visit.began_at = None
    visit.noted_at = visit.noted_by_id = visit.told_first_at = visit.told_second_at = None
    visit.note = ""
    session.execute(delete(VisitPhoto).where(VisitPhoto.visit_id == visit.id))
    if went_back and before is not None:
        line = lines_of(session, order)[visit.line_id]
        tell_put_right(session, order, visit, line, before, at=at)
    record_deed(session, order, "note-taken-back", by=by, at=at, visit=visit.number)


def _visit(session: Session, visit_id: UUID, by: Actor) -> tuple[Order, Visit]:
    order = providers_order(session, order_of_visit(session, visit_id), by)
    visit = next(visit for visit in visits_of(session, order) if visit.id == visit_id)
    if order.state is not OrderState.ACCEPTED and visit.state in rules.OPEN_VISITS:
        raise WrongStateError("Accept the order first.")
    if not order.held_at:
        raise NotFoundError
    return order, visit


def noted_words(visit: Visit) -> str:
    """Say what is known of a visit already, to who wants to note it."""
    if visit.note_kind is None:
        return "They say something is wrong with this visit. Answer them on its page."
    return f"This visit is noted already: “{visit.note_kind.label}”. You can correct it instead."


def _write(
    session: Session, order: Order, visit: Visit, wish: NoteDelivery, *, by: Actor, at: datetime
) -> None:
    line = _say(session, order, visit, wish, by=by, at=at)
    if visit.due:
        visit.go_to(VisitState.NOTED)
        return
    _give_back(session, order, visit, line, by=by, at=at)


def _put_right(
    session: Session, order: Order, visit: Visit, wish: NoteDelivery, *, by: Actor, at: datetime
) -> None:
    """Write down what happened instead of what gave the money back."""
    refuse_what_stays(session, order, visit, at=at)
    assert visit.note_kind is not None, "it was noted"
    before = visit.note_kind
    line = _say(session, order, visit, wish, by=by, at=at)
    if visit.due:
        open_again(session, order, visit, VisitState.NOTED, by=by, at=at)
    tell_put_right(session, order, visit, line, before, at=at)


def _say(
    session: Session, order: Order, visit: Visit, wish: NoteDelivery, *, by: Actor, at: datetime
) -> OrderLine:
    """Write down what the provider says became of a visit, and return what was ordered."""
    kind, line = wish.note_kind, lines_of(session, order)[visit.line_id]
    agreed = agreed_of(visit, line)
    timed = agreed.unit in TIMED
    check_time(kind, visit.planned_at, wish.began_at, timed=timed, at=at)
    visit.note_kind = kind
    visit.due = rules.note_due(agreed, kind, HowMuch(minutes=wish.minutes, percent=wish.part))
    visit.minutes = wish.minutes if kind is NoteKind.PART and wish.minutes else None
    visit.note = wish.words.strip()[:WORDS_LENGTH_MAX]
    visit.worker = _worker(session, order, visit, wish)
    visit.began_at = None
    if kind.was_delivered:
        visit.began_at = wish.began_at or visit.planned_at
        if not wish.together:
            not_elsewhere(session, order, visit, line)
    visit.noted_by_id, visit.noted_at = by.user_id, at
    _keep_photo(session, visit, wish, by=by, at=at)
    return line


def check_time(
    kind: NoteKind,
    planned_at: datetime | None,
    began_at: datetime | None,
    *,
    timed: bool,
    at: datetime,
) -> None:
    """Refuse a note of something that cannot have happened yet.

    Raises:
        TooEarlyError: it is planned for later, or said to have been at a time to come.
    """
    if kind.is_cancelled:
        return
    if not rules.may_be_noted(planned_at, at=at):
        raise TooEarlyError("This visit is planned for a later day. Note it on the day.")
    if began_at is not None and began_at > at:
        raise TooEarlyError("The time you say it was has not come yet.")
    if not rules.has_begun(began_at or planned_at, timed=timed, at=at):
        begins = rules.moment_words(planned_at)
        raise TooEarlyError(f"This visit begins {begins}. Note it once it has begun.")


def _worker(session: Session, order: Order, visit: Visit, wish: NoteDelivery) -> str:
    named = wish.worker.strip()[:WORDS_LENGTH_MAX]
    if not named or named == visit.worker:
        return visit.worker
    known = workers_of(session, [order.provider_id]).get(order.provider_id, ())
    if named not in {row.name for row in known}:
        raise BadLineError("Choose somebody who works for your store.")
    return named


def _keep_photo(
    session: Session, visit: Visit, wish: NoteDelivery, *, by: Actor, at: datetime
) -> None:
    if wish.photo is None:
        return
    alt = " ".join(wish.alt.split())[:ALT_LENGTH_MAX]
    if not alt:
        raise BadLineError("Say in a few words what the picture shows.")
    session.execute(delete(VisitPhoto).where(VisitPhoto.visit_id == visit.id))
    session.add(
        VisitPhoto(
            id=uuid4(),
            visit_id=visit.id,
            content=wish.photo.content,
            media_type=wish.photo.media_type,
            width=wish.photo.width,
            height=wish.photo.height,
            alt=alt,
            added_by_id=by.user_id,
            added_at=at,
        )
    )


def _give_back(
    session: Session, order: Order, visit: Visit, line: OrderLine, *, by: Actor, at: datetime
) -> None:
    release_visits(session, order, [visit], by=by, at=at)
    _tell_released(session, order, visit, line, at=at)
    finish(session, order, at=at)


def _tell_released(
    session: Session, order: Order, visit: Visit, line: OrderLine, *, at: datetime
) -> None:
    assert visit.note_kind is not None
    about = About(
        template="visit_released",
        subject=f"Your money is back: {line.title}",
        key=f"released/{visit.id}",
        values={
            "what": line.title,
            "when": rules.when_words(visit.planned_at, line.unit),
            "why": visit.note_kind.label,
            "words": visit.note,
            "amount": str(visit.amount),
        },
    )
    tell_person(session, order, about, at=at)
