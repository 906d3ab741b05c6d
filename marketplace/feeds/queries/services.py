"""Services of a feed with all that belongs to them: a handful of statements for any number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import FindableOffer, StoreCard
from marketplace.catalogue.rules import per_unit
from marketplace.community import queries as community
from marketplace.community.queries import GroupCard, ListingCard
from marketplace.community.rules import Change, start_of
from marketplace.feeds.rules.areas import town_of
from marketplace.feeds.rules.identity import made_id
from marketplace.feeds.rules.published import (
    Key,
    Kind,
    Organisation,
    Price,
    Published,
    Slot,
    Spot,
)
from marketplace.feeds.rules.timetable import slot_of_day, slot_of_rule
from marketplace.kernel.clock import local_day
from marketplace.kernel.labels import label
from marketplace.places.queries import find_point
from marketplace.places.rules import Point, miles, to_latitude

_EPOCH = date(2024, 1, 1)
"""Timetables without a first day count from here, and so does what a schedule says of them."""

_ISO = {
    "english": "en",
    "welsh": "cy",
    "british-sign-language": "bfi",
    "urdu": "ur",
    "punjabi": "pa",
    "bengali": "bn",
    "gujarati": "gu",
    "arabic": "ar",
    "polish": "pl",
    "lithuanian": "lt",
    "portuguese": "pt",
    "romanian": "ro",
    "ukrainian": "uk",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """How addresses of the market's own pages begin."""

    base: str

    def to(self, *parts: object) -> str:
        """Return the address of one of them."""
        return "/".join([self.base.rstrip("/"), *map(str, parts)])


def services(
    session: Session, found: Sequence[Key], *, base_url: str, at: datetime
) -> list[Published]:
    """Return the services of some keys in their order; what has gone since is left out."""
    pages = Pages(base_url)
    stores = catalogue.stores(session, provider_ids=_providers(found))
    offers = catalogue.findable_offers(session, _ids(found, {Kind.OFFER}))
    listed = _ids(found, set(Kind) - {Kind.OFFER, Kind.PROVIDER})
    made = {
        **{offer.id: _of_offer(offer, stores[offer.provider_id], pages) for offer in offers},
        **{
            key.id: _of_store(stores[key.id], pages)
            for key in found
            if key.kind is Kind.PROVIDER and key.id in stores
        },
        **{
            listing.id: _of_listing(listing, pages, on=local_day(at))
            for listing in community.findable_listings(session, ids=listed, at=at)
        },
    }
    return [made[key.id] for key in found if key.id in made]


def _ids(found: Iterable[Key], kinds: set[Kind]) -> list[UUID]:
    return [key.id for key in found if key.kind in kinds]


def _providers(found: Iterable[Key]) -> list[UUID]:
    sold = {Kind.OFFER, Kind.PROVIDER}
    return list(dict.fromkeys(key.organisation_id for key in found if key.kind in sold))


def _of_offer(offer: FindableOffer, store: StoreCard, pages: Pages) -> Published:
    bands = offer.public
    per = per_unit(offer.unit)
    dear = (
        ("Evenings", bands.evening),
        ("Weekends", bands.weekend),
        ("Bank holidays", bands.bank_holiday),
    )
    return Published(
        id=offer.id,
        kind=Kind.OFFER,
        title=offer.title,
        about="\n\n".join(
            text for text in (offer.summary, offer.about, _included(offer.included)) if text
        ),
        page=pages.to("offers", offer.id),
        organisation=of_provider(store, pages),
        changed_at=max(offer.confirmed_at, store.confirmed_at),
        assured_on=local_day(offer.confirmed_at),
        categories=(offer.category,),
        for_whom=offer.for_whom,
        ages=offer.ages,
        languages=_languages(offer.languages),
        prices=(
            Price("", bands.price.pence, per),
            *(Price(when, price.pence, per) for when, price in dear if price is not None),
        ),
        fees=f"{bands.price} {per}",
        slots=_slots_of(offer),
        spot=_spot_of(store),
        area=_area_of(store),
        phone=store.phone,
        alert="" if offer.has_space else "There is no room at the moment.",
        accreditations=_accreditations(store),
    )


def _of_store(store: StoreCard, pages: Pages) -> Published:
    return Published(
        id=store.id,
        kind=Kind.PROVIDER,
        title=store.name,
        about=store.about or store.name,
        page=pages.to("stores", store.slug),
        organisation=of_provider(store, pages),
        changed_at=store.confirmed_at,
        assured_on=local_day(store.confirmed_at),
        categories=store.categories,
        for_whom=store.for_whom,
        ages=store.ages,
        languages=_languages(store.languages),
        prices=(),
        fees="",
        slots=(),
        spot=_spot_of(store),
        area=_area_of(store),
        phone=store.phone,
        alert=(
            "This comes from a public register. Nobody looks after it here yet."
            if store.from_register
            else ""
        ),
        accreditations=_accreditations(store),
    )


def of_provider(store: StoreCard, pages: Pages) -> Organisation:
    """Return a store as an organisation."""
    return Organisation(
        id=store.id,
        name=store.name,
        about=store.about,
        website=store.website,
        page=pages.to("stores", store.slug),
        identifiers=(("GB-CQC", "CQC location number", store.cqc_id),) if store.cqc_id else (),
    )


