"""Humans with an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.models import User
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Person:
    """A human with an account, as others may see them."""

    id: UUID
    name: str
    email: str


def person(session: Session, *, user_id: UUID) -> Person:
    """Return a human by id.

    Raises:
        NotFoundError: there is no such account, or it was closed.
    """
    user = session.get(User, user_id)
    if user is None or user.closed_at is not None:
        raise NotFoundError
    return Person(user.id, user.name, user.email)


def person_ever(session: Session, *, user_id: UUID) -> Person:
    """Return a human by id, also one who has left: their money has to be looked after still."""
    user = session.get_one(User, user_id)
    return Person(user.id, user.name, user.email)


def find_person_by_email(session: Session, *, email: str) -> Person | None:
    """Return the human with this e-mail address, if there is one."""
    user = session.scalar(
        select(User).where(User.email == email.strip().lower(), User.closed_at.is_(None))
    )
    return Person(user.id, user.name, user.email) if user else None


def find_confirmed_person(session: Session, *, email: str) -> Person | None:
    """Return the human who is known to read the letters sent to an address."""
    user = session.scalar(
        select(User).where(
            User.email == email.strip().lower(),
            User.closed_at.is_(None),
            User.email_confirmed_at.is_not(None),
        )
    )
    return Person(user.id, user.name, user.email) if user else None


def is_confirmed(session: Session, *, user_id: UUID) -> bool:
    """Tell whether somebody is known to read the letters sent to their address."""
    return session.get_one(User, user_id).email_confirmed_at is not None


def is_closed(session: Session, *, user_id: UUID, lock: bool = False) -> bool:
    """Tell whether an account was closed; with ``lock`` nobody else closes it meanwhile."""
    return session.get_one(User, user_id, with_for_update=lock).closed_at is not None


def closed_among(session: Session, *, user_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of some people who have closed their accounts."""
    wanted = User.id.in_(list(user_ids))
    return set(session.scalars(select(User.id).where(wanted, User.closed_at.is_not(None))))


def closed_before(session: Session, *, before: datetime, limit: int) -> list[UUID]:
    """Return some accounts closed before an instant that nobody has looked at again since then."""
    rows = (
        select(User.id)
        .where(User.closed_at < before, User.forgotten_at < before)
        .order_by(User.closed_at, User.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def names_of(session: Session, *, user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of some people by id."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}
