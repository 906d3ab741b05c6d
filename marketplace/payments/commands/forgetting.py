"""Taking away what somebody who has left, and their family, had written here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from marketplace.payments.commands.regulars import stop_all_of
from marketplace.payments.models import FamilyLink, TopUp


def forget_person(session: Session, *, user_id: UUID, at: datetime) -> None:
    """End somebody's family links and regular payments, and forget givers' names."""
    session.execute(
        update(FamilyLink)
        .where(FamilyLink.person_id == user_id)
        .values(shown_name="", ended_at=func.coalesce(FamilyLink.ended_at, at))
    )
    stop_all_of(session, person_id=user_id, at=at)
    session.execute(update(TopUp).where(TopUp.person_id == user_id).values(giver=""))
