"""Reading messages and concerns, for those whom they concern."""

from marketplace.talk.queries.answering import AnswerTime, answer_time
from marketplace.talk.queries.concerns import (
    ConcernRow,
    ConcernView,
    StepRow,
    concern_for,
    concerns_for,
)
from marketplace.talk.queries.data import data_of, data_seen_by
from marketplace.talk.queries.moderation import ReportedMessage, reported_messages
from marketplace.talk.queries.sides import may_have_any, may_write_of_plan
from marketplace.talk.queries.threads import (
    MessageRow,
    ThreadRow,
    ThreadView,
    asked_for_unread,
    file_for,
    message_for,
    thread_about,
    thread_for,
    thread_of_plan,
    threads_of,
    unread,
)

__all__ = [
    "AnswerTime",
    "ConcernRow",
    "ConcernView",
    "MessageRow",
    "ReportedMessage",
    "StepRow",
    "ThreadRow",
    "ThreadView",
    "answer_time",
    "asked_for_unread",
    "concern_for",
    "concerns_for",
    "data_of",
    "data_seen_by",
    "file_for",
    "may_have_any",
    "may_write_of_plan",
    "message_for",
    "reported_messages",
    "thread_about",
    "thread_for",
    "thread_of_plan",
    "threads_of",
    "unread",
]
