"""Circles of support."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.access.models import Supporter, User
from marketplace.access.rules import Basis, Scope
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class SupporterRow:
    """One member of a circle of support."""

    id: UUID
    person_id: UUID
    person_name: str
    supporter_id: UUID | None
    supporter_name: str | None
    invited_email: str
    basis: Basis
    scopes: tuple[Scope, ...]
    ceiling: Money | None
    ends_before: date | None
    invited_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None

    @property
    def waits_for_the_person(self) -> bool:
        """Tell whether a broker has answered and the person has not agreed to the fee yet."""
        return self.supporter_id is not None and self.accepted_at is None

    @property
    def last_on(self) -> date | None:
        """The last day on which they act, as people say it."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None


def circle_of(session: Session, *, person_id: UUID) -> list[SupporterRow]:
    """Return a person's circle of support: those who act now first, then invited, then ended."""
    rows = _supporters().where(Supporter.person_id == person_id)
    order = (
        Supporter.ended_at.is_not(None),
        Supporter.accepted_at.is_(None),
        Supporter.invited_at,
        Supporter.id,
    )
    return [_row(*row) for row in session.execute(rows.order_by(*order))]


def invitations_for(session: Session, *, user_id: UUID) -> list[SupporterRow]:
    """Return the invitations waiting for somebody, by their confirmed e-mail address."""
    user = session.get(User, user_id)
    if user is None or user.email_confirmed_at is None:
        return []
    rows = _supporters().where(
        Supporter.invited_email == user.email,
        Supporter.supporter_id.is_(None),
        Supporter.ended_at.is_(None),
    )
    return [_row(*row) for row in session.execute(rows.order_by(Supporter.invited_at))]


def supporting(session: Session, *, user_id: UUID) -> list[SupporterRow]:
    """Return the circles somebody is in, by the name of the person."""
    rows = _supporters().where(
        Supporter.supporter_id == user_id,
        Supporter.accepted_at.is_not(None),
        Supporter.ended_at.is_(None),
    )
    return [_row(*row) for row in session.execute(rows.order_by(_person.c.name, Supporter.id))]


def supporter(session: Session, *, supporter_row_id: UUID) -> SupporterRow:
    """Return one member of a circle.

    Raises:
        NotFoundError: there is none.
    """
    found = session.execute(_supporters().where(Supporter.id == supporter_row_id)).first()
    if found is None:
        raise NotFoundError
    return _row(*found)


_person = User.__table__.alias("person")
_helper = User.__table__.alias("helper")


def _supporters() -> Select[Supporter, str, str | None]:
    return (
        select(Supporter, _person.c.name, _helper.c.name)
        .join(_person, _person.c.id == Supporter.person_id)
        .outerjoin(_helper, _helper.c.id == Supporter.supporter_id)
    )


def _row(row: Supporter, person_name: str, supporter_name: str | None) -> SupporterRow:
    return SupporterRow(
        id=row.id,
        person_id=row.person_id,
        person_name=person_name,
        supporter_id=row.supporter_id,
        supporter_name=supporter_name,
        invited_email=row.invited_email,
        basis=row.basis,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        ceiling=row.ceiling,
        ends_before=row.ends_before,
        invited_at=row.invited_at,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
    )
