"""Taking away what somebody asked for who has left, and what is older than the rules allow."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.asking.commands.ending import thank
from marketplace.asking.models import Answer, Ask, Telling, UnmetNeed
from marketplace.asking.rules import AskState, Move, next_state
from marketplace.kernel.retention import FORGOTTEN, SOMEBODY


def forget_person(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Take away what somebody wrote who has left; what they still asked for is taken back."""
    theirs = Ask.person_id == user_id
    for ask in session.scalars(
        select(Ask).where(theirs, Ask.state == AskState.OPEN).with_for_update()
    ):
        ask.state, ask.ended_at = next_state(ask.state, Move.WITHDRAW), at
        rows = session.scalars(select(Answer).where(Answer.ask_id == ask.id)).all()
        thank(session, ask, rows, at=at)
    session.flush()
    session.execute(
        update(Ask)
        .where(theirs)
        .values(title=FORGOTTEN, words=FORGOTTEN, seen_title=FORGOTTEN, seen_words=FORGOTTEN)
    )
    session.execute(update(Ask).where(theirs, Ask.reason != "").values(reason=FORGOTTEN))
    session.execute(update(Ask).where(Ask.asked_by_id == user_id).values(asked_by_name=SOMEBODY))
    session.execute(update(Answer).where(Answer.answered_by_id == user_id).values(words=FORGOTTEN))


def forget_asks(session: Session, *, before: datetime) -> int:
    """Take away the asks that ended before an instant, with all answers to them."""
    old = select(Ask.id).where(Ask.ended_at < before)
    session.execute(delete(Answer).where(Answer.ask_id.in_(old)))
    session.execute(delete(Telling).where(Telling.ask_id.in_(old)))
    rows = session.execute(delete(Ask).where(Ask.ended_at < before).returning(Ask.id))
    return len(rows.all())


def forget_unmet(session: Session, *, before: date) -> int:
    """Take away the counts of unmet needs of days before a day."""
    rows = session.execute(delete(UnmetNeed).where(UnmetNeed.day < before).returning(UnmetNeed.id))
    return len(rows.all())
