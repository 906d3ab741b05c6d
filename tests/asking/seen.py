"""What tests look up after something was asked or answered."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.asking.models import Answer
from marketplace.asking.rules import AnswerState
from marketplace.kernel import clock
from marketplace.outbox.models import Letter


def letters(session: Session, template: str) -> list[Letter]:
    """Return the letters of a kind."""
    return list(session.scalars(select(Letter).where(Letter.template == template)))


def states(session: Session, ask_id: UUID) -> dict[str, AnswerState]:
    """Return what became of the answers to an ask, by the store."""
    rows = select(Answer.provider_name, Answer.state).where(Answer.ask_id == ask_id)
    return dict(session.execute(rows).all())


def a_year_on() -> str:
    """Return the last day of a price without one, chosen today: Tuesday 23 November 2027."""
    on = clock.local_day(clock.now()) + timedelta(days=365)
    return f"{on:%A} {on.day} {on:%B %Y}"
