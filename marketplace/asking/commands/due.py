"""What time does to an ask: nobody has answered, or nothing was chosen."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from marketplace.asking.commands.ending import thank
from marketplace.asking.commands.letters import News, tell_asker
from marketplace.asking.commands.recording import note
from marketplace.asking.models import Answer, Ask, UnmetNeed
from marketplace.asking.rules import (
    AnswerState,
    AskState,
    Move,
    lapses_on,
    looked_at_on,
    next_state,
)
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.writing import insert_once

EVERYWHERE = UUID(int=0)
"""The council of a need where none is known."""


def look_after_ask(session: Session, ask_id: UUID, *, at: datetime) -> int:
    """Do what is due for an open ask on this day; return 1 if anything was. Twice is once.

    What nobody answered in the council's days is counted as unmet need; whoever asked is told
    honestly. What has answers of which none is chosen ends by itself a month after the last day.
    """
    ask = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    today = local_day(at)
    if ask is None or ask.state is not AskState.OPEN or ask.look_on > today:
        return 0
    has_answers = bool(session.scalar(_standing(ask)))
    done = _has_answers(session, ask, at) if has_answers else _has_none(session, ask, at)
    if ask.state is AskState.OPEN:
        ask.look_on = looked_at_on(
            today,
            unmet=None if ask.unmet_at else ask.unmet_on,
            answers_until=ask.answers_until,
            has_answers=has_answers,
        )
    return int(done)


def _has_none(session: Session, ask: Ask, at: datetime) -> bool:
    today = local_day(at)
    newly_unmet = ask.unmet_at is None and today >= ask.unmet_on
    if newly_unmet:
        _count(session, ask, at)
        ask.unmet_at = at
        note(session, "ask-unmet", ask, None, at=at)
    over = today > ask.answers_until
    if over:
        ask.state, ask.ended_at = next_state(ask.state, Move.RUN_OUT), at
    if newly_unmet or over:
        tell_asker(
            session,
            ask,
            News(
                key=f"ask-unanswered/{ask.id}/{ask.answers_until.isoformat()}/{int(over)}",
                subject="Nobody has answered you yet" if not over else "Nobody has answered you",
                template="ask_unanswered",
                values={
                    "over": over,
                    "counted": ask.unmet_at is not None,
                    "district": ask.district,
                    "find": "/find",
                },
            ),
            at=at,
        )
    return newly_unmet or over


def _has_answers(session: Session, ask: Ask, at: datetime) -> bool:
    today = local_day(at)
    if today >= lapses_on(ask.answers_until):
        ask.state, ask.ended_at = next_state(ask.state, Move.LAPSE), at
        note(session, "ask-lapsed", ask, None, at=at)
        rows = session.scalars(
            select(Answer).where(Answer.ask_id == ask.id).order_by(Answer.id)
        ).all()
        thank(session, ask, rows, at=at)
        return True
    if today <= ask.answers_until or ask.reminded_at is not None:
        return False
    ask.reminded_at = at
    lapses = lapses_on(ask.answers_until)
    tell_asker(
        session,
        ask,
        News(
            key=f"ask-choose/{ask.id}/{ask.answers_until.isoformat()}",
            subject="Your answers are here: choose one",
            template="ask_choose",
            values={
                "answers": session.scalar(_standing(ask)) or 0,
                "lapses": f"{lapses.day} {lapses:%B}",
            },
        ),
        at=at,
    )
    return True


def _count(session: Session, ask: Ask, at: datetime) -> None:
    """Count a person once for a kind of support in a district and month, and keep no words."""
    day = local_day(at)
    earlier = select(func.count()).where(
        Ask.person_id == ask.person_id,
        Ask.id != ask.id,
        Ask.category == ask.category,
        Ask.district == ask.district,
        Ask.unmet_at >= local_instant(day.replace(day=1), 0, 0),
    )
    if session.scalar(earlier):
        return
    key = {
        "day": day,
        "council_id": ask.council_id or EVERYWHERE,
        "category": ask.category,
        "district": ask.district,
    }
    if not insert_once(session, UnmetNeed, {"id": uuid4(), **key, "people": 1}):
        session.execute(update(UnmetNeed).filter_by(**key).values(people=UnmetNeed.people + 1))


def _standing(ask: Ask) -> Select[int]:
    return select(func.count()).where(Answer.ask_id == ask.id, Answer.state == AnswerState.STANDING)
