"""How quickly providers answer, as it was measured."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.talk.models import Message, Thread
from marketplace.talk.rules import wait_words

LOOKS_BACK = timedelta(days=90)
QUESTIONS_MIN = 3
"""Fewer say nothing about a provider."""
_QUESTIONS_MAX = 500


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """How long people usually waited for a provider's answer."""

    seconds: int
    questions: int

    @property
    def words(self) -> str:
        """Return it in words, like "within 3 hours"."""
        return wait_words(self.seconds)


def answer_time(session: Session, *, provider_id: UUID, at: datetime) -> AnswerTime | None:
    """Return the median wait of three months; nothing where there were too few questions.

    What waits for more than a day counts as long as it has waited so far: to answer only what is
    easy does not make a provider quick.
    """
    answered = session.scalars(
        select(Message.waited_seconds)
        .join(Thread, Thread.id == Message.thread_id)
        .where(
            Thread.provider_id == provider_id,
            Message.waited_seconds.is_not(None),
            Message.at >= at - LOOKS_BACK,
        )
        .order_by(Message.at.desc())
        .limit(_QUESTIONS_MAX)
    )
    waiting = session.scalars(
        select(Thread.waits_since).where(
            Thread.provider_id == provider_id,
            Thread.waits_since >= at - LOOKS_BACK,
            Thread.waits_since < at - timedelta(days=1),
        )
    )
    waits = [seconds for seconds in answered if seconds is not None]
    waits += [int((at - since).total_seconds()) for since in waiting if since is not None]
    if len(waits) < QUESTIONS_MIN:
        return None
    return AnswerTime(median_low(waits), len(waits))
