"""From what pages show to a stranger, to JSON."""

from datetime import date, datetime
from uuid import UUID

from marketplace.catalogue.queries import OfferCard, StoreCard
from marketplace.catalogue.rules import Unit, per_unit
from marketplace.community.queries import GroupCard, ListingCard
from marketplace.kernel.ages import Ages
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.places.rules import Point, distance, miles
from marketplace.ratings.rules import Standing
from marketplace.search.queries import Found
from marketplace.search.rules import Hit
from marketplace.web.site import whole_address

Shape = dict[str, object]

_SUMMARY_MAX = 300
_COMING_DAYS = 60
_COMING_MAX = 6
_TENTHS = 10


def links(kind: str, name: str | UUID) -> Shape:
    """Return where a program and where a person reads on."""
    return {
        "self": whole_address(f"/api/v1/{kind}/{name}"),
        "page": whole_address(f"/{kind}/{name}"),
    }


def price(amount: Money, unit: Unit | None = None) -> Shape:
    """Return what anybody pays."""
    words = f"{amount} {per_unit(unit)}" if unit else str(amount)
    return {
        "pence": amount.pence,
        "unit": unit.value if unit else None,
        "words": words if amount else "Free",
    }


def cost(card: ListingCard) -> Shape | None:
    """Return what an entry of a group costs; nothing if nobody says it."""
    return price(card.cost) if card.cost_known else None


def ages(said: Ages) -> Shape | None:
    """Return for which ages something is; nothing if there is no limit."""
    if not said:
        return None
    return {"from": said.youngest, "to": said.oldest, "words": said.words}


def rating(standing: Standing | None) -> Shape | None:
    """Return what people say of a provider, if anybody does."""
    if standing is None or standing.mean_tenths is None:
        return None
    return {"mean": standing.mean_tenths / _TENTHS, "count": standing.count}


def result(card: Found, hit: Hit, near: Point | None) -> Shape:
    """Return one thing that was found."""
    return {
        "kind": hit.kind.value,
        "id": str(hit.id),
        "number": card.number,
        "name": card.name,
        **_what(card),
        "distance_miles": _distance(card, near),
        "rating": rating(card.standing),
    }


def _distance(card: Found, near: Point | None) -> float | None:
    """Return how far it is: to a store no more exactly than a map shows it."""
    there = card.point
    return None if near is None or there is None else miles(distance(near, there))


def _what(card: Found) -> Shape:
    if card.offer:
        offer = card.offer
        return _found(
            by=offer.provider_name,
            category=offer.category,
            district=offer.district,
            price=price(offer.public, offer.unit),
            checked=offer.checked,
            has_space=offer.has_space,
            links=links("offers", offer.id),
        )
    if card.store:
        store = card.store
        return _found(
            summary=store.about,
            category=store.category,
            district=store.district,
            checked=store.checked,
            links=links("stores", store.slug),
        )
    if card.listing:
        listing = card.listing
        return _found(
            by=listing.group.name,
            summary=listing.about,
            category=listing.category,
            district=_district(listing.postcode),
            price=cost(listing),
            checked=bool(listing.checked_words),
            links=links("activities", listing.id),
        )
    assert card.group, "one of the four is there"
    group = card.group
    return _found(
        summary=group.card.about,
        category=group.category,
        district=_district(group.card.postcode),
        checked=bool(group.card.checked_by),
        links=links("groups", group.card.slug),
    )


def _found(
    *,
    links: Shape,
    by: str | None = None,
    summary: str = "",
    category: str = "",
    district: str = "",
    **more: object,
) -> Shape:
    """Return what is the same for all; the price and whether there is room may be unknown."""
    return {
        "by": by,
        "summary": summary[:_SUMMARY_MAX],
        "category": category or None,
        "district": district or None,
        "price": None,
        "has_space": None,
        **more,
        "links": links,
    }


def _district(postcode: str) -> str:
    return postcode.partition(" ")[0]


