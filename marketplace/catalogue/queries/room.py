"""When a store says it has room, for those who plan its days."""

from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue.models import Provider
from marketplace.catalogue.queries.storefront import room_of
from marketplace.catalogue.rules import Room
from marketplace.kernel.errors import NotFoundError


def room_of_store(session: Session, *, provider_id: UUID) -> Room:
    """Return when a store says it has room.

    Raises:
        NotFoundError: there is no such store.
    """
    found = session.get(Provider, provider_id)
    if found is None:
        raise NotFoundError
    return room_of(found)
