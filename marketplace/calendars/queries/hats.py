"""Whether somebody may still see the calendar that they follow."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import hats_of
from marketplace.access.rules import Actor
from marketplace.calendars.rules.subjects import Subject, subjects_of


def hat_for(session: Session, *, user_id: UUID, subject: Subject, at: datetime) -> Actor | None:
    """Return somebody in the hat in which they may see a calendar now; None if they may not.

    Nobody may who has closed their account, left the circle, or stopped working there.
    """
    hats = hats_of(session, user_id=user_id, at=at)
    return next((hat for hat in hats if subject in subjects_of(hat)), None)
