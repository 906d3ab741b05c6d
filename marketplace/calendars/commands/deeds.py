"""Writing into the trail of whose calendar it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.audit.commands import record
from marketplace.calendars.rules.subjects import Subject


def note(
    session: Session,
    what: str,
    *,
    about_id: UUID,
    subject: Subject,
    by_user_id: UUID,
    at: datetime,
) -> None:
    """Note that somebody did something about the calendar of a person or a store."""
    record(
        session,
        what=what,
        chain_id=subject.id,
        subject_id=about_id,
        by_user_id=by_user_id,
        for_person_id=subject.person_id,
        at=at,
    )
