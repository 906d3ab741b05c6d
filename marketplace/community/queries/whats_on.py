"""What takes place in the days to come."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import Session

from marketplace.community.models import Group, Listing
from marketplace.community.queries.cards import ListingCard, listing_cards, open_listings
from marketplace.community.rules import DROPPED_AFTER, ListingKind, Occurrence, part_of_day
from marketplace.kernel.clock import LONDON, local_day
from marketplace.kernel.money import ZERO
from marketplace.places.rules import Point, distance


@dataclass(frozen=True, slots=True)
class Happening:
    """One time at which something takes place, or was to."""

    at: datetime
    listing: ListingCard
    occurrence: Occurrence
    metres: int | None = None
    """How far it is from where one asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to know of: nothing chosen is everything."""

    days: frozenset[str] = frozenset()
    """Days of the week: ``mon`` … ``sun``."""
    parts: frozenset[str] = frozenset()
    """Parts of the day: morning, afternoon, evening."""
    categories: frozenset[str] = frozenset()
    free: bool = False
    near: Point | None = None
    within_metres: int | None = None
    council_id: UUID | None = None
    """Of this council's portal, and what is shown in all of them."""


EVERYTHING = Wanted()

Counts = Mapping[str, Mapping[str, int]]
"""How much there is for each value of each way to narrow it down."""


@dataclass(frozen=True, slots=True)
class WhatsOnPage:
    """What is on as it was asked for, and how much there would be with other choices."""

    happenings: list[Happening]
    counts: Counts


def whats_on(
    session: Session,
    *,
    at: datetime,
    days: int,
    council_id: UUID | None = None,
    cancelled: bool = False,
) -> list[Happening]:
    """Return what takes place from now on within so many days, in order of time."""
    wanted = Wanted(council_id=council_id)
    found = happenings(session, wanted, first=local_day(at), days=days, at=at)
    return [each for each in found if cancelled or not each.occurrence.cancelled]


def happenings(
    session: Session, wanted: Wanted, *, first: date, days: int, at: datetime
) -> list[Happening]:
    """Return what takes place, or was cancelled, from a day on, but nothing that has begun."""
    found = [
        Happening(each.at, card, each, _metres(card, wanted.near))
        for card in running(session, wanted, first=first, days=days, at=at)
        for each in card.occurrences(first, days)
        if each.at >= at and _on_wanted_day(each, wanted)
    ]
    return sorted(found, key=lambda each: (each.at, each.listing.title, each.listing.id))


def whats_on_page(
    session: Session, wanted: Wanted, *, first: date, days: int, at: datetime
) -> WhatsOnPage:
    """Return what is on, counted for each choice with all the other choices kept."""
    everywhere = Wanted(
        near=wanted.near, within_metres=wanted.within_metres, council_id=wanted.council_id
    )
    found = happenings(session, everywhere, first=first, days=days, at=at)
    counts: dict[str, Counter[str]] = {name: Counter() for name in _WAYS}
    kept = []
    for each in found:
        values = {name: way(each) for name, way in _WAYS.items()}
        missed = [name for name in _WAYS if not _fits(name, values[name], wanted)]
        if not missed:
            kept.append(each)
        for name in _WAYS:
            if values[name] and missed in ([], [name]):
                counts[name][values[name]] += 1
    return WhatsOnPage(kept, counts)


def running(
    session: Session, wanted: Wanted, *, first: date, days: int, at: datetime
) -> list[ListingCard]:
    """Return the activities and events that may take place in some days, as they are wanted."""
    last = first + timedelta(days=days)
    rows = open_listings().where(
        Listing.kind.in_([ListingKind.ACTIVITY, ListingKind.EVENT]),
        Listing.confirmed_at >= at - DROPPED_AFTER,
        or_(Listing.last_on.is_(None), Listing.last_on >= first),
    )
    if wanted.council_id is not None:
        rows = rows.where(or_(Group.council_id.is_(None), Group.council_id == wanted.council_id))
    if wanted.categories:
        rows = rows.where(Listing.category.in_(wanted.categories))
    if wanted.free:
        rows = rows.where(Listing.cost == ZERO, Listing.cost_known)
    cards = listing_cards(session, rows.order_by(Listing.title, Listing.id))
    return [card for card in cards if _is_wanted(card, wanted) and _may_be_on(card, first, last)]


_WAYS: Mapping[str, Callable[[Happening], str]] = MappingProxyType(
    {
        "day": lambda each: f"{local_day(each.at):%a}".lower(),
        "part": lambda each: part_of_day(each.at.astimezone(LONDON).time()),
        "free": lambda each: "yes" if each.listing.is_free else "",
        "category": lambda each: each.listing.category,
    }
)
"""The ways to narrow it down, and the value of each that something has."""


def _fits(name: str, value: str, wanted: Wanted) -> bool:
    chosen = {
        "day": wanted.days,
        "part": wanted.parts,
        "free": frozenset({"yes"}) if wanted.free else frozenset(),
        "category": wanted.categories,
    }[name]
    return not chosen or value in chosen


def _may_be_on(card: ListingCard, first: date, last: date) -> bool:
    if card.on_day is None or any(first <= each.day_now <= last for each in card.changes):
        return True
    return first <= card.on_day <= last


def _is_wanted(card: ListingCard, wanted: Wanted) -> bool:
    if wanted.parts and card.part_of_day not in wanted.parts:
        return False
    if wanted.days and not wanted.days & card.weekdays and not card.changes:
        return False
    if wanted.near is None or wanted.within_metres is None:
        return True
    metres = _metres(card, wanted.near)
    return metres is not None and metres <= wanted.within_metres


def _on_wanted_day(each: Occurrence, wanted: Wanted) -> bool:
    return not wanted.days or f"{local_day(each.at):%a}".lower() in wanted.days


def _metres(card: ListingCard, near: Point | None) -> int | None:
    if near is None or card.easting is None or card.northing is None:
        return None
    return distance(near, Point(card.easting, card.northing))
