"""Conversations, for exactly those whom they concern."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.kernel.attachments import FileRow
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.kernel.retention import SOMEBODY
from marketplace.talk.models import Attachment, Message, ReadMark, Thread
from marketplace.talk.rules import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """A conversation in somebody's list."""

    id: UUID
    title: str
    other: str
    """With whom it is."""
    is_question: bool
    last_at: datetime
    unread: int
    waits_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message as those read it whom it concerns."""

    id: UUID
    side: Side
    who: str
    mine: bool
    words: str
    at: datetime
    file: FileRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """A conversation with everything that was written in it."""

    id: UUID
    title: str
    provider_name: str
    person_name: str
    order_id: UUID | None
    side: Side
    may_write: bool
    council_id: UUID | None
    council_asked_at: datetime | None
    council_asked_by: str
    messages: tuple[MessageRow, ...]

    @property
    def other(self) -> str:
        """Return with whom it is."""
        return self.provider_name if self.side is Side.PERSON else self.person_name

    @property
    def may_ask_council(self) -> bool:
        """Tell whether the council can be asked in."""
        return (
            self.may_write
            and self.order_id is not None
            and self.council_id is not None
            and self.council_asked_at is None
        )


def side_of(session: Session, thread: Thread, by: Actor) -> Side | None:
    """Return for whom somebody reads a conversation, in the hat they wear; None: it is not theirs.

    A supporter who only suggests orders reads what they themself have a part in.
    """
    if by.person_id is not None:
        if by.person_id != thread.person_id:
            return None
        if _reads_all(by) or (by.may(Permission.PROPOSE_ORDERS) and _wrote(session, thread, by)):
            return Side.PERSON
        return None
    if by.organisation_id == thread.provider_id and by.may(Permission.TAKE_ORDERS):
        return Side.PROVIDER
    asked = thread.council_asked_at is not None and by.organisation_id == thread.council_id
    return Side.COUNCIL if asked and by.may(Permission.OPEN_FUNDING_LINES) else None


def may_write(by: Actor, side: Side) -> bool:
    """Tell whether somebody who reads a conversation for a side may also write in it."""
    return side is not Side.PERSON or by.may(Permission.PROPOSE_ORDERS)


def threads_of(session: Session, *, by: Actor, page: int = 1) -> Page[ThreadRow]:
    """Return a page of somebody's conversations in the hat they wear, the last written in first."""
    mine = _mine(by)
    count = session.scalar(select(func.count()).where(mine)) or 0
    rows = session.execute(
        select(Thread, ReadMark.number)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == by.user_id))
        .where(mine)
        .order_by(Thread.last_at.desc(), Thread.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    names = access.names_of(session, user_ids=[thread.person_id for thread, _ in rows])
    found = tuple(
        ThreadRow(
            id=thread.id,
            title=thread.title,
            other=thread.provider_name
            if by.person_id is not None
            else names.get(thread.person_id, SOMEBODY),
            is_question=thread.order_id is None,
            last_at=thread.last_at,
            unread=thread.last_number - (read or 0),
            waits_since=thread.waits_since,
        )
        for thread, read in rows
    )
    return Page(found, page, count)


def thread_for(session: Session, *, thread_id: UUID, by: Actor) -> ThreadView:
    """Return a conversation as somebody reads it whom it concerns.

    Raises:
        NotFoundError: it does not concern them.
    """
    thread = session.get(Thread, thread_id)
    side = side_of(session, thread, by) if thread else None
    if thread is None or side is None:
        raise NotFoundError
    names = access.names_of(session, user_ids=[thread.person_id])
    return ThreadView(
        id=thread.id,
        title=thread.title,
        provider_name=thread.provider_name,
        person_name=names.get(thread.person_id, SOMEBODY),
        order_id=thread.order_id,
        side=side,
        may_write=may_write(by, side),
        council_id=thread.council_id,
        council_asked_at=thread.council_asked_at,
        council_asked_by=thread.council_asked_by,
        messages=_messages(session, thread, by),
    )


def thread_about(
    session: Session,
    *,
    by: Actor,
    order_id: UUID | None = None,
    provider_id: UUID | None = None,
    offer_key: str = "",
) -> UUID | None:
    """Return the conversation about an order, an offer or a store, if somebody reads one."""
    which = (
        Thread.order_id == order_id
        if order_id is not None
        else and_(Thread.provider_id == provider_id, Thread.offer_key == offer_key)
    )
    return session.scalar(select(Thread.id).where(which, _mine(by)))


def message_for(session: Session, *, message_id: UUID, by: Actor) -> tuple[UUID, MessageRow]:
    """Return a message of somebody else, and its conversation, for those whom it concerns.

    Raises:
        NotFoundError: it does not concern them, or they wrote it.
    """
    message = session.get(Message, message_id)
    if message is None or message.by_user_id == by.user_id:
        raise NotFoundError
    thread = thread_for(session, thread_id=message.thread_id, by=by)
    return thread.id, next(each for each in thread.messages if each.id == message_id)


def file_for(session: Session, *, file_id: UUID, by: Actor) -> tuple[FileRow, bytes]:
    """Return a file of a conversation, for those whom it concerns.

    Raises:
        NotFoundError: it does not concern them.
    """
    row = session.execute(
        select(Attachment, Thread)
        .join(Message, Message.id == Attachment.message_id)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Attachment.id == file_id)
    ).one_or_none()
    if row is None or side_of(session, row[1], by) is None:
        raise NotFoundError
    return _file(row[0]), row[0].content


