"""Which asks have something due."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.asking.models import Ask
from marketplace.asking.rules import AskState
from marketplace.kernel.clock import local_day

_AT_ONCE = 500


def asks_due(session: Session, *, at: datetime) -> list[UUID]:
    """Return the open asks that are to be looked at today, those due longest first."""
    rows = (
        select(Ask.id)
        .where(Ask.state == AskState.OPEN, Ask.look_on <= local_day(at))
        .order_by(Ask.look_on, Ask.id)
        .limit(_AT_ONCE)
    )
    return list(session.scalars(rows))


def asks_to_tell(session: Session, *, at: datetime) -> list[UUID]:
    """Return the asks that take answers and of which nobody was told today yet."""
    today = local_day(at)
    rows = (
        select(Ask.id)
        .where(
            Ask.state == AskState.OPEN,
            Ask.answers_until >= today,
            or_(Ask.told_on.is_(None), Ask.told_on < today),
        )
        .order_by(Ask.asked_at, Ask.id)
        .limit(_AT_ONCE)
    )
    return list(session.scalars(rows))
