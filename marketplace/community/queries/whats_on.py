"""What takes place in the days to come."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from marketplace.community.models import ComingDay, Group, Listing
from marketplace.community.queries.cards import ListingCard, listing_cards, open_listings
from marketplace.community.queries.days import TIMED
from marketplace.community.rules import DROPPED_AFTER, GroupState, ListingState, Occurrence
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO
from marketplace.places.rules import Point, distance

DAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PAGE_SIZE = 50
"""So many times stand on a page."""
FEW = 200
"""So many times are read where nobody turns pages."""


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
    """A page of what is on as it was asked for, and how much there would be otherwise."""

    happenings: list[Happening]
    counts: Counts
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // PAGE_SIZE))


class _Sort(NamedTuple):
    """Times that are alike in every way one can narrow them down by, and how many there are."""

    day: date
    part: str
    free: bool
    category: str
    times: int


def whats_on(
    session: Session,
    *,
    at: datetime,
    days: int,
    council_id: UUID | None = None,
    cancelled: bool = False,
) -> list[Happening]:
    """Return the first of what takes place from now on within so many days, in order of time."""
    wanted = Wanted(council_id=council_id)
    found = happenings(session, wanted, first=local_day(at), days=days, at=at)
    return [each for each in found if cancelled or not each.occurrence.cancelled]


def happenings(  # noqa: PLR0913 - a span, and how much of it
    session: Session,
    wanted: Wanted,
    *,
    first: date,
    days: int,
    at: datetime,
    limit: int = FEW,
    offset: int = 0,
) -> list[Happening]:
    """Return some of what takes place, or was cancelled, from a day on; nothing that has begun."""
    rows = _in_span(
        select(ComingDay.listing_id, ComingDay.on_day, ComingDay.at), wanted, first, days, at
    )
    rows = rows.where(*_chosen(wanted, first, days))
    rows = rows.order_by(ComingDay.at, Listing.title, Listing.id).limit(limit).offset(offset)
    found = session.execute(rows).all()
    cards = {card.id: card for card in _cards(session, {row.listing_id for row in found})}
    return [
        _happening(cards[row.listing_id], row.on_day, row.at, wanted.near)
        for row in found
        if row.listing_id in cards
    ]


def whats_on_page(
    session: Session, wanted: Wanted, *, first: date, days: int, at: datetime, page: int = 1
) -> WhatsOnPage:
    """Return a page of what is on, counted for each choice with all the other choices kept."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _WAYS}
    total = 0
    for sort in _sorts(session, wanted, first, days, at):
        values = _values(sort)
        missed = [name for name in _WAYS if not _fits(name, values[name], wanted)]
        if not missed:
            total += sort.times
        for name in _WAYS:
            if values[name] and missed in ([], [name]):
                counts[name][values[name]] += sort.times
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    found = happenings(
        session,
        wanted,
        first=first,
        days=days,
        at=at,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return WhatsOnPage(found, counts, total, number)


def running(
    session: Session, wanted: Wanted, *, first: date, days: int, at: datetime
) -> list[ListingCard]:
    """Return the activities and events that may take place in some days, as they are wanted."""
    last = first + timedelta(days=days)
    soon = select(ComingDay.listing_id).where(ComingDay.day.between(first, last))
    rows = open_listings().where(
        *_of_everybody(wanted, at),
        or_(Listing.last_on.is_(None), Listing.last_on >= first),
        or_(Listing.on_day.is_(None), Listing.on_day.between(first, last), Listing.id.in_(soon)),
    )
    if wanted.categories:
        rows = rows.where(Listing.category.in_(wanted.categories))
    if wanted.free:
        rows = rows.where(_is_free())
    cards = listing_cards(session, rows.order_by(Listing.title, Listing.id))
    return [card for card in cards if _is_wanted(card, wanted)]


_WAYS = ("day", "part", "free", "category")
"""The ways to narrow it down."""


def _values(sort: _Sort) -> Mapping[str, str]:
    return MappingProxyType(
        {
            "day": DAY_CODES[sort.day.weekday()],
            "part": sort.part,
            "free": "yes" if sort.free else "",
            "category": sort.category,
        }
    )


def _fits(name: str, value: str, wanted: Wanted) -> bool:
    chosen = {
        "day": wanted.days,
        "part": wanted.parts,
        "free": frozenset({"yes"}) if wanted.free else frozenset(),
        "category": wanted.categories,
    }[name]
    return not chosen or value in chosen


def _sorts(
    session: Session, wanted: Wanted, first: date, days: int, at: datetime
) -> Sequence[_Sort]:
    free = _is_free().label("free")
    by = (ComingDay.day, ComingDay.part, free, Listing.category)
    rows = _in_span(select(*by, func.count()), wanted, first, days, at)
    return [_Sort(*row) for row in session.execute(rows.group_by(*by))]


def _in_span(
    rows: Select[*tuple[Any, ...]], wanted: Wanted, first: date, days: int, at: datetime
) -> Select[*tuple[Any, ...]]:
    """Return a statement about times with what counts for everybody who asks for this span."""
    return (
        rows.select_from(ComingDay)
        .join(Listing, Listing.id == ComingDay.listing_id)
        .join(Group, Group.id == Listing.group_id)
        .where(
            ComingDay.day.between(first, first + timedelta(days=days - 1)),
            ComingDay.at >= at,
            Listing.state == ListingState.OPEN,
            Group.state == GroupState.SHOWN,
            *_of_everybody(wanted, at),
        )
    )


def _of_everybody(wanted: Wanted, at: datetime) -> list[ColumnElement[bool]]:
    found = [Listing.kind.in_(TIMED), Listing.confirmed_at >= at - DROPPED_AFTER]
    if wanted.council_id is not None:
        found.append(or_(Group.council_id.is_(None), Group.council_id == wanted.council_id))
    if wanted.near is not None and wanted.within_metres is not None:
        found.append(_is_near(wanted.near, wanted.within_metres))
    return found


def _chosen(wanted: Wanted, first: date, days: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.days:
        span = (first + timedelta(days=number) for number in range(days))
        named = [each for each in span if DAY_CODES[each.weekday()] in wanted.days]
        found.append(ComingDay.day.in_(named))
    if wanted.parts:
        found.append(ComingDay.part.in_(wanted.parts))
    if wanted.categories:
        found.append(Listing.category.in_(wanted.categories))
    if wanted.free:
        found.append(_is_free())
    return found


def _is_free() -> ColumnElement[bool]:
    return and_(Listing.cost == ZERO, Listing.cost_known)


def _is_near(near: Point, metres: int) -> ColumnElement[bool]:
    east = cast(Listing.easting, BigInteger) - near.easting
    north = cast(Listing.northing, BigInteger) - near.northing
    # Distances are rounded down, so what is less than a metre too far counts.
    return and_(
        Listing.easting.between(near.easting - metres - 1, near.easting + metres + 1),
        Listing.northing.between(near.northing - metres - 1, near.northing + metres + 1),
        east * east + north * north < (metres + 1) ** 2,
    )


def _cards(session: Session, ids: Collection[UUID]) -> list[ListingCard]:
    return listing_cards(session, open_listings().where(Listing.id.in_(ids))) if ids else []


def _happening(card: ListingCard, on_day: date, at: datetime, near: Point | None) -> Happening:
    change = next((each for each in card.changes if each.on_day == on_day), None)
    return Happening(at, card, Occurrence(day=on_day, at=at, change=change), _metres(card, near))


def _is_wanted(card: ListingCard, wanted: Wanted) -> bool:
    if wanted.parts and card.part_of_day not in wanted.parts:
        return False
    return not wanted.days or bool(wanted.days & card.weekdays) or bool(card.changes)


def _metres(card: ListingCard, near: Point | None) -> int | None:
    if near is None or card.easting is None or card.northing is None:
        return None
    return distance(near, Point(card.easting, card.northing))
