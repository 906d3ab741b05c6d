"""What of the catalogue may leave it as open data: which services there are, and since when.

Only what can be found now, at public prices: an offer that is on sale in an open store, and a store
that sells nothing here. Rows are narrow, because a feed counts all of them for each of its pages.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries.cards import StoreCouncil
from marketplace.catalogue.queries.standing import Standing, standing
from marketplace.catalogue.queries.stores import district
from marketplace.catalogue.rules import OfferState, ProviderState, is_too_old_to_find
from marketplace.kernel.ages import Ages

_FEW = 500
"""So many ids may stand in a statement."""
_FOUND = frozenset({ProviderState.OPEN, ProviderState.UNCLAIMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """One service of the catalogue, and what a feed can be asked about it."""

    id: UUID
    provider_id: UUID
    """The same as the id for a store that sells nothing here."""
    categories: tuple[str, ...]
    for_whom: tuple[str, ...]
    ages: Ages
    days: tuple[str, ...]
    district: str
    reach_metres: int | None
    council_slugs: frozenset[str]
    """The portals that show it; none at all means every portal."""
    changed_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class _Store:
    id: UUID
    name: str
    postcode: str
    reach_metres: int | None
    for_whom: list[str]
    youngest: int | None
    oldest: int | None
    categories: list[str]
    state: ProviderState
    confirmed_at: datetime
    about: str = ""


def published_services(
    session: Session,
    *,
    at: datetime,
    ids: Collection[UUID] | None = None,
    with_words: bool = False,
) -> list[PublishedKey]:
    """Return every service that may leave as open data, or of some ids those that may.

    Their words come along only if they are needed.
    """
    stands = standing(session, None)
    stores = _stores(session, stands, ids=ids, with_words=with_words)
    keys = [
        key
        for key in _offers(session, stores, stands, at=at, with_words=with_words)
        if ids is None or key.id in ids or key.provider_id in ids
    ]
    selling = {key.provider_id for key in keys}
    keys += [
        _store_key(store, stands.get(store.id, ()))
        for store in stores.values()
        if store.id not in selling and not _is_dropped(store, at)
    ]
    return keys


def _stores(
    session: Session, stands: Standing, *, ids: Collection[UUID] | None, with_words: bool
) -> dict[UUID, _Store]:
    columns: list[Any] = [
        Provider.id,
        Provider.name,
        Provider.postcode,
        Provider.reach_metres,
        Provider.for_whom,
        Provider.youngest,
        Provider.oldest,
        Provider.categories,
        Provider.state,
        Provider.confirmed_at,
        *([Provider.about] if with_words else []),
    ]
    rows = select(*columns).where(Provider.state.in_(_FOUND))
    if ids is not None:
        sellers = select(Offer.provider_id).where(Offer.id.in_(ids))
        rows = rows.where(or_(Provider.id.in_(ids), Provider.id.in_(sellers)))
    found = (_Store(*row) for row in session.execute(rows))
    return {store.id: store for store in found if _is_shown(stands.get(store.id, ()))}


def _offers(
    session: Session,
    stores: dict[UUID, _Store],
    stands: Standing,
    *,
    at: datetime,
    with_words: bool,
) -> Iterator[PublishedKey]:
    columns: list[Any] = [
        Offer.id,
        Offer.provider_id,
        Offer.category,
        Offer.days,
        Offer.youngest,
        Offer.oldest,
        Offer.confirmed_at,
        *([Offer.title, Offer.summary, Offer.about] if with_words else []),
    ]
    rows = select(*columns).where(Offer.state == OfferState.ON_SALE)
    if len(stores) < _FEW:
        rows = rows.where(Offer.provider_id.in_(stores.keys()))
    for row in session.execute(rows):
        offer_id, provider_id, category, days, youngest, oldest, confirmed_at, *texts = row
        store = stores.get(provider_id)
        if store is None or store.state is not ProviderState.OPEN:
            continue
        if is_too_old_to_find(confirmed_at, at=at):
            continue
        yield PublishedKey(
            id=offer_id,
            provider_id=provider_id,
            categories=(category,),
            for_whom=tuple(store.for_whom),
            ages=Ages(youngest, oldest) or Ages(store.youngest, store.oldest),
            days=tuple(days),
            district=district(store.postcode),
            reach_metres=store.reach_metres,
            council_slugs=_portals(stands.get(provider_id, ())),
            changed_at=max(confirmed_at, store.confirmed_at),
            words=" ".join((*texts, store.name)) if with_words else "",
        )


def _store_key(store: _Store, councils: tuple[StoreCouncil, ...]) -> PublishedKey:
    return PublishedKey(
        id=store.id,
        provider_id=store.id,
        categories=tuple(store.categories),
        for_whom=tuple(store.for_whom),
        ages=Ages(store.youngest, store.oldest),
        days=(),
        district=district(store.postcode),
        reach_metres=store.reach_metres,
        council_slugs=_portals(councils),
        changed_at=store.confirmed_at,
        words=f"{store.name} {store.about}",
    )


def _is_dropped(store: _Store, at: datetime) -> bool:
    # A register is confirmed by its next edition, not by an owner.
    return store.state is ProviderState.OPEN and is_too_old_to_find(store.confirmed_at, at=at)


def _is_shown(councils: tuple[StoreCouncil, ...]) -> bool:
    return not councils or any(council.shows for council in councils)


def _portals(councils: tuple[StoreCouncil, ...]) -> frozenset[str]:
    return frozenset(council.slug for council in councils if council.shows)
