"""Who wants to be reminded of what, and of whom the worker has to think now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.calendars.models import Reminder
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import Subject

BATCH = 50


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """Somebody's wish about one calendar."""

    id: UUID
    subject: Subject
    wish: Wish


def reminders_of(
    session: Session, *, user_id: UUID, subjects: Iterable[Subject]
) -> Mapping[Subject, Wish]:
    """Return what somebody wants to be told of some calendars."""
    ids = [subject.of_user(user_id) for subject in subjects]
    rows = session.scalars(
        select(Reminder).where(Reminder.id.in_(ids), Reminder.user_id == user_id)
    )
    return {row.subject: row.wish for row in rows}


def reminder(session: Session, *, reminder_id: UUID) -> ReminderRow | None:
    """Return the wish that a link in a letter names; None if there is none any more."""
    row = session.get(Reminder, reminder_id)
    return ReminderRow(row.id, row.subject, row.wish) if row else None


def reminders_due(session: Session, *, at: datetime, limit: int = BATCH) -> list[UUID]:
    """Return the wishes to look at now, those that wait longest first."""
    rows = (
        select(Reminder.id)
        .where(Reminder.next_look_at <= at)
        .order_by(Reminder.next_look_at, Reminder.id)
        .limit(limit)
    )
    return list(session.scalars(rows))
