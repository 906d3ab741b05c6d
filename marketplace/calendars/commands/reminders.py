"""Choosing when to be reminded, and stopping it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.calendars.commands.deeds import note
from marketplace.calendars.models import Reminder, Told
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import Subject, subjects_of
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once


def choose_reminders(
    session: Session, *, subject: Subject, wish: Wish, by: Actor, at: datetime
) -> None:
    """Choose when to be written to about a calendar; choosing nothing stops the letters.

    Raises:
        NotFoundError: they may not see that calendar.
    """
    if subject not in subjects_of(by):
        raise NotFoundError
    reminder_id = subject.of_user(by.user_id)
    if wish.is_nothing:
        _stop(session, reminder_id, at)
        return
    times = {"evening": wish.evening, "morning": wish.morning, "weekly": wish.weekly}
    values = {
        "id": reminder_id,
        "user_id": by.user_id,
        "whose": subject.whose,
        "person_id": subject.person_id,
        "provider_id": subject.provider_id,
        **times,
        "chosen_at": at,
        "week_on": None,
        "next_look_at": at,
    }
    if not insert_once(session, Reminder, values):
        row = session.get_one(Reminder, reminder_id, with_for_update=True, populate_existing=True)
        if row.wish == wish:
            return
        row.evening, row.morning, row.weekly = wish.evening, wish.morning, wish.weekly
        row.chosen_at = row.next_look_at = at
    note(
        session,
        "reminders-chosen",
        about_id=reminder_id,
        subject=subject,
        by_user_id=by.user_id,
        at=at,
    )


def stop_reminders(session: Session, *, reminder_id: UUID, at: datetime) -> None:
    """Stop the letters that a link in one of them names. Twice is once."""
    _stop(session, reminder_id, at)


def _stop(session: Session, reminder_id: UUID, at: datetime) -> None:
    row = session.get(Reminder, reminder_id, with_for_update=True)
    if row is None:
        return
    session.execute(delete(Told).where(Told.reminder_id == reminder_id))
    session.delete(row)
    note(
        session,
        "reminders-stopped",
        about_id=reminder_id,
        subject=row.subject,
        by_user_id=row.user_id,
        at=at,
    )
