"""The cards of what a search has found: two statements, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import OfferFound, StoreFound
from marketplace.community.queries import FindableGroup, ListingCard, found_in_community
from marketplace.kernel.clock import local_day
from marketplace.places.queries import find_point
from marketplace.places.rules import Marked, Point, Sheet, distance, sheet
from marketplace.ratings import queries as ratings
from marketplace.ratings.rules import Standing
from marketplace.search.queries.indexing import KIND_OF_LISTING
from marketplace.search.rules import EntryKind, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One card on the page of results. Exactly one of the four is there."""

    number: int
    """Its place in the whole list, from one."""
    distance_metres: int | None
    offer: OfferFound | None = None
    store: StoreFound | None = None
    listing: ListingCard | None = None
    group: FindableGroup | None = None
    standing: Standing | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        if self.offer:
            return self.offer.title
        if self.listing:
            return self.listing.title
        if self.store:
            return self.store.name
        assert self.group, "one of the four is there"
        return self.group.card.name

    @property
    def point(self) -> Point | None:
        """Where a map shows it: a venue where it is, a store in the middle of its district.

        A store may be somebody's home, so a map never shows where exactly it is.
        """
        sold = self.offer or self.store
        if sold:
            return find_point(sold.district)
        place = self.listing or (self.group.card if self.group else None)
        if place is None or place.easting is None or place.northing is None:
            return None
        return Point(place.easting, place.northing)


def found(
    session: Session,
    hits: Sequence[Hit],
    *,
    first: int = 1,
    person_id: UUID | None,
    at: datetime,
) -> list[Found]:
    """Return the cards of some hits in their order; what has gone since is left out.

    ``first`` is the place of the first hit in the whole list. With a person, at what was agreed
    for them: only they may be shown these.
    """
    ids = {kind: [hit.id for hit in hits if hit.kind is kind] for kind in EntryKind}
    sold = catalogue.sold_found(
        session,
        offer_ids=ids[EntryKind.OFFER],
        provider_ids=ids[EntryKind.PROVIDER],
        on=local_day(at),
        person_id=person_id,
        beside=ratings.standings_beside,
    )
    standings = {id_: ratings.standing_in(row) for id_, row in sold.beside.items()}
    listings, groups = found_in_community(
        session,
        listing_ids=[id_ for kind in set(KIND_OF_LISTING.values()) for id_ in ids[kind]],
        group_ids=ids[EntryKind.GROUP],
        at=at,
    )
    cards = []
    for number, hit in enumerate(hits, start=first):
        offer = sold.offers.get(hit.id)
        card = Found(
            number=number,
            distance_metres=hit.distance_metres,
            offer=offer,
            store=sold.stores.get(hit.id),
            listing=listings.get(hit.id),
            group=groups.get(hit.id),
            standing=standings.get(offer.provider_id if offer else hit.id),
        )
        if card.offer or card.store or card.listing or card.group:
            cards.append(card)
    return cards


def map_of(cards: Sequence[Found], here: Point | None, *, within_metres: int) -> Sheet | None:
    """Return a map of what was found; None where nothing of it has a place.

    Somebody who travels far to a person would make everything near look like one spot: round a
    place, only what is within so many metres is shown.
    """
    places = [(card, card.point) for card in cards]
    marked = [
        Marked(card.number, card.name, at)
        for card, at in places
        if at and (here is None or distance(here, at) <= within_metres)
    ]
    return sheet(marked, here)
