"""Writing on in a conversation, asking the council in, and remembering what was read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.talk.adapters.files import clean_file
from marketplace.talk.commands.telling import tell_others
from marketplace.talk.models import Attachment, Message, ReadMark, Thread
from marketplace.talk.queries.sides import may_write, side_of
from marketplace.talk.rules import (
    MESSAGE_LENGTH_MAX,
    Side,
    Subject,
    checked,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What somebody writes, and the file that comes with it."""

    message_id: UUID
    words: str
    file_name: str = ""
    file: bytes | None = None


def reply(
    session: Session, thread_id: UUID, message: NewMessage, *, by: Actor, at: datetime
) -> None:
    """Write on in a conversation.

    Raises:
        NotFoundError: it does not concern them.
        NotAllowedError: they may read it and not write.
        BadWordsError: there are no words, too many, or the file is none that we take.
    """
    thread = locked_thread(session, thread_id)
    write(session, thread, message, by=by, at=at)


def ask_council_in(session: Session, thread_id: UUID, *, by: Actor, at: datetime) -> None:
    """Let the council that pays read a conversation about an order, and write in it.

    Raises:
        NotFoundError: it does not concern them, or no council has a part in it.
        NotAllowedError: they may read it and not write.
    """
    thread = locked_thread(session, thread_id)
    side = _writing_side(session, thread, by)
    if thread.order_id is None or thread.council_id is None or side is Side.COUNCIL:
        raise NotFoundError
    if thread.council_asked_at is not None:
        return
    thread.council_asked_at, thread.council_asked_by = at, by.name
    _record(session, "council-asked-in", thread, by, at)
    tell_others(session, thread, key=f"council-asked/{thread.id}", by=by, to_council=True, at=at)


def note_read(session: Session, thread_id: UUID, *, by: Actor) -> None:
    """Remember that somebody has read a conversation to its end.

    Raises:
        NotFoundError: it does not concern them.
    """
    thread = session.get(Thread, thread_id)
    if thread is None or side_of(session, thread, by) is None:
        raise NotFoundError
    _mark(session, thread, by.user_id)


def locked_thread(session: Session, thread_id: UUID) -> Thread:
    """Return a conversation that nobody else can write in until this is done.

    Raises:
        NotFoundError: there is none.
    """
    found = session.scalar(
        select(Thread)
        .where(Thread.id == thread_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError
    return found


def _writing_side(session: Session, thread: Thread, by: Actor) -> Side:
    side = side_of(session, thread, by)
    # Whoever begins by a suggestion of theirs has written nothing yet.
    begins = thread.last_number == 0 and thread.subject is not Subject.PLAN
    if side is None and begins and by.person_id == thread.person_id:
        side = Side.PERSON
    if side is None:
        raise NotFoundError
    if not may_write(by, side, thread.subject):
        raise NotAllowedError("You may read this, but you may not write here.")
    return side


def write(
    session: Session,
    thread: Thread,
    message: NewMessage,
    *,
    by: Actor,
    at: datetime,
    begins: bool = False,
) -> None:
    """Put a message into a conversation that is locked, and tell the others; twice is once.

    Raises:
        NotFoundError: it does not concern them.
        NotAllowedError: they may read it and not write.
        BadWordsError: there are no words, too many, or the file is none that we take.
    """
    side = _writing_side(session, thread, by)
    words = checked(message.words, most=MESSAGE_LENGTH_MAX, needed="Write your message.")
    file = clean_file(message.file_name, message.file) if message.file is not None else None
    waited = None
    if side is Side.PROVIDER and thread.waits_since is not None:
        waited = int((at - thread.waits_since).total_seconds())
    values = {
        "id": message.message_id,
        "thread_id": thread.id,
        "number": thread.last_number + 1,
        "side": side,
        "by_user_id": by.user_id,
        "by_name": by.name,
        "words": words,
        "at": at,
        "waited_seconds": waited,
    }
    if not insert_once(session, Message, values):
        return
    if file is not None:
        session.add(
            Attachment(
                message_id=message.message_id,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                content=file.content,
            )
        )
    if side is Side.PERSON:
        thread.waits_since = thread.waits_since or at
    elif side is Side.PROVIDER or thread.subject is Subject.PLAN:
        thread.waits_since = None
    tell_others(session, thread, key=f"message/{message.message_id}", by=by, at=at)
    thread.last_number, thread.last_at = thread.last_number + 1, at
    _mark(session, thread, by.user_id)
    _record(session, "conversation-begun" if begins else "message-written", thread, by, at)


def _mark(session: Session, thread: Thread, user_id: UUID) -> None:
    key = {"thread_id": thread.id, "user_id": user_id}
    if insert_once(session, ReadMark, {"id": uuid4(), **key, "number": thread.last_number}):
        return
    mark = session.scalars(select(ReadMark).filter_by(**key)).one()
    mark.number = max(mark.number, thread.last_number)


def _record(session: Session, what: str, thread: Thread, by: Actor, at: datetime) -> None:
    for_person = by.person_id == thread.person_id
    record(
        session,
        what=what,
        chain_id=thread.person_id,
        subject_id=thread.id,
        by_user_id=by.user_id,
        for_person_id=thread.person_id if for_person else None,
        at=at,
    )
