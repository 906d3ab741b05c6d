"""Weeks of a standing order whose money could not be set aside, until it can."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from marketplace.budgets.commands import record_refusal
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import Answer
from marketplace.kernel.errors import DomainError
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.standing_letters import tell_person_of
from marketplace.orders.commands.standing_locked import record_standing
from marketplace.orders.models import StandingMiss, StandingOrder
from marketplace.orders.rules import day_words


def not_covered(
    session: Session,
    standing: StandingOrder,
    week_on: date,
    number: int,
    refusal: DomainError,
    *,
    at: datetime,
) -> None:
    """Keep a week as one whose money could not be set aside; write about it once.

    Why is for whoever ordered it: limits and what is left may be nobody else's affair.
    """
    words = str(refusal)
    which = {"standing_id": standing.id, "week_on": week_on, "pattern_number": number}
    values = {"id": uuid4(), **which, "refusal": words, "first_at": at, "tried_at": at}
    if not insert_once(session, StandingMiss, values):
        session.execute(_miss(standing, week_on, number).values(refusal=words, tried_at=at))
        return
    if isinstance(refusal, SpendRefusedError):
        answer = refusal.answer
        assert isinstance(answer, Answer), "a hold refuses with its answer"
        record_refusal(
            session, person_id=standing.person_id, spend=answer.spend, answer=answer, at=at
        )
    sentences = [
        f"We could not order {_week_words(week_on)}.",
        words,
        "That week is not covered: nobody comes unless this is put right.",
        "We try again every day, and write to you when it works.",
    ]
    subject = f"Not covered: {_week_words(week_on)}"
    key = f"miss/{week_on}/{number}"
    others = [sentences[0], *sentences[2:]]
    tell_person_of(session, standing, subject, sentences, key=key, at=at, others=others)
    record_standing(session, standing, "week-not-covered", by=None, at=at, week=week_on.isoformat())


def now_covered(
    session: Session, standing: StandingOrder, week_on: date, number: int, *, at: datetime
) -> None:
    """Note that the money of such a week is set aside after all, and write about it."""
    found = session.execute(
        _miss(standing, week_on, number)
        .where(StandingMiss.covered_at.is_(None))
        .values(covered_at=at)
        .returning(StandingMiss.id)
    ).first()
    if found is None:
        return
    words = f"The money for {_week_words(week_on)} is set aside now. That week is covered."
    key = f"covered/{week_on}/{number}"
    tell_person_of(session, standing, f"Covered: {_week_words(week_on)}", [words], key=key, at=at)


def _miss(standing: StandingOrder, week_on: date, number: int) -> Update:
    return update(StandingMiss).where(
        StandingMiss.standing_id == standing.id,
        StandingMiss.week_on == week_on,
        StandingMiss.pattern_number == number,
    )


def _week_words(week_on: date) -> str:
    return f"the week of {day_words(week_on)}"
