"""What somebody may take with them of what they wrote."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.talk.models import (
    Attachment,
    Concern,
    Message,
    MessageReport,
    ReadMark,
    Thread,
)

_FOR_THE_WRITER_ALONE = "worries-you-told-a-council"


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's conversations, what they wrote in others', and the worries they told."""
    theirs = Thread.person_id == user_id
    read = or_(theirs, Message.by_user_id == user_id)
    threads = select(*columns_of(Thread)).where(theirs).order_by(Thread.begun_at, Thread.id)
    messages = (
        select(*columns_of(Message))
        .join(Thread, Thread.id == Message.thread_id)
        .where(read)
        .order_by(Message.at, Message.id)
    )
    files = (
        select(*columns_of(Attachment, without=["content"]))
        .join(Message, Message.id == Attachment.message_id)
        .join(Thread, Thread.id == Message.thread_id)
        .where(read)
        .order_by(Message.at, Attachment.id)
    )
    marks = select(*columns_of(ReadMark)).where(ReadMark.user_id == user_id).order_by(ReadMark.id)
    reports = (
        select(*columns_of(MessageReport, without=["settled_by_id"]))
        .where(MessageReport.by_user_id == user_id)
        .order_by(MessageReport.at, MessageReport.id)
    )
    concerns = (
        select(*columns_of(Concern, without=["writer_id", "state", "closed_at"]))
        .where(Concern.writer_id == user_id)
        .order_by(Concern.written_at, Concern.id)
    )
    return {
        "conversations": rows_of(session, threads),
        "messages": rows_of(session, messages),
        "files-of-messages": rows_of(session, files),
        "messages-read": rows_of(session, marks),
        "messages-you-reported": rows_of(session, reports),
        _FOR_THE_WRITER_ALONE: rows_of(session, concerns),
    }


def data_seen_by(
    kept: Mapping[str, Kept], *, about_user_id: UUID, user_id: UUID
) -> dict[str, Kept]:
    """Return what is kept about somebody without what only they themself may read.

    Whoever stands in for a person by law may be the one whom the person is worried about.
    """
    seen = dict(kept)
    if user_id != about_user_id and _FOR_THE_WRITER_ALONE in seen:
        seen[_FOR_THE_WRITER_ALONE] = replace(seen[_FOR_THE_WRITER_ALONE], rows=[])
    return seen
