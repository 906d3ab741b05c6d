"""The tables of concerns and messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.talk.rules import CallBack, ConcernState, Side, Subject


class Concern(Model):
    """Somebody is worried about somebody. Read by the council's team and by nobody else."""

    __tablename__ = "talk_concerns"
    __table_args__ = (
        CheckConstraint("(call_back = 'no') = (reach = '')", name="reach"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_talk_concerns_council_id", "council_id", "written_at"),
        Index("ix_talk_concerns_writer_id", "writer_id"),
        Index("ix_talk_concerns_closed_at", "closed_at"),
    )

    council_id: Mapped[UUID]
    writer_id: Mapped[UUID | None]
    """Who was signed in, so that their own data has it. The team is not told."""
    writer_name: Mapped[str]
    """What they chose to call themself; often nothing."""
    words: Mapped[str]
    about: Mapped[str]
    call_back: Mapped[CallBack]
    reach: Mapped[str]
    """A phone number or an e-mail address, and when it is safe to use it."""
    state: Mapped[ConcernState]
    written_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ConcernStep(Model):
    """What the team did about a concern: who, when, and in their own words."""

    __tablename__ = "talk_concern_steps"
    __table_args__ = (UniqueConstraint("concern_id", "number"),)

    concern_id: Mapped[UUID] = mapped_column(ForeignKey(Concern.id))
    number: Mapped[int]
    state: Mapped[ConcernState]
    """In which state it is since."""
    note: Mapped[str]
    by_user_id: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]


class Thread(Model):
    """What a person's side writes about one thing to a provider, or to a council and back."""

    __tablename__ = "talk_threads"
    __table_args__ = (
        UniqueConstraint("order_id"),
        UniqueConstraint("person_id", "provider_id", "offer_key"),
        CheckConstraint(
            "CASE WHEN plan_id IS NULL THEN (order_id IS NULL) = (offer_key IS NOT NULL) "
            "ELSE order_id IS NULL AND offer_key IS NULL END",
            name="about",
        ),
        CheckConstraint(
            "(plan_id IS NULL) = (provider_id IS NOT NULL) "
            "AND (plan_id IS NULL OR council_id IS NOT NULL)",
            name="sides",
        ),
        CheckConstraint("council_asked_at IS NULL OR council_id IS NOT NULL", name="council"),
        Index("ix_talk_threads_plan_id", "plan_id", "council_id", unique=True),
        Index("ix_talk_threads_person_id", "person_id", "last_at"),
        Index("ix_talk_threads_provider_id", "provider_id", "last_at"),
        Index("ix_talk_threads_council_id", "council_id", "council_asked_at"),
        Index("ix_talk_threads_last_at", "last_at"),
    )

    person_id: Mapped[UUID]
    provider_id: Mapped[UUID | None]
    """Who sells; nobody where it is about somebody's plan and money."""
    provider_name: Mapped[str]
    order_id: Mapped[UUID | None]
    """The order it is about."""
    offer_key: Mapped[str | None]
    """Of a question: the id of the offer, or ``store`` for the store as a whole."""
    plan_id: Mapped[UUID | None]
    """Whose plan and money it is about. What is planned has no page and no id of its own yet: until
    then it is the person's."""
    title: Mapped[str]
    """The offer, the store or the order's number, as it was called then."""
    council_id: Mapped[UUID | None]
    """Which council looks at what is reported, and may be asked in; of a plan, the other side."""
    council_asked_at: Mapped[datetime | None]
    council_asked_by: Mapped[str]
    begun_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_number: Mapped[int]
    waits_since: Mapped[datetime | None]
    """Since when the person's side waits for the other side's answer."""

    @property
    def subject(self) -> Subject:
        """What it is about."""
        if self.plan_id is not None:
            return Subject.PLAN
        return Subject.QUESTION if self.order_id is None else Subject.ORDER


class Message(Model):
    """What one side wrote."""

    __tablename__ = "talk_messages"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        Index("ix_talk_messages_by_user_id", "by_user_id", "at"),
    )

    thread_id: Mapped[UUID] = mapped_column(ForeignKey(Thread.id))
    number: Mapped[int]
    side: Mapped[Side]
    by_user_id: Mapped[UUID]
    by_name: Mapped[str]
    words: Mapped[str]
    at: Mapped[datetime]
    waited_seconds: Mapped[int | None]
    """Of an answer by the provider: how long the person's side had waited for it."""


class Attachment(Model):
    """A file that came with a message: a picture written anew, a PDF, or plain text."""

    __tablename__ = "talk_attachments"
    __table_args__ = (UniqueConstraint("message_id"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ReadMark(Model):
    """Up to which message somebody has read a thread."""

    __tablename__ = "talk_read_marks"
    __table_args__ = (UniqueConstraint("thread_id", "user_id"),)

    thread_id: Mapped[UUID] = mapped_column(ForeignKey(Thread.id))
    user_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]


class MessageReport(Model):
    """Somebody says that a message should not have been written."""

    __tablename__ = "talk_message_reports"
    __table_args__ = (
        UniqueConstraint("message_id", "by_user_id"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled"),
        Index("ix_talk_message_reports_council_id", "council_id", "settled_at"),
        Index("ix_talk_message_reports_by_user_id", "by_user_id"),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id))
    council_id: Mapped[UUID]
    by_user_id: Mapped[UUID]
    words: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]
