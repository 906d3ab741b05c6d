"""Everybody whom somebody supports, in one list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.models import Supporter, User
from marketplace.access.queries.hats import acts
from marketplace.access.rules import Basis, Scope
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedPerson:
    """Somebody whom one supports, and how far one may act for them."""

    row_id: UUID
    person_id: UUID
    name: str
    basis: Basis
    scopes: frozenset[Scope]
    ceiling: Money | None
    ends_before: date | None

    @property
    def last_on(self) -> date | None:
        """The last day on which one acts for them."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None


def supported_people(session: Session, *, user_id: UUID, at: datetime) -> list[SupportedPerson]:
    """Return everybody whom somebody may act for now, by name, with one statement."""
    rows = (
        select(Supporter, User.name)
        .join(User, User.id == Supporter.person_id)
        .where(Supporter.supporter_id == user_id, User.closed_at.is_(None), *acts(at))
        .order_by(User.name, Supporter.id)
    )
    return [
        SupportedPerson(
            row_id=row.id,
            person_id=row.person_id,
            name=name,
            basis=row.basis,
            scopes=frozenset(Scope(scope) for scope in row.scopes),
            ceiling=row.ceiling,
            ends_before=row.ends_before,
        )
        for row, name in session.execute(rows)
    ]
