"""Taking away what somebody wrote who has left, and what is older than the rules allow."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.talk.models import Concern, ConcernStep
from marketplace.talk.rules import CallBack, ConcernState


def forget_person(session: Session, *, user_id: UUID) -> None:
    """Take away who somebody was who has left.

    A concern stays: it is about somebody's safety. Who wrote it goes; how to get back to them goes
    too once the team has closed it.
    """
    theirs = Concern.writer_id == user_id
    session.execute(
        update(Concern)
        .where(theirs, Concern.state == ConcernState.CLOSED)
        .values(writer_name="", call_back=CallBack.NO, reach="", writer_id=None)
    )


def forget_concerns(session: Session, *, before: datetime) -> int:
    """Take away the concerns that were closed before an instant, and what was done about them."""
    old = select(Concern.id).where(Concern.closed_at < before)
    session.execute(delete(ConcernStep).where(ConcernStep.concern_id.in_(old)))
    rows = session.execute(delete(Concern).where(Concern.closed_at < before).returning(Concern.id))
    return len(rows.all())