def _mine(by: Actor) -> ColumnElement[bool]:
    """Return which conversations concern somebody: what ``side_of`` says, for many at once."""
    if by.person_id is not None:
        theirs = Thread.person_id == by.person_id
        if _reads_all(by):
            return theirs
        if not by.may(Permission.PROPOSE_ORDERS):
            return false()
        wrote = exists().where(Message.thread_id == Thread.id, Message.by_user_id == by.user_id)
        return and_(theirs, wrote)
    if by.may(Permission.TAKE_ORDERS):
        return Thread.provider_id == by.organisation_id
    if by.may(Permission.OPEN_FUNDING_LINES):
        return and_(Thread.council_id == by.organisation_id, Thread.council_asked_at.is_not(None))
    return false()


def _reads_all(by: Actor) -> bool:
    # Whoever may see every order of the person may see what is written about them.
    return any(
        by.may(each)
        for each in (
            Permission.SEE_WALLET,
            Permission.APPROVE_ORDERS,
            Permission.PLACE_ORDERS,
        )
    )


def _wrote(session: Session, thread: Thread, by: Actor) -> bool:
    wrote = select(Message.id).where(
        Message.thread_id == thread.id, Message.by_user_id == by.user_id
    )
    return session.scalar(wrote.limit(1)) is not None


def _messages(session: Session, thread: Thread, by: Actor) -> tuple[MessageRow, ...]:
    rows = session.execute(
        select(Message, Attachment)
        .outerjoin(Attachment, Attachment.message_id == Message.id)
        .where(Message.thread_id == thread.id)
        .order_by(Message.number)
    )
    of_side = {Side.PROVIDER: thread.provider_name, Side.COUNCIL: "the council"}
    return tuple(
        MessageRow(
            id=message.id,
            side=message.side,
            who=", ".join(filter(None, (message.by_name, of_side.get(message.side, "")))),
            mine=message.by_user_id == by.user_id,
            words=message.words,
            at=message.at,
            file=_file_if_any(attachment),
        )
        for message, attachment in rows
    )


def _file_if_any(row: Attachment | None) -> FileRow | None:
    return None if row is None else _file(row)


def _file(row: Attachment) -> FileRow:
    return FileRow(row.id, row.name, row.media_type, row.size)
