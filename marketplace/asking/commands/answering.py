"""What a provider says to an ask: an answer, another one, none, or that it is not for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.commands.letters import News, tell_asker
from marketplace.asking.commands.recording import note
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.asking.models import Answer, Ask, QuietStore, Telling
from marketplace.asking.queries.candidates import closed_to
from marketplace.asking.queries.person import category_names
from marketplace.asking.queries.rows import seen
from marketplace.asking.rules import (
    PRICE_DAYS_MAX,
    WORDS_LENGTH_MAX,
    AnswerMove,
    AnswerState,
    Wish,
    checked_line,
    next_answer_state,
    takes_answers,
)
from marketplace.audit.commands import record
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAnswer:
    """What a provider offers somebody who asks."""

    answer_id: UUID
    words: str
    starts_on: date
    offer_id: UUID | None = None
    price: Money | None = None
    unit: Unit | None = None
    price_until: date | None = None
    met: frozenset[Wish] = frozenset()


def answer_ask(
    session: Session, ask_id: UUID, wish: WriteAnswer, *, by: Actor, at: datetime
) -> UUID:
    """Answer somebody who asks, or say it anew; a store has one answer. Return its id.

    Raises:
        NotFoundError: they were not told of it, or the offer is none of theirs on sale.
        AskOverError: the time for answers is over, or it is not open any more.
        BadAskError: something is not complete.
    """
    ask = _told_of(session, ask_id, by)
    today = local_day(at)
    _refuse_when_over(ask, today)
    values = _checked(session, ask, wish, by, today)
    made = insert_once(
        session,
        Answer,
        {
            "id": wish.answer_id,
            "ask_id": ask.id,
            "provider_id": by.works_for,
            "state": AnswerState.STANDING,
            "answered_at": at,
            **values,
        },
    )
    answer = _own(session, ask.id, by)
    assert answer is not None, "it is there, made now or before"
    if not made:
        if all(getattr(answer, name) == value for name, value in values.items()) and (
            answer.state is AnswerState.STANDING
        ):
            return answer.id
        answer.state = next_answer_state(answer.state, AnswerMove.CHANGE)
        for name, value in values.items():
            setattr(answer, name, value)
        answer.changed_at = at
    _unpass(session, ask, by)
    note(session, "answer-given" if made else "answer-changed", ask, by, at=at)
    tell_asker(
        session,
        ask,
        News(
            key=f"answer/{answer.id}/{'' if made else at.isoformat()}",
            subject=f"{answer.provider_name} has answered you"
            if made
            else f"{answer.provider_name} has changed their answer",
            template="ask_answered",
            values={"provider": answer.provider_name, "changed": not made},
        ),
        at=at,
    )
    return answer.id


def withdraw_answer(session: Session, ask_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take one's answer back; twice is once.

    Raises:
        NotFoundError: they have not answered it.
        AskOverError: it was chosen, or is over.
    """
    ask = _told_of(session, ask_id, by)
    answer = _own(session, ask.id, by)
    if answer is None:
        raise NotFoundError
    if answer.state is AnswerState.WITHDRAWN:
        return
    answer.state = next_answer_state(answer.state, AnswerMove.WITHDRAW)
    answer.decided_at = None
    ask.look_on = min(ask.look_on, local_day(at) + timedelta(days=1))
    note(session, "answer-withdrawn", ask, by, at=at)


def pass_on_ask(session: Session, ask_id: UUID, *, by: Actor, at: datetime) -> None:
    """Say that an ask is not for one's store, so that it is off the list; twice is once.

    Raises:
        NotFoundError: they were not told of it.
        AskOverError: they have answered it, and not taken that back.
    """
    ask = _told_of(session, ask_id, by)
    answer = _own(session, ask.id, by)
    if answer is not None and answer.state is not AnswerState.WITHDRAWN:
        raise AskOverError("You have answered this. Take your answer back first.")
    told = _telling(session, ask.id, by)
    if told.passed_at is None:
        told.passed_at = at
        note(session, "ask-passed", ask, by, at=at)