def offer(card: OfferCard, standing: Standing | None) -> Shape:
    """Return an offer, at the price for everybody."""
    public = card.public
    return {
        "id": str(card.id),
        "title": card.title,
        "provider": {"name": card.provider_name, "links": links("stores", card.provider_slug)},
        "category": card.category,
        "summary": card.summary,
        "about": card.about,
        "included": list(card.included),
        "menu": list(card.menu),
        "must_choose": card.must_choose,
        "on_sale_until": card.sale_days.last.isoformat() if card.sale_days.last else None,
        "price": price(public.price, card.unit),
        "evening_price": price(public.evening, card.unit) if public.evening else None,
        "weekend_price": price(public.weekend, card.unit) if public.weekend else None,
        "bank_holiday_price": price(public.bank_holiday, card.unit)
        if public.bank_holiday
        else None,
        "notice_hours": card.notice_hours,
        "late_cancel_percent": card.late_cancel_percent,
        "terms": card.terms,
        "days": list(card.days),
        "times": list(card.times),
        "ages": ages(card.ages),
        "has_space": card.has_space,
        "checked": card.checked,
        "rating": rating(standing),
        "last_confirmed": _day(card.confirmed_at),
        "links": links("offers", card.id),
    }


def store(card: StoreCard, offers: list[OfferCard], standing: Standing | None) -> Shape:
    """Return a store; a store may be somebody's home, so only its district is told."""
    return {
        "slug": card.slug,
        "name": card.name,
        "kind": card.kind.value,
        "about": card.about,
        "district": card.district or None,
        "travels_miles": miles(card.reach_metres) if card.reach_metres else None,
        "categories": list(card.categories),
        "for_whom": list(card.for_whom),
        "ages": ages(card.ages),
        "access": list(card.access),
        "languages": list(card.languages),
        "telephone": card.phone or None,
        "website": card.website or None,
        "cqc_id": card.cqc_id or None,
        "checked": card.checked,
        "from_register": card.from_register,
        "source": card.source_words or None,
        "checks": [
            {
                "what": check.kind.label,
                "until": _iso(check.expires_on),
                "checked_by": list(check.checked_by),
            }
            for check in card.checks
        ],
        "rating": rating(standing),
        "offers": [
            {
                "id": str(each.id),
                "title": each.title,
                "price": price(each.public.price, each.unit),
                "links": links("offers", each.id),
            }
            for each in offers
        ],
        "last_confirmed": _day(card.confirmed_at),
        "links": links("stores", card.slug),
    }


def activity(card: ListingCard, at: datetime) -> Shape:
    """Return an entry of a group."""
    coming = [each for each in card.occurrences(local_day(at), _COMING_DAYS) if each.at >= at]
    return {
        "id": str(card.id),
        "kind": card.kind.value,
        "title": card.title,
        "about": card.about,
        "category": card.category,
        "group": {"name": card.group.name, "links": links("groups", card.group.slug)},
        "venue": card.venue or None,
        "postcode": card.postcode or None,
        "online": card.online or None,
        "cost": cost(card),
        "cost_words": card.cost_words or "Free",
        "timetable": card.timetable or None,
        "on": _iso(card.on_day),
        "starts": card.starts or None,
        "minutes": card.minutes or None,
        "next_times": [
            {"at": each.at.isoformat(), "cancelled": each.cancelled, "words": each.words}
            for each in coming[:_COMING_MAX]
        ],
        "for_whom": list(card.for_whom),
        "ages": ages(card.ages),
        "access": list(card.access),
        "languages": list(card.languages),
        "contact": card.contact or None,
        "checked_by": card.checked_words or None,
        "source": card.source_words or None,
        "last_confirmed": _day(card.confirmed_at),
        "links": links("activities", card.id),
    }


def group(card: GroupCard, listings: list[ListingCard]) -> Shape:
    """Return a group and what it runs."""
    return {
        "slug": card.slug,
        "name": card.name,
        "about": card.about,
        "postcode": card.postcode or None,
        "email": card.email or None,
        "telephone": card.phone or None,
        "website": card.website or None,
        "checked_by": card.checked_by or None,
        "source": card.source_words or None,
        "activities": [
            {
                "id": str(each.id),
                "title": each.title,
                "cost": cost(each),
                "links": links("activities", each.id),
            }
            for each in listings
        ],
        "links": links("groups", card.slug),
    }


def _day(at: datetime) -> str:
    return local_day(at).isoformat()


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
