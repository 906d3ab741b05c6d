"""What goes into the index: everything that can be found, as engines keep it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import FindableOffer, FindableProvider
from marketplace.catalogue.rules import is_out_of_date
from marketplace.community import queries as community
from marketplace.community.queries import FindableGroup, ListingCard
from marketplace.community.rules import Freshness, ListingKind
from marketplace.councils.queries import councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.labels import label
from marketplace.ratings import queries as ratings
from marketplace.ratings.rules import Standing
from marketplace.search.adapters.vocabulary import words_of_categories
from marketplace.search.rules import Entry, EntryKind

Changed = Mapping[str, set[UUID]]
Standings = Mapping[UUID, Standing]
Names = Mapping[str, str]
"""What categories are called, by slug."""

_FEW_OF_ALL = 2
"""So few kinds of people are whom something is for above all."""

_OF_TWO_KINDS = frozenset({"sensory"})
"""People who do not hear and people who do not see: few things are for both above all."""


def entries(session: Session, *, changed: Changed | None, at: datetime) -> Iterator[Entry]:
    """Give the index entries of everything, or of what changed and can still be found.

    A changed provider brings its offers along: where it is, what it is rated and whether it has
    been checked stand in their entries too.
    """
    providers = None if changed is None else changed.get("provider", set())
    offers = None if changed is None else changed.get("offer", set()) | _of(session, providers, at)
    listings = None if changed is None else changed.get("listing", set())
    groups = None if changed is None else changed.get("group", set())
    findable = list(catalogue.findable_offers(session, offers))
    stores = list(catalogue.findable_providers(session, providers))
    rated = {offer.provider_id for offer in findable} | {store.id for store in stores}
    standings = ratings.standing(session, provider_ids=rated)
    kinds = _names(session)
    yield from (_offer_entry(offer, standings, kinds, at) for offer in findable)
    yield from (_store_entry(store, standings, kinds, at) for store in stores)
    slugs = {card.id: card.slug for card in councils(session)}
    for listing in community.findable_listings(session, ids=listings, at=at):
        yield _listing_entry(listing, slugs, kinds, at)
    for group in community.findable_groups(session, ids=groups, at=at):
        yield _group_entry(group, slugs, at)


def with_councils(session: Session, changed: Changed) -> Changed:
    """Return what changed with the stores of changed councils in the councils' place.

    All that these stores sell comes with them: what may not be shown any more has to go.
    """
    rest = {kind: ids for kind, ids in changed.items() if kind != "council"}
    council_ids = changed.get("council")
    if not council_ids:
        return rest
    stores = catalogue.stores_of_councils(session, council_ids=council_ids)
    sold = catalogue.offers_of_stores(session, provider_ids=stores)
    return {
        **rest,
        "provider": rest.get("provider", set()) | stores,
        "offer": rest.get("offer", set()) | sold,
    }


def _of(session: Session, provider_ids: set[UUID] | None, at: datetime) -> set[UUID]:
    return {
        offer.id
        for provider_id in provider_ids or ()
        for offer in catalogue.offers_of_provider(
            session, provider_id=provider_id, funded_by=frozenset(), on=local_day(at)
        )
    }


def _rating(standings: Standings, provider_id: UUID) -> tuple[int | None, int]:
    standing = standings.get(provider_id)
    return (standing.shrunken_tenths, standing.count) if standing else (None, 0)


def _offer_entry(offer: FindableOffer, standings: Standings, kinds: Names, at: datetime) -> Entry:
    tenths, count = _rating(standings, offer.provider_id)
    return Entry(
        id=offer.id,
        kind=EntryKind.OFFER,
        title=offer.title,
        by=offer.provider_name,
        words=" ".join(
            (
                *(offer.summary, offer.about, *offer.included, *offer.menu),
                *_above_all(offer.for_whom),
            )
        ),
        also=" ".join((kinds[offer.category], *_who(offer), *_workers(offer.genders))),
        category=offer.category,
        councils=offer.council_slugs,
        easting=offer.easting,
        northing=offer.northing,
        reach_metres=offer.reach_metres,
        covers=offer.covers,
        price_pence=offer.public.price.pence,
        free=not offer.public.price,
        days=frozenset(offer.days),
        times=frozenset(offer.times),
        for_whom=frozenset(offer.for_whom),
        ages=offer.ages.bands,
        access=frozenset(offer.access),
        languages=frozenset(offer.languages),
        genders=frozenset(offer.genders),
        checked=offer.checked,
        regulated=offer.regulated,
        has_space=offer.has_space,
        rating_tenths=tenths,
        rating_count=count,
        stale=is_out_of_date(offer.confirmed_at, at=at),
    )


def _store_entry(
    store: FindableProvider, standings: Standings, kinds: Names, at: datetime
) -> Entry:
    tenths, count = _rating(standings, store.id)
    return Entry(
        id=store.id,
        kind=EntryKind.PROVIDER,
        title=store.name,
        words=" ".join((store.about, *store.offer_titles, *_above_all(store.for_whom))),
        also=" ".join(
            (
                *(kinds[category] for category in store.categories),
                *(*_who(store), *_workers(store.genders)),
            )
        ),
        category=store.categories[0] if store.categories else "",
        councils=store.council_slugs,
        easting=store.easting,
        northing=store.northing,
        reach_metres=store.reach_metres,
        covers=store.covers,
        for_whom=frozenset(store.for_whom),
        ages=store.ages,
        access=frozenset(store.access),
        languages=frozenset(store.languages),
        genders=frozenset(store.genders),
        checked=store.checked,
        regulated=store.regulated,
        rating_tenths=tenths,
        rating_count=count,
        stale=not store.from_register and is_out_of_date(store.confirmed_at, at=at),
        from_register=store.from_register,
    )


KIND_OF_LISTING: Mapping[ListingKind, EntryKind] = MappingProxyType(
    {
        ListingKind.ACTIVITY: EntryKind.ACTIVITY,
        ListingKind.EVENT: EntryKind.EVENT,
        ListingKind.ADVICE: EntryKind.ADVICE,
        ListingKind.VOLUNTEERING: EntryKind.VOLUNTEERING,
        ListingKind.TIME_BANK: EntryKind.VOLUNTEERING,
    }
)


def _listing_entry(
    listing: ListingCard, slugs: Mapping[UUID, str], kinds: Names, at: datetime
) -> Entry:
    council_id = listing.group.council_id
    return Entry(
        id=listing.id,
        kind=KIND_OF_LISTING[listing.kind],
        title=listing.title,
        by=listing.group.name,
        words=" ".join((listing.about, listing.kind.label, *_above_all(listing.for_whom))),
        also=" ".join((listing.venue, _filed(listing, kinds), *_who(listing))),
        category=listing.category,
        councils=frozenset({slugs[council_id]}) if council_id else frozenset(),
        easting=listing.easting,
        northing=listing.northing,
        price_pence=listing.cost.pence if listing.cost_known else None,
        free=listing.is_free,
        days=listing.weekdays,
        times=frozenset({listing.part_of_day} - {""}),
        for_whom=frozenset(listing.for_whom),
        ages=listing.ages.bands,
        access=frozenset(listing.access),
        languages=frozenset(listing.languages),
        checked=bool(listing.checked_words),
        has_space=True,
        stale=listing.freshness(at) is not Freshness.FRESH,
    )


def _filed(listing: ListingCard, kinds: Names) -> str:
    """Return what a listing is called by its category; what asks for helpers gives no help."""
    if listing.kind is ListingKind.VOLUNTEERING:
        return ""
    return kinds.get(listing.category, "")


def _names(session: Session) -> Names:
    """Return what everything in a category is found by: its names, and what people call it."""
    called = words_of_categories()
    return {
        row.slug: f"{row.name} {row.welsh} {called.get(row.slug, '')}"
        for row in catalogue.categories(session)
    }


def _group_entry(group: FindableGroup, slugs: Mapping[UUID, str], at: datetime) -> Entry:
    card = group.card
    return Entry(
        id=card.id,
        kind=EntryKind.GROUP,
        title=card.name,
        words=" ".join((card.about, *group.titles, *_above_all(group.for_whom))),
        also=" ".join(_who(group)),
        category=group.category,
        councils=frozenset({slugs[card.council_id]}) if card.council_id else frozenset(),
        easting=card.easting,
        northing=card.northing,
        for_whom=group.for_whom,
        ages=group.ages,
        access=group.access,
        languages=group.languages,
        checked=bool(card.checked_by),
        stale=group.freshness(at) is not Freshness.FRESH,
    )


def _who(findable: FindableOffer | FindableProvider | ListingCard | FindableGroup) -> list[str]:
    """Return the words for whom something is and in which languages, so they are found too."""
    return [
        *(label("for_whom", slug) for slug in sorted(findable.for_whom)),
        *(label("languages", slug) for slug in sorted(findable.languages) if slug != "english"),
    ]


def _above_all(for_whom: Collection[str]) -> list[str]:
    """Return for whom something is where that says much of it: it is not for everybody."""
    if len(for_whom) > _FEW_OF_ALL:
        return []
    return [label("for_whom", slug) for slug in sorted(set(for_whom) - _OF_TWO_KINDS)]


def _workers(genders: Iterable[str]) -> list[str]:
    """Return who comes, so that somebody who asks for a woman finds one."""
    return [label("genders", slug) for slug in sorted(genders)]