def _accreditations(store: StoreCard) -> str:
    said = ["Registered with the care regulator."] if store.regulated else []
    said += [
        f"{check.kind.label}, checked by {', '.join(check.checked_by)}." for check in store.checks
    ]
    return " ".join(said)


def _included(included: Sequence[str]) -> str:
    return f"Included: {', '.join(included)}." if included else ""


def _languages(slugs: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((slug, label("languages", slug), _ISO.get(slug, "")) for slug in slugs)


def _slots_of(offer: FindableOffer) -> tuple[Slot, ...]:
    if not (offer.days or offer.times):
        return ()
    days = tuple(day[:2].upper() for day in offer.days)
    words = ", ".join(label("times", each) for each in offer.times)
    return (Slot(freq="WEEKLY" if days else "", days=days, words=words),)


def _spot_of(store: StoreCard) -> Spot | None:
    """Return where a store is, as closely as its page says it: the district, never the house."""
    point = find_point(store.district) if store.district else None
    if point is None:
        return None
    latitude, longitude = to_latitude(point)
    return Spot(
        id=made_id("store", store.id),
        name=store.district,
        about=f"Based in the postcode district {store.district}. Ask the provider where to go.",
        latitude=latitude,
        longitude=longitude,
        access=_access(store.access),
    )


def _area_of(store: StoreCard) -> str:
    if not (store.reach_metres and store.district):
        return ""
    return f"Up to {miles(store.reach_metres):g} miles around {store.district}"


def _access(slugs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((slug, label("access", slug)) for slug in slugs)


def _of_listing(listing: ListingCard, pages: Pages, *, on: date) -> Published:
    return Published(
        id=listing.id,
        kind=Kind(listing.kind.value),
        title=listing.title,
        about=listing.about or listing.title,
        page=pages.to("activities", listing.id),
        organisation=of_group(listing.group, pages),
        changed_at=max(listing.changed_at, listing.confirmed_at),
        assured_on=local_day(listing.confirmed_at),
        categories=(listing.category,),
        for_whom=listing.for_whom,
        ages=listing.ages,
        languages=_languages(listing.languages),
        prices=_prices(listing),
        fees=listing.cost_words,
        slots=_slots(listing),
        spot=_spot(listing),
        area="",
        email=listing.group.email,
        contact=listing.contact,
        phone=listing.group.phone,
        alert=_called_off(listing, on),
        accreditations=_checked(listing),
        happens_at=_happens_at(listing),
    )


def _prices(listing: ListingCard) -> tuple[Price, ...]:
    if not listing.cost_known:
        return ()
    return (Price("", listing.cost.pence, listing.cost_words or "Free"),)


def of_group(group: GroupCard, pages: Pages) -> Organisation:
    """Return a group as an organisation."""
    return Organisation(
        id=group.id,
        name=group.name,
        about=group.about,
        email=group.email,
        website=group.website,
        page=pages.to("groups", group.slug),
    )


def _slots(listing: ListingCard) -> tuple[Slot, ...]:
    if not listing.starts:
        return ()
    opens, schedule = listing.starts_at, listing.schedule
    if schedule.on_day is not None:
        return (slot_of_day(schedule.on_day, opens=opens, minutes=listing.minutes),)
    slot = slot_of_rule(
        schedule.rule,
        first_on=schedule.first_on or _first_day(listing),
        opens=opens,
        minutes=listing.minutes,
        words=listing.timetable,
    )
    last_on = schedule.last_on or slot.until
    off = tuple(change.on_day for change in listing.changes)
    return (replace(slot, until=last_on, ends_on=last_on, not_on=off),)


def _called_off(listing: ListingCard, on: date) -> str:
    """Say what is different in the coming days; a page says it at the top too."""
    said = (
        f"{'Not' if change.what is Change.CANCELLED else 'Moved'} on {change.on_day:%-d %B}."
        f"{' ' + change.words if change.words else ''}"
        for change in listing.changes
        if change.on_day >= on
    )
    return " ".join(said)


def _checked(listing: ListingCard) -> str:
    return f"Checked by {listing.checked_words}." if listing.checked_words else ""


def _spot(listing: ListingCard) -> Spot | None:
    if listing.easting is None or listing.northing is None:
        return None
    latitude, longitude = to_latitude(Point(listing.easting, listing.northing))
    town, county = town_of(listing.postcode)
    return Spot(
        id=made_id("venue", listing.group.id, listing.venue.casefold(), listing.postcode),
        name=listing.venue or listing.postcode,
        about="",
        latitude=latitude,
        longitude=longitude,
        street=listing.venue,
        town=town,
        county=county,
        postcode=listing.postcode,
        access=_access(listing.access),
    )


def _first_day(listing: ListingCard) -> date | None:
    days = listing.schedule.without_pauses(first=_EPOCH, days=400)
    return days[0] if days else None


def _happens_at(listing: ListingCard) -> tuple[datetime, datetime] | None:
    if listing.schedule.on_day is None:
        return None
    begins = start_of(listing.schedule.on_day, listing.starts_at)
    return begins, begins + timedelta(minutes=listing.minutes)
