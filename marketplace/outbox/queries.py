"""What waits in the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, rows_of
from marketplace.outbox.models import IndexChange, Letter
from marketplace.outbox.rules import TRIES_MAX

ASKED = "asked_to_index"
"""Where a session notes which index changes it wrote itself."""


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


def own_index_changes(session: Session) -> list[IndexChangeRow]:
    """Return the changes that this session itself wrote and that nobody has seen to yet."""
    asked = session.info.get(ASKED)
    if not asked:
        return []
    own = (
        select(IndexChange.id, IndexChange.kind, IndexChange.subject_id, IndexChange.asked_at)
        .where(IndexChange.id.in_(asked))
        .order_by(IndexChange.asked_at, IndexChange.id)
    )
    return [IndexChangeRow(*row) for row in session.execute(own)]


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


def data_of(
    session: Session, *, addresses: Iterable[tuple[str, datetime, datetime | None]]
) -> dict[str, Kept]:
    """Return the letters to somebody's addresses, each from when until when it was theirs.

    What a letter said is not told again: it is in their mailbox, the links in it open doors, and a
    letter to a provider or supporter speaks of somebody else.
    """
    theirs = [
        and_(
            Letter.to == email,
            Letter.written_at >= since,
            Letter.written_at < until if until is not None else true(),
        )
        for email, since, until in addresses
    ]
    letters = (
        select(Letter.id, Letter.template.label("what"), Letter.written_at, Letter.sent_at)
        .where(or_(false(), *theirs))
        .order_by(Letter.written_at, Letter.id)
    )
    return {"letters-to-you": rows_of(session, letters)}
