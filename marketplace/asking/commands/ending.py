"""How an ask ends: one answer is chosen, or it is taken back; the others are thanked."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.commands.letters import News, tell_asker, tell_store
from marketplace.asking.commands.posting import checked_until
from marketplace.asking.commands.prices import agree_price
from marketplace.asking.commands.recording import note
from marketplace.asking.errors import BadAskError
from marketplace.asking.models import Answer, Ask
from marketplace.asking.queries.person import own_ask
from marketplace.asking.rules import (
    REASON_LENGTH_MAX,
    AnswerMove,
    AnswerState,
    AskState,
    Move,
    checked_line,
    looked_at_on,
    next_answer_state,
    next_state,
)
from marketplace.catalogue.rules import per_unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError


def choose_answer(
    session: Session, ask_id: UUID, answer_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Choose one answer; the others are thanked. The same one twice is once.

    Two who choose at once take turns: the second finds that one was chosen.

    Raises:
        NotFoundError: it is not their ask, or there is no such answer to it.
        AskOverError: another one was chosen, the answer was taken back, or it is over.
    """
    ask = own_ask(session, ask_id, by=by, lock=True)
    if ask.chosen_answer_id == answer_id:
        return
    rows = _answers(session, ask)
    chosen = next((row for row in rows if row.id == answer_id), None)
    if chosen is None:
        raise NotFoundError
    state = next_state(ask.state, Move.CHOOSE)
    chosen.state = next_answer_state(chosen.state, AnswerMove.CHOOSE)
    chosen.decided_at = at
    ask.state, ask.chosen_answer_id, ask.ended_at = state, chosen.id, at
    note(session, "answer-chosen", ask, by, at=at)
    agree_price(session, ask, chosen, by=by, at=at)
    tell_store(
        session,
        chosen.provider_id,
        News(
            key=f"ask-chosen/{chosen.id}",
            subject="Your answer was chosen",
            template="ask_chosen",
            values={
                "title": ask.seen_title,
                "price": f"{chosen.price} {per_unit(chosen.unit)}"
                if chosen.price and chosen.unit
                else "",
                "path": f"/people-asking/{ask.id}",
            },
        ),
        at=at,
    )
    thank(session, ask, [row for row in rows if row is not chosen], at=at)


def end_ask(
    session: Session, ask_id: UUID, *, found_elsewhere: bool, by: Actor, at: datetime
) -> None:
    """Take an ask back, or say that it was found elsewhere; whoever answered is thanked.

    Raises:
        NotFoundError: it is not theirs.
        AskOverError: it is over already in another way.
    """
    ask = own_ask(session, ask_id, by=by, lock=True)
    move = Move.FIND_ELSEWHERE if found_elsewhere else Move.WITHDRAW
    wanted = AskState.FOUND_ELSEWHERE if found_elsewhere else AskState.WITHDRAWN
    if ask.state is wanted:
        return
    ask.state, ask.ended_at = next_state(ask.state, move), at
    what = "ask-found-elsewhere" if found_elsewhere else "ask-withdrawn"
    note(session, what, ask, by, at=at)
    thank(session, ask, _answers(session, ask), at=at)


def extend_ask(session: Session, ask_id: UUID, until: date, *, by: Actor, at: datetime) -> None:
    """Wait longer for answers; what nobody answered is open again.

    Raises:
        NotFoundError: it is not theirs.
        AskOverError: it is over.
        BadAskError: the day has passed, is not later than before, or is too far ahead.
    """
    ask = own_ask(session, ask_id, by=by, lock=True)
    state = next_state(ask.state, Move.EXTEND)
    today = local_day(at)
    until = checked_until(until, today)
    if until == ask.answers_until and state is ask.state:
        return
    if until < ask.answers_until:
        raise BadAskError("Choose a later day than now.", field="answers_until")
    ask.state, ask.answers_until, ask.ended_at, ask.reminded_at = state, until, None, None
    ask.look_on = looked_at_on(
        today,
        unmet=None if ask.unmet_at else ask.unmet_on,
        answers_until=until,
        has_answers=any(row.state is AnswerState.STANDING for row in _answers(session, ask)),
    )
    note(session, "ask-extended", ask, by, at=at)


def take_down(session: Session, ask_id: UUID, reason: str, *, by: Actor, at: datetime) -> None:
    """Take an ask down, as a moderator of its council, and say why; twice is once.

    Raises:
        NotFoundError: it is not for their council to look at.
        AskOverError: it is over already.
        BadAskError: there is no reason.
    """
    ask = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    theirs = ask is not None and ask.council_id in {by.organisation_id, None}
    if ask is None or not by.may(Permission.MODERATE) or not theirs:
        raise NotFoundError
    said = checked_line(
        reason, needed="Say why. They read it.", most=REASON_LENGTH_MAX, field="reason"
    )
    if ask.state is AskState.TAKEN_DOWN:
        return
    ask.state = next_state(ask.state, Move.TAKE_DOWN)
    ask.ended_at, ask.reason, ask.taken_down_by_id = at, said, by.user_id
    note(session, "ask-taken-down", ask, by, at=at)
    tell_asker(
        session,
        ask,
        News(
            key=f"ask-taken-down/{ask.id}",
            subject="What you asked for was taken down",
            template="ask_taken_down",
            values={"council": by.organisation_name, "reason": said},
        ),
        at=at,
    )
    thank(session, ask, _answers(session, ask), at=at)


def thank(session: Session, ask: Ask, rows: Sequence[Answer], *, at: datetime) -> None:
    """Thank those whose answers stand, kindly and without comparing; theirs are over now."""
    for row in rows:
        if row.state is not AnswerState.STANDING:
            continue
        row.state = next_answer_state(row.state, AnswerMove.THANK)
        row.decided_at = at
        tell_store(
            session,
            row.provider_id,
            News(
                key=f"ask-thanked/{row.id}",
                subject="Thank you for your answer",
                template="ask_thanked",
                values={"title": ask.seen_title, "why": ask.state.value},
            ),
            at=at,
        )


def _answers(session: Session, ask: Ask) -> list[Answer]:
    return list(
        session.scalars(
            select(Answer)
            .where(Answer.ask_id == ask.id)
            .order_by(Answer.id)
            .execution_options(populate_existing=True)
        )
    )
