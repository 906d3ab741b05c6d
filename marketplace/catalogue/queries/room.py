"""When a store says it has room, and when it is on holiday, for those who plan its days."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Break, Provider
from marketplace.catalogue.queries.storefront import room_of
from marketplace.catalogue.rules import Room
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which a store takes no visits."""

    starts_on: date
    ends_before: date
    words: str

    def has(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.starts_on <= day < self.ends_before


def room_of_store(session: Session, *, provider_id: UUID) -> Room:
    """Return when a store says it has room.

    Raises:
        NotFoundError: there is no such store.
    """
    found = session.get(Provider, provider_id)
    if found is None:
        raise NotFoundError
    return room_of(found)


def holidays_of_store(
    session: Session, *, provider_id: UUID, starts_on: date, ends_before: date
) -> list[Holiday]:
    """Return a store's holidays, but those called off, of which a day is among some days."""
    rows = (
        select(Break.starts_on, Break.ends_before, Break.words)
        .where(
            Break.provider_id == provider_id,
            Break.ended_at.is_(None),
            Break.starts_on < ends_before,
            Break.ends_before > starts_on,
        )
        .order_by(Break.starts_on, Break.id)
    )
    return [Holiday(*row) for row in session.execute(rows)]
