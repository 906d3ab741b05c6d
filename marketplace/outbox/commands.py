"""Writing letters, and noting what became of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.writing import insert_once
from marketplace.outbox.models import IndexChange, Letter
from marketplace.outbox.queries import ASKED
from marketplace.outbox.rules import LEASE, TRIES_MAX, wait_after


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLetter:
    """A letter: to whom, about what, from which template. ``values`` must be plain JSON."""

    key: str
    to: str
    subject: str
    template: str
    values: Mapping[str, Any]


def write_letter(session: Session, wish: WriteLetter, *, at: datetime) -> None:
    """Put a letter in the outbox; the same key twice is one letter."""
    insert_once(
        session,
        Letter,
        {
            "id": uuid4(),
            "key": wish.key,
            "to": wish.to,
            "subject": wish.subject,
            "template": wish.template,
            "values": dict(wish.values),
            "written_at": at,
            "due_at": at,
            "tries": 0,
        },
    )


def claim_letters(session: Session, *, limit: int, at: datetime) -> list[Letter]:
    """Take some due letters for sending; no other worker gets them before the lease ends."""
    due = (
        select(Letter)
        .where(Letter.sent_at.is_(None), Letter.due_at <= at, Letter.tries < TRIES_MAX)
        .order_by(Letter.due_at, Letter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    letters = list(session.scalars(due))
    for letter in letters:
        letter.due_at = at + LEASE
        letter.tries += 1
    return letters


def note_sent(session: Session, *, letter_id: UUID, at: datetime) -> None:
    """Note that a letter went out."""
    letter = session.get_one(Letter, letter_id)
    letter.sent_at = at
    letter.last_refusal = None


def note_refusal(session: Session, *, letter_id: UUID, why: str, at: datetime) -> None:
    """Note why a letter did not go out; it is tried again later."""
    letter = session.get_one(Letter, letter_id)
    letter.last_refusal = why
    letter.due_at = at + wait_after(letter.tries)


def ask_to_index(session: Session, *, kind: str, subject_id: UUID, at: datetime) -> None:
    """Ask for something findable to be indexed again, or all that a ``council`` decides about.

    Findable are an ``offer``, a ``provider``, a ``listing`` and a ``group``.
    """
    change = IndexChange(id=uuid4(), kind=kind, subject_id=subject_id, asked_at=at)
    session.add(change)
    session.info.setdefault(ASKED, []).append(change.id)


def forget_index_changes(session: Session, *, change_ids: Iterable[UUID]) -> None:
    """Forget index changes that were carried out."""
    session.execute(delete(IndexChange).where(IndexChange.id.in_(list(change_ids))))


def empty_letters(session: Session, *, before: datetime) -> int:
    """Take away what letters sent before an instant said; that there was one stays."""
    old = (Letter.sent_at < before, Letter.template != "")
    rows = session.execute(
        update(Letter).where(*old).values(values={}, template="").returning(Letter.id)
    )
    return len(rows.all())


def forget_letters(
    session: Session, *, emails: Iterable[str] = (), keys: Iterable[str] = ()
) -> int:
    """Take away some letters: unsent ones wholly, of others to whom they went and what they said.

    They are named by the addresses they go to, or by their keys.
    """
    theirs = or_(Letter.to.in_(list(emails)), Letter.key.in_(list(keys)))
    session.execute(delete(Letter).where(theirs, Letter.sent_at.is_(None)))
    rows = session.execute(
        update(Letter)
        .where(theirs)
        .values(values={}, template="", subject="", to="")
        .returning(Letter.id)
    )
    return len(rows.all())


def withdraw_letters(session: Session, *, before: datetime) -> None:
    """Take back the unsent letters written before an instant: nobody needs them any more."""
    session.execute(delete(Letter).where(Letter.written_at < before, Letter.sent_at.is_(None)))
