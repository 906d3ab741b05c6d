"""What waits in the outbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.outbox.models import IndexChange, Letter
from marketplace.outbox.rules import TRIES_MAX


@dataclass(frozen=True, slots=True)
class IndexChangeRow:
    """Something findable that changed."""

    id: UUID
    kind: str
    subject_id: UUID
    asked_at: datetime


def index_changes(session: Session, *, limit: int) -> list[IndexChangeRow]:
    """Return the oldest changes that the search index has not seen."""
    oldest = (
        select(IndexChange.id, IndexChange.kind, IndexChange.subject_id, IndexChange.asked_at)
        .order_by(IndexChange.asked_at, IndexChange.id)
        .limit(limit)
    )
    return [IndexChangeRow(*row) for row in session.execute(oldest)]


def letters_waiting(session: Session) -> int:
    """Return how many letters are still to be sent."""
    waiting = select(func.count()).where(Letter.sent_at.is_(None), Letter.tries < TRIES_MAX)
    return session.scalar(waiting) or 0


def letters_given_up(session: Session) -> int:
    """Return how many letters could not be sent after the last try."""
    lost = select(func.count()).where(Letter.sent_at.is_(None), Letter.tries >= TRIES_MAX)
    return session.scalar(lost) or 0


def index_changes_waiting(session: Session) -> int:
    """Return how many changes the search index has not seen."""
    return session.scalar(select(func.count()).select_from(IndexChange)) or 0
