"""Saying that a message should not have been written, and looking at it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.talk.errors import NoCouncilError
from marketplace.talk.models import Message, MessageReport, Thread
from marketplace.talk.queries.sides import side_of
from marketplace.talk.rules import REPORT_LENGTH_MAX, checked


def report_message(
    session: Session, message_id: UUID, words: str, *, by: Actor, at: datetime
) -> UUID:
    """Show a message to the council's moderators; twice is once. Return the conversation's id.

    Raises:
        NotFoundError: it does not concern them, or they wrote it.
        NoCouncilError: no council has to do with this conversation.
        BadWordsError: it is not said what is wrong, or at too great length.
    """
    message = session.get(Message, message_id)
    thread = session.get(Thread, message.thread_id) if message else None
    if message is None or thread is None or side_of(session, thread, by) is None:
        raise NotFoundError
    if message.by_user_id == by.user_id:
        raise NotFoundError
    if thread.council_id is None:
        raise NoCouncilError
    said = checked(words, most=REPORT_LENGTH_MAX, needed="Say what is wrong with it.")
    values = {
        "id": uuid4(),
        "message_id": message_id,
        "council_id": thread.council_id,
        "by_user_id": by.user_id,
        "words": said,
        "at": at,
    }
    if insert_once(session, MessageReport, values):
        council = councils.council(session, council_id=thread.council_id)
        letter = WriteLetter(
            key=f"message-reported/{message_id}/{by.user_id}",
            to=council.email,
            subject="Somebody says that a message is not all right",
            template="message_reported",
            values={"name": council.name, "path": "/messages/reported"},
        )
        write_letter(session, letter, at=at)
        _record(session, "message-reported", message_id, thread.council_id, by, at)
    return thread.id


def settle_report(session: Session, report_id: UUID, *, by: Actor, at: datetime) -> None:
    """Say that a reported message was looked at.

    Raises:
        NotFoundError: it is not for their council to look at.
    """
    report = session.get(MessageReport, report_id, with_for_update=True)
    mine = by.may(Permission.MODERATE) and report and report.council_id == by.organisation_id
    if report is None or not mine:
        raise NotFoundError
    if report.settled_at is not None:
        return
    report.settled_at, report.settled_by_id = at, by.user_id
    _record(session, "message-report-settled", report.message_id, report.council_id, by, at)


def _record(
    session: Session, what: str, message_id: UUID, council_id: UUID, by: Actor, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=council_id,
        subject_id=message_id,
        by_user_id=by.user_id,
        at=at,
    )
