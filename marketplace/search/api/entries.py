"""Single entries: exactly what a stranger sees on their pages."""

from uuid import UUID

from marketplace.catalogue import queries as catalogue
from marketplace.community import queries as community
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.ratings import queries as ratings
from marketplace.search.api import schemas, shapes
from marketplace.search.api.operations import Record, operation
from marketplace.search.rules.parameters import Values

_ID: Record = {"type": "string", "format": "uuid"}
_SLUG: Record = {"type": "string", "pattern": "^[a-z0-9-]+$"}


@operation("/categories", summary="What people look for, in our order.", answer=schemas.CATEGORIES)
def categories(_asked: Values) -> Record:
    """List the categories."""
    with reading() as session:
        rows = catalogue.categories(session)
    return {
        "categories": [{"slug": row.slug, "name": row.name, "welsh": row.welsh} for row in rows]
    }


@operation(
    "/offers/{offer_id}",
    summary="One offer, at the price for everybody.",
    answer=schemas.OFFER,
    named_in_path={"offer_id": _ID},
)
def offer(_asked: Values, offer_id: UUID) -> Record:
    """Give an offer."""
    with reading() as session:
        found = catalogue.offer(
            session, offer_id=offer_id, funded_by=frozenset(), on=clock.local_day(clock.now())
        )
        standing = ratings.standing(session, provider_ids=[found.provider_id])
    return shapes.offer(found, standing.get(found.provider_id))


@operation(
    "/stores/{slug}",
    summary="One provider’s store, and what is on sale there.",
    answer=schemas.STORE,
    named_in_path={"slug": _SLUG},
)
def store(_asked: Values, slug: str) -> Record:
    """Give a store."""
    with reading() as session:
        found = catalogue.store(session, slug=slug)
        offers = catalogue.offers_of_provider(
            session,
            provider_id=found.id,
            funded_by=frozenset(),
            on=clock.local_day(clock.now()),
        )
        standing = ratings.standing(session, provider_ids=[found.id])
    return shapes.store(found, offers, standing.get(found.id))


@operation(
    "/activities/{listing_id}",
    summary="Something a group runs: an activity, an event, advice, volunteering, a time bank.",
    answer=schemas.ACTIVITY,
    named_in_path={"listing_id": _ID},
)
def activity(_asked: Values, listing_id: UUID) -> Record:
    """Give an entry of a group."""
    with reading() as session:
        found = community.listing(session, listing_id=listing_id)
    return shapes.activity(found, clock.now())


@operation(
    "/groups/{slug}",
    summary="One group, and what it runs.",
    answer=schemas.GROUP,
    named_in_path={"slug": _SLUG},
)
def group(_asked: Values, slug: str) -> Record:
    """Give a group."""
    with reading() as session:
        found = community.group_at(session, slug=slug)
        listings = community.listings_of(session, group_id=found.id)
    return shapes.group(found, listings)
