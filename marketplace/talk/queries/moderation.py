"""Reported messages, as a council's moderators read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.talk.models import Message, MessageReport, Thread

_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedMessage:
    """A message that somebody reported: that one message, not the others."""

    report_id: UUID
    words: str
    """What the report says."""
    message: str
    by_name: str
    provider_name: str
    """With whom the conversation is; nobody where it is with the council itself."""
    at: datetime
    settled: bool


def reported_messages(session: Session, *, by: Actor) -> list[ReportedMessage]:
    """Return the messages reported to a moderator's council, those not looked at first.

    Raises:
        NotFoundError: they are no moderator.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    rows = session.execute(
        select(MessageReport, Message, Thread.provider_name)
        .join(Message, Message.id == MessageReport.message_id)
        .join(Thread, Thread.id == Message.thread_id)
        .where(MessageReport.council_id == by.works_for)
        .order_by(MessageReport.settled_at.is_not(None), MessageReport.at.desc())
        .limit(_SHOWN_MAX)
    )
    return [
        ReportedMessage(
            report_id=report.id,
            words=report.words,
            message=message.words,
            by_name=message.by_name,
            provider_name=provider_name,
            at=report.at,
            settled=report.settled_at is not None,
        )
        for report, message, provider_name in rows
    ]
