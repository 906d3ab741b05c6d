"""What somebody may take with them of the calendars they follow."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.calendars.models import Feed, Reminder, Told
from marketplace.kernel.exporting import Kept, columns_of, rows_of


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return which calendars somebody follows, who follows theirs, and what they were told."""
    feeds = (
        select(*columns_of(Feed, without=["salt", "secret_hash"]))
        .where(or_(Feed.user_id == user_id, Feed.person_id == user_id))
        .order_by(Feed.made_at, Feed.id)
    )
    reminders = (
        select(*columns_of(Reminder))
        .where(or_(Reminder.user_id == user_id, Reminder.person_id == user_id))
        .order_by(Reminder.chosen_at, Reminder.id)
    )
    told = (
        select(*columns_of(Told))
        .join(Reminder, Reminder.id == Told.reminder_id)
        .where(Reminder.user_id == user_id)
        .order_by(Told.told_at, Told.id)
    )
    return {
        "calendars-in-phones": rows_of(session, feeds),
        "reminders": rows_of(session, reminders),
        "visits-reminded-of": rows_of(session, told),
    }
