"""Everything that can be searched for, without anything that is for some eyes only."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries.cards import FindableOffer, FindableProvider, StoreCouncil
from marketplace.catalogue.queries.offers import categories
from marketplace.catalogue.queries.standing import is_checked, is_shown, sells, standing
from marketplace.catalogue.queries.storefront import DistrictsOf, covers, districts_of_councils
from marketplace.catalogue.queries.stores import both
from marketplace.catalogue.rules import OfferState, ProviderState
from marketplace.kernel.ages import Ages


class _Sold(NamedTuple):
    """What a store needs to know of one of its offers."""

    category: str
    title: str
    youngest: int | None
    oldest: int | None


def findable_offers(session: Session, ids: Iterable[UUID] | None = None) -> Iterator[FindableOffer]:
    """Give every offer that is on sale, or those of some ids; what is missing cannot be found."""
    rows = (
        select(Offer, Provider)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.state == OfferState.ON_SALE, Provider.state == ProviderState.OPEN)
        .order_by(Offer.id)
    )
    if ids is not None:
        rows = rows.where(Offer.id.in_(set(ids)))
    found = session.execute(rows).all()
    of_these = None if ids is None else {provider.id for _, provider in found}
    stands = standing(session, of_these)
    names = {row.slug: row.name for row in categories(session)}
    districts = districts_of_councils(session)
    for offer, provider in found:
        councils = stands.get(provider.id, ())
        if sells(provider, councils):
            yield _findable_offer(offer, provider, councils, names[offer.category], districts)


def findable_providers(
    session: Session, ids: Iterable[UUID] | None = None
) -> Iterator[FindableProvider]:
    """Give every store that can be found, or those of some ids; a store on holiday cannot."""
    rows = (
        select(Provider)
        .where(Provider.state.in_([ProviderState.OPEN, ProviderState.UNCLAIMED]))
        .order_by(Provider.id)
    )
    sold = select(
        Offer.provider_id, Offer.category, Offer.title, Offer.youngest, Offer.oldest
    ).where(Offer.state == OfferState.ON_SALE)
    wanted = None if ids is None else set(ids)
    if wanted is not None:
        rows = rows.where(Provider.id.in_(wanted))
        sold = sold.where(Offer.provider_id.in_(wanted))
    offers: dict[UUID, list[_Sold]] = {}
    for row in session.execute(sold.order_by(Offer.title, Offer.id)):
        one = _Sold(row.category, row.title, row.youngest, row.oldest)
        offers.setdefault(row.provider_id, []).append(one)
    stands = standing(session, wanted)
    districts = districts_of_councils(session)
    for provider in session.scalars(rows):
        councils = stands.get(provider.id, ())
        if is_shown(provider, councils):
            sells_these = offers.get(provider.id, [])
            yield _findable_provider(provider, councils, sells_these, districts)


def _portals(councils: tuple[StoreCouncil, ...]) -> frozenset[str]:
    return frozenset(council.slug for council in councils if council.shows)


def _findable_offer(
    offer: Offer,
    provider: Provider,
    councils: tuple[StoreCouncil, ...],
    category_name: str,
    districts: DistrictsOf,
) -> FindableOffer:
    return FindableOffer(
        id=offer.id,
        provider_id=provider.id,
        provider_name=provider.name,
        title=offer.title,
        summary=offer.summary,
        about=offer.about,
        category=offer.category,
        category_name=category_name,
        included=tuple(offer.included),
        menu=tuple(offer.menu),
        public=offer.bands,
        unit=offer.unit,
        council_slugs=_portals(councils),
        easting=provider.easting,
        northing=provider.northing,
        reach_metres=provider.reach_metres,
        days=tuple(offer.days),
        times=tuple(offer.times),
        for_whom=tuple(provider.for_whom),
        ages=offer.ages or provider.ages,
        access=tuple(provider.access),
        languages=tuple(provider.languages),
        genders=tuple(provider.genders),
        checked=is_checked(councils),
        regulated=provider.regulated,
        has_space=_has_space(offer, provider),
        confirmed_at=offer.confirmed_at,
        covers=covers(provider, districts),
    )


def _findable_provider(
    provider: Provider,
    councils: tuple[StoreCouncil, ...],
    sold: list[_Sold],
    districts: DistrictsOf,
) -> FindableProvider:
    return FindableProvider(
        id=provider.id,
        slug=provider.slug,
        name=provider.name,
        about=provider.about,
        categories=both(provider.categories, (each.category for each in sold)),
        offer_titles=tuple(each.title for each in sold),
        council_slugs=_portals(councils),
        easting=provider.easting,
        northing=provider.northing,
        reach_metres=provider.reach_metres,
        for_whom=tuple(provider.for_whom),
        ages=_bands(provider, sold),
        access=tuple(provider.access),
        languages=tuple(provider.languages),
        genders=tuple(provider.genders),
        checked=is_checked(councils),
        regulated=provider.regulated,
        from_register=provider.state is ProviderState.UNCLAIMED,
        confirmed_at=provider.confirmed_at,
        covers=covers(provider, districts),
    )


def _bands(provider: Provider, sold: Iterable[_Sold]) -> frozenset[str]:
    """Return the ages for whom a store has anything; of a register nothing said is not known."""
    each = [(Ages(one.youngest, one.oldest) or provider.ages).bands for one in sold]
    if each:
        return frozenset().union(*each)
    unknown = provider.state is ProviderState.UNCLAIMED and not provider.ages
    return frozenset() if unknown else provider.ages.bands


def _has_space(offer: Offer, provider: Provider) -> bool:
    # A day that has passed is taken away by the worker, which tells the index of it.
    has_place = offer.places_free is None or offer.places_free > 0
    return provider.full_until is None and not provider.is_full and has_place
