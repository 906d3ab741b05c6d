"""Taking away who followed a calendar, once they have left or no longer use it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from marketplace.calendars.models import Feed, Reminder, Told


def forget_person(session: Session, *, user_id: UUID) -> None:
    """Switch off every calendar and every reminder of somebody who has left, and those of theirs.

    Whoever else followed their calendar has nothing to follow any more.
    """
    session.execute(delete(Feed).where(or_(Feed.user_id == user_id, Feed.person_id == user_id)))
    theirs = or_(Reminder.user_id == user_id, Reminder.person_id == user_id)
    session.execute(delete(Told).where(Told.reminder_id.in_(select(Reminder.id).where(theirs))))
    session.execute(delete(Reminder).where(theirs))


def forget_unused(session: Session, *, before: datetime) -> int:
    """Switch off the addresses that nobody has fetched since an instant."""
    rows = session.execute(delete(Feed).where(Feed.used_at < before).returning(Feed.id))
    return len(rows.all())


def forget_told(session: Session, *, before: datetime) -> int:
    """Take away of which visits people were reminded before an instant."""
    rows = session.execute(delete(Told).where(Told.told_at < before).returning(Told.id))
    return len(rows.all())
