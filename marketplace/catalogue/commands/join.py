"""Joining the market: a store, its owner and its first offer, in one deed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.commands import add_membership
from marketplace.access.queries import find_actor
from marketplace.access.rules import Actor, Role
from marketplace.catalogue.commands.keeping import ask_for_store, free_slug, note
from marketplace.catalogue.commands.offers import WriteOffer, new_offer
from marketplace.catalogue.models import Provider, ProviderCouncil
from marketplace.catalogue.queries import councils_at
from marketplace.catalogue.rules import (
    CheckState,
    ProviderKind,
    ProviderState,
    checked_text,
    provider_name,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.places.queries import locate


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinMarket:
    """Who somebody is, where they work, and the first thing they sell."""

    provider_id: UUID
    name: str
    kind: ProviderKind
    about: str
    postcode: str
    reach_metres: int | None
    offer: WriteOffer
    email: str = ""
    phone: str = ""
    council_ids: frozenset[UUID] = frozenset()
    """Councils to apply to besides those that cover the postcode."""


def join(session: Session, wish: JoinMarket, *, by: Actor, at: datetime) -> UUID:
    """Open a store with its first offer on sale, and make the one who asks its owner.

    The wish brings the store's id, so that a form sent twice is one store.

    Raises:
        BadWordsError: a text is missing or too long.
        BadOfferError: the price or category cannot be.
        PlaceNotFoundError: there is no such postcode.
        NotFoundError: the id belongs to somebody else's store.
    """
    place = locate(wish.postcode)
    values = _blank(wish, at) | {
        "postcode": place.label,
        "easting": place.point.easting,
        "northing": place.point.northing,
    }
    if not _put(session, values):
        return _theirs(session, wish.provider_id, by, at)
    councils = {*councils_at(session, postcode=place.label), *wish.council_ids}
    for council_id in sorted(councils):
        apply(session, provider_id=wish.provider_id, council_id=council_id, at=at)
    add_membership(
        session,
        user_id=by.user_id,
        organisation_id=wish.provider_id,
        organisation_name=str(values["name"]),
        role=Role.PROVIDER_OWNER,
        by_user_id=by.user_id,
        at=at,
    )
    note(session, "store-opened", provider_id=wish.provider_id, by=by, at=at)
    new_offer(session, wish.provider_id, wish.offer, by=by, at=at, publish=True)
    session.flush()  # so that the index is asked for the first offer too
    ask_for_store(session, wish.provider_id, at=at)
    return wish.provider_id


def apply(session: Session, *, provider_id: UUID, council_id: UUID, at: datetime) -> bool:
    """Put a provider on a council's list of those to check; tell whether it was not on it yet."""
    return insert_once(
        session,
        ProviderCouncil,
        {
            "id": uuid4(),
            "provider_id": provider_id,
            "council_id": council_id,
            "state": CheckState.APPLIED,
            "reason": "",
            "since_at": at,
        },
    )


def _put(session: Session, values: dict[str, object]) -> bool:
    """Insert a store at a free address; False if there is a store of this id already."""
    name = str(values["name"])
    while not insert_once(session, Provider, {**values, "slug": free_slug(session, name)}):
        if session.get(Provider, values["id"]) is not None:
            return False
        # Somebody of the same name joined in this very moment: the next number is free.
    return True


def _theirs(session: Session, provider_id: UUID, by: Actor, at: datetime) -> UUID:
    owner = find_actor(
        session, user_id=by.user_id, role=Role.PROVIDER_OWNER, hat_id=provider_id, at=at
    )
    if owner is None:
        raise NotFoundError
    return provider_id


def _blank(wish: JoinMarket, at: datetime) -> dict[str, object]:
    return {
        "id": wish.provider_id,
        "name": provider_name(wish.name),
        "kind": wish.kind,
        "about": checked_text(wish.about, what="description"),
        "reach_metres": wish.reach_metres,
        "phone": checked_text(wish.phone, what="telephone number", longest=40, one_line=True),
        "email": checked_text(wish.email, what="e-mail address", longest=254, one_line=True),
        "website": "",
        "regulated": False,
        "cqc_id": None,
        "why_no_cqc": "",
        "languages": [],
        "genders": [],
        "access": [],
        "for_whom": [],
        "categories": [],
        "state": ProviderState.OPEN,
        "source": "",
        "joined_at": at,
        "confirmed_at": at,
    }
