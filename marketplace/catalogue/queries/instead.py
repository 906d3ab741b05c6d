"""Offers that could take the place of one whose provider stops: the same thing, near, with room."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries.cards import OfferCard
from marketplace.catalogue.queries.holidays import breaks_by_store
from marketplace.catalogue.queries.offers import offers
from marketplace.catalogue.queries.standing import standing
from marketplace.catalogue.rules import OfferState, ProviderState, Unit
from marketplace.catalogue.rules.instead import lost_days, lost_words
from marketplace.places.rules import Point, distance

_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedInstead:
    """What is looked for: of which kind, in place of whom, for whose money, with which wishes."""

    category: str
    unit: Unit
    of_provider: UUID
    council_id: UUID
    language: str = ""
    gender: str = ""
    days: tuple[date, ...] = ()
    """On which days somebody is needed, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Instead:
    """An offer that could take the place, and whether it keeps what was asked for."""

    card: OfferCard
    metres: int | None
    """How far its store is from the one that stops, if both are known."""
    keeps_wishes: bool
    but: str = ""
    """Which of the days they cannot do; "" if they can do all."""


def offers_instead(
    session: Session, wanted: WantedInstead, *, on: date, without: Collection[UUID] = ()
) -> list[Instead]:
    """Return offers of the same kind that come to the same area and have room, one of a store.

    First those that keep the language and the gender that were asked for, and can do all the days,
    then by price and distance. Who is away, or has stopped selling it, on all of the days is left
    out. Prices are those of the council whose money pays. ``without`` are stores that stop.
    """
    old = session.get_one(Provider, wanted.of_provider)
    here = _point(old)
    rows = session.execute(
        select(Offer.id, Provider)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(
            Offer.category == wanted.category,
            Offer.unit == wanted.unit,
            Offer.state == OfferState.ON_SALE,
            Provider.state == ProviderState.OPEN,
            Provider.id.not_in({wanted.of_provider, *without}),
        )
    ).all()
    stores = {offer_id: store for offer_id, store in rows if _comes_here(store, here)}
    stands = standing(session, {store.id for store in stores.values()})
    shown = {
        offer_id
        for offer_id, store in stores.items()
        if any(
            row.shows and row.council_id == wanted.council_id for row in stands.get(store.id, ())
        )
    }
    cards = offers(session, offer_ids=shown, funded_by=frozenset({wanted.council_id}), on=on)
    breaks = breaks_by_store(session, provider_ids={card.provider_id for card in cards.values()})
    found = []
    for card in cards.values():
        away = breaks.get(card.provider_id, ())
        lost = lost_days(
            wanted.days, away=away, last_on=card.sale_days.last, full_until=card.full_until
        )
        if not _has_room(card, wanted) or (lost and len(lost) == len(wanted.days)):
            continue
        store = stores[card.id]
        but = lost_words(lost, wanted.days)
        found.append(Instead(card, _metres(store, here), _keeps(store, wanted), but))
    first_of_each: dict[UUID, Instead] = {}
    for each in sorted(found, key=_order):
        first_of_each.setdefault(each.card.provider_id, each)
    return list(first_of_each.values())[:_MOST]


def closed_among(session: Session, *, provider_ids: Collection[UUID]) -> set[UUID]:
    """Return which of some stores have closed."""
    rows = select(Provider.id).where(
        Provider.id.in_(provider_ids), Provider.state == ProviderState.CLOSED
    )
    return set(session.scalars(rows))


def _has_room(card: OfferCard, wanted: WantedInstead) -> bool:
    """Tell whether there is room; who is full until a day may have some on the days after."""
    return replace(card, full_until=None).has_space if wanted.days else card.has_space


def _order(each: Instead) -> tuple[bool, bool, int, int, str]:
    price, metres = each.card.price_for_you.price.pence, each.metres
    far = metres if metres is not None else 10**9
    return not each.keeps_wishes, bool(each.but), price, far, str(each.card.id)


def _keeps(store: Provider, wanted: WantedInstead) -> bool:
    speaks = not wanted.language or wanted.language in store.languages
    return speaks and (not wanted.gender or wanted.gender in store.genders)


def _comes_here(store: Provider, here: Point | None) -> bool:
    far = _metres(store, here)
    return store.reach_metres is None or far is None or far <= store.reach_metres


def _metres(store: Provider, here: Point | None) -> int | None:
    there = _point(store)
    return None if here is None or there is None else distance(here, there)


def _point(store: Provider) -> Point | None:
    if store.easting is None or store.northing is None:
        return None
    return Point(store.easting, store.northing)