def choose_letters(session: Session, *, wanted: bool, by: Actor, at: datetime) -> None:
    """Say whether one's store wants letters about what people ask for.

    Raises:
        NotAllowedError: they do not look after a store.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotAllowedError("Only who looks after the store can choose this.")
    if wanted:
        gone = session.execute(
            delete(QuietStore).where(QuietStore.id == by.works_for).returning(QuietStore.id)
        ).all()
        changed = bool(gone)
    else:
        changed = insert_once(
            session, QuietStore, {"id": by.works_for, "said_by_id": by.user_id, "said_at": at}
        )
    if changed:
        record(
            session,
            what="ask-letters-wanted" if wanted else "ask-letters-stopped",
            chain_id=by.works_for,
            subject_id=by.works_for,
            by_user_id=by.user_id,
            at=at,
        )


def _told_of(session: Session, ask_id: UUID, by: Actor) -> Ask:
    """Return an ask of which a provider was told, locked: choosing and answering take turns."""
    if not by.may(Permission.TAKE_ORDERS):
        raise NotFoundError
    ask = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    closed = closed_to(session, by.works_for)
    shut_out = closed is None or (ask is not None and ask.council_id in closed)
    if ask is None or shut_out or _find_telling(session, ask_id, by) is None:
        raise NotFoundError("This is not there any more. It may be over.")
    return ask


def _refuse_when_over(ask: Ask, today: date) -> None:
    if not takes_answers(ask.state, answers_until=ask.answers_until, on=today):
        raise AskOverError("The time for answers to this is over. Nothing was sent.")


def _checked(
    session: Session, ask: Ask, wish: WriteAnswer, by: Actor, today: date
) -> dict[str, object]:
    words = checked_line(
        wish.words, needed="Say what you can do.", most=WORDS_LENGTH_MAX, field="words"
    )
    if wish.starts_on < today:
        raise BadAskError("That day has passed. Choose today or later.", field="starts_on")
    if wish.offer_id is None and wish.price is None:
        raise BadAskError("Choose one of your offers, or say a price.", field="offer")
    if wish.price is not None and wish.price <= ZERO:
        raise BadAskError("Enter a price of more than nothing.", field="price")
    if (wish.price is None) != (wish.unit is None):
        raise BadAskError("Say what the price is for: an hour, a visit.", field="unit")
    _check_until(wish, today)
    if wish.offer_id is not None:
        _refuse_others(session, wish.offer_id, by, today)
    shown = seen(ask, category_names(session).get(ask.category, ask.category))
    return {
        "provider_name": catalogue.provider_name(session, provider_id=by.works_for),
        "words": words,
        "offer_id": wish.offer_id,
        "price": wish.price,
        "unit": wish.unit,
        "price_until": wish.price_until if wish.price else None,
        "starts_on": wish.starts_on,
        "met": [each.value for each in shown.wishes if each in wish.met],
        "answered_by_id": by.user_id,
    }


def _check_until(wish: WriteAnswer, today: date) -> None:
    until = wish.price_until
    if wish.price is None or until is None:
        return
    if until < wish.starts_on:
        raise BadAskError("Choose a day after the first day you can start.", field="price_until")
    if until > today + timedelta(days=PRICE_DAYS_MAX):
        raise BadAskError("Choose a day in the next two years.", field="price_until")


def _refuse_others(session: Session, offer_id: UUID, by: Actor, today: date) -> None:
    found = catalogue.offers(session, offer_ids=[offer_id], funded_by=frozenset(), on=today).get(
        offer_id
    )
    if found is None or found.provider_id != by.works_for:
        raise BadAskError("Choose an offer of yours that is on sale.", field="offer")


def _find_telling(session: Session, ask_id: UUID, by: Actor) -> Telling | None:
    return session.scalar(
        select(Telling).where(Telling.ask_id == ask_id, Telling.provider_id == by.works_for)
    )


def _telling(session: Session, ask_id: UUID, by: Actor) -> Telling:
    found = _find_telling(session, ask_id, by)
    assert found is not None, "whoever comes so far was told"
    return found


def _unpass(session: Session, ask: Ask, by: Actor) -> None:
    _telling(session, ask.id, by).passed_at = None


def _own(session: Session, ask_id: UUID, by: Actor) -> Answer | None:
    return session.scalar(
        select(Answer)
        .where(Answer.ask_id == ask_id, Answer.provider_id == by.works_for)
        .execution_options(populate_existing=True)
    )
