"""Taking away what somebody wrote who has left, and what is older than the rules allow."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.retention import FORGOTTEN, SOMEBODY
from marketplace.talk.models import (
    Attachment,
    Concern,
    ConcernStep,
    Message,
    MessageReport,
    ReadMark,
    Thread,
)
from marketplace.talk.rules import CallBack, ConcernState


def forget_person(session: Session, *, user_id: UUID) -> None:
    """Take away what somebody wrote to others who has left, and who they were.

    A concern stays: it is about somebody's safety. Who wrote it goes, and how to get back to them,
    once the team has closed it.
    """
    wrote = Message.by_user_id == user_id
    session.execute(
        delete(Attachment).where(Attachment.message_id.in_(select(Message.id).where(wrote)))
    )
    session.execute(update(Message).where(wrote).values(words=FORGOTTEN, by_name=SOMEBODY))
    session.execute(delete(ReadMark).where(ReadMark.user_id == user_id))
    session.execute(
        update(MessageReport).where(MessageReport.by_user_id == user_id).values(words=FORGOTTEN)
    )
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


def forget_messages(session: Session, *, before: datetime) -> int:
    """Take away the conversations in which nobody has written since an instant."""
    old = select(Thread.id).where(Thread.last_at < before)
    theirs = select(Message.id).where(Message.thread_id.in_(old))
    session.execute(delete(MessageReport).where(MessageReport.message_id.in_(theirs)))
    session.execute(delete(Attachment).where(Attachment.message_id.in_(theirs)))
    session.execute(delete(Message).where(Message.thread_id.in_(old)))
    session.execute(delete(ReadMark).where(ReadMark.thread_id.in_(old)))
    rows = session.execute(delete(Thread).where(Thread.last_at < before).returning(Thread.id))
    return len(rows.all())
