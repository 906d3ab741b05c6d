"""Conversations, for exactly those whom they concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.councils import queries as councils
from marketplace.kernel.attachments import FileRow
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.kernel.ready import Asked, Ready, rows_of_all
from marketplace.kernel.retention import SOMEBODY
from marketplace.talk.models import Attachment, Message, ReadMark, Thread
from marketplace.talk.queries.sides import concerns, may_write, side_of
from marketplace.talk.rules import Side, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """A conversation in somebody's list."""

    id: UUID
    title: str
    other: str
    """With whom it is."""
    subject: Subject
    last_at: datetime
    unread: int
    waits_for_you: bool
    """Whether the person's side waits for an answer of the side that reads this."""


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
    subject: Subject
    answers_name: str
    """Who answers the person: the provider, or the council."""
    person_id: UUID
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
        return self.answers_name if self.side is Side.PERSON else self.person_name

    @property
    def may_ask_council(self) -> bool:
        """Tell whether the council can be asked in."""
        return (
            self.may_write
            and self.order_id is not None
            and self.council_id is not None
            and self.council_asked_at is None
        )


def threads_of(session: Session, *, by: Actor, page: int = 1) -> Page[ThreadRow]:
    """Return a page of somebody's conversations in the hat they wear, the last written in first."""
    mine = concerns(by)
    count = session.scalar(select(func.count()).where(mine)) or 0
    rows = session.execute(
        select(Thread, ReadMark.number, councils.name_in(Thread.council_id))
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == by.user_id))
        .where(mine)
        .order_by(Thread.last_at.desc(), Thread.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    names = access.names_of(session, user_ids=[thread.person_id for thread, *_ in rows])
    found = tuple(
        ThreadRow(
            id=thread.id,
            title=thread.title,
            other=_answers_name(thread, council_name)
            if by.person_id is not None
            else names.get(thread.person_id, SOMEBODY),
            subject=thread.subject,
            last_at=thread.last_at,
            unread=thread.last_number - (read or 0),
            waits_for_you=_waits_for(thread, by),
        )
        for thread, read, council_name in rows
    )
    return Page(found, page, count)


_UNREAD = (
    select(func.count())
    .select_from(Thread)
    .outerjoin(
        ReadMark,
        and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == bindparam("user_id")),
    )
    .where(Thread.last_number > func.coalesce(ReadMark.number, 0))
)
_UNREAD_OF_PERSON = Ready(_UNREAD.where(Thread.person_id == bindparam("person_id")))
"""For who reads all that is written for a person: each look at the wallet asks it."""


def asked_for_unread(by: Actor) -> Sequence[Asked]:
    """Return the statement for how many are unread of all that is written for a person.

    There is none for who reads but a part of it.
    """
    if by.person_id is None or not by.may(Permission.SEE_WALLET):
        return ()
    return ((_UNREAD_OF_PERSON, {"user_id": by.user_id, "person_id": by.person_id}),)


def unread(session: Session, *, by: Actor) -> int:
    """Return in how many conversations there is something that somebody has not read.

    Of a council those count in which the person still waits: what a colleague has answered does
    not call for anybody else.
    """
    if asked := asked_for_unread(by):
        (((count,),),) = rows_of_all(session, *asked)
        return int(count)
    found = _UNREAD.where(concerns(by))
    if by.may(Permission.OPEN_FUNDING_LINES):
        found = found.where(Thread.waits_since.is_not(None))
    return session.scalar(found, {"user_id": by.user_id}) or 0


def thread_for(session: Session, *, thread_id: UUID, by: Actor) -> ThreadView:
    """Return a conversation as somebody reads it whom it concerns.

    Raises:
        NotFoundError: it does not concern them.
    """
    with_council = select(Thread, councils.name_in(Thread.council_id))
    row = session.execute(with_council.where(Thread.id == thread_id)).one_or_none()
    side = side_of(session, row[0], by) if row else None
    if row is None or side is None:
        raise NotFoundError
    thread, council_name = row
    names = access.names_of(session, user_ids=[thread.person_id])
    return ThreadView(
        id=thread.id,
        title=thread.title,
        subject=thread.subject,
        answers_name=_answers_name(thread, council_name),
        person_id=thread.person_id,
        person_name=names.get(thread.person_id, SOMEBODY),
        order_id=thread.order_id,
        side=side,
        may_write=may_write(by, side, thread.subject),
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
    return session.scalar(select(Thread.id).where(which, concerns(by)))


def thread_of_plan(
    session: Session, *, person_id: UUID, council_id: UUID, by: Actor
) -> UUID | None:
    """Return what a person and a council say about plan and money, if somebody reads it."""
    which = and_(Thread.plan_id == person_id, Thread.council_id == council_id)
    return session.scalar(select(Thread.id).where(which, concerns(by)))


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


def _answers_name(thread: Thread, council_name: str) -> str:
    return council_name if thread.subject is Subject.PLAN else thread.provider_name


def _waits_for(thread: Thread, by: Actor) -> bool:
    answers = thread.council_id if thread.subject is Subject.PLAN else thread.provider_id
    return thread.waits_since is not None and by.organisation_id == answers


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
