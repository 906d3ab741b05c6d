"""Reading the community catalogue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace.community import rules
from marketplace.community.models import Group, Listing
from marketplace.community.rules import DROPPED_AFTER, Freshness, ListingState
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group as anyone may see it."""

    id: UUID
    slug: str
    name: str
    about: str
    postcode: str
    email: str
    council_id: UUID | None


@dataclass(frozen=True, slots=True)
class ListingCard:
    """An activity or event as anyone may see it."""

    id: UUID
    slug: str
    title: str
    category: str
    about: str
    venue: str
    postcode: str
    easting: int | None
    northing: int | None
    cost: Money
    cost_words: str
    for_whom: tuple[str, ...]
    access: tuple[str, ...]
    languages: tuple[str, ...]
    rrule: str
    on_day: date | None
    starts: str
    minutes: int
    contact: str
    confirmed_at: datetime
    group: GroupCard

    @property
    def is_event(self) -> bool:
        """Tell whether it takes place once only."""
        return not self.rrule

    @property
    def timetable(self) -> str:
        """When it takes place, in words; empty for a one-off."""
        return rules.timetable_words(self.rrule)

    @property
    def weekdays(self) -> frozenset[str]:
        """The days of the week on which it takes place."""
        return rules.weekdays_of(self.rrule, self.on_day)

    @property
    def part_of_day(self) -> str:
        """Morning, afternoon or evening."""
        return rules.part_of_day(rules.read_time(self.starts))

    def freshness(self, at: datetime) -> Freshness:
        """How far this can be trusted now."""
        return rules.freshness(self.confirmed_at, at)

    def next_start(self, at: datetime) -> datetime | None:
        """When it takes place next."""
        return rules.next_start(self.rrule, self.on_day, rules.read_time(self.starts), at=at)

    def starts_from(self, first: date, days: int) -> list[datetime]:
        """When it takes place within so many days."""
        starts = rules.read_time(self.starts)
        found = rules.days_of(self.rrule, self.on_day, first=first, days=days)
        return [rules.start_of(on, starts) for on in found]


@dataclass(frozen=True, slots=True)
class Happening:
    """One time at which something takes place."""

    at: datetime
    listing: ListingCard


def group_at(session: Session, *, slug: str) -> GroupCard:
    """Return the group with this address part.

    Raises:
        NotFoundError: there is none.
    """
    found = session.scalar(select(Group).where(Group.slug == slug))
    if found is None:
        raise NotFoundError
    return _group(found)


def listings_of(session: Session, *, group_id: UUID) -> list[ListingCard]:
    """Return what a group runs, by title."""
    rows = _open().where(Group.id == group_id).order_by(Listing.title, Listing.id)
    return _cards(session, rows)


def listing(session: Session, *, listing_id: UUID) -> ListingCard:
    """Return an activity or event.

    Raises:
        NotFoundError: there is none, or it no longer takes place.
    """
    found = _cards(session, _open().where(Listing.id == listing_id))
    if not found:
        raise NotFoundError
    return found[0]


def findable_listings(
    session: Session, *, ids: Collection[UUID] | None, at: datetime
) -> list[ListingCard]:
    """Return what search may show, of these or of all: still running, and confirmed in the year."""
    rows = _open().where(
        Listing.confirmed_at >= at - DROPPED_AFTER,
        or_(Listing.on_day.is_(None), Listing.on_day >= local_day(at)),
    )
    if ids is not None:
        rows = rows.where(Listing.id.in_(ids))
    return _cards(session, rows.order_by(Listing.id))


def whats_on(
    session: Session, *, at: datetime, days: int, council_id: UUID | None = None
) -> list[Happening]:
    """Return what takes place from now on within so many days, in order of time."""
    rows = _open().where(
        Listing.confirmed_at >= at - DROPPED_AFTER,
        or_(
            Listing.on_day.is_(None),
            Listing.on_day.between(local_day(at), local_day(at) + timedelta(days=days)),
        ),
    )
    if council_id is not None:
        rows = rows.where(or_(Group.council_id.is_(None), Group.council_id == council_id))
    happenings = [
        Happening(start, card)
        for card in _cards(session, rows)
        for start in card.starts_from(local_day(at), days)
        if start >= at
    ]
    return sorted(happenings, key=lambda each: (each.at, each.listing.title, each.listing.id))


def _open() -> Select[Listing, Group]:
    return (
        select(Listing, Group)
        .join(Group, Group.id == Listing.group_id)
        .where(Listing.state == ListingState.OPEN)
    )


def _cards(session: Session, rows: Select[Listing, Group]) -> list[ListingCard]:
    return [_card(found, group) for found, group in session.execute(rows)]


def _group(found: Group) -> GroupCard:
    return GroupCard(*(getattr(found, name) for name in GroupCard.__slots__))


def _card(found: Listing, group: Group) -> ListingCard:
    columns: dict[str, Any] = {
        name: getattr(found, name) for name in ListingCard.__slots__ if name != "group"
    }
    for name in ("for_whom", "access", "languages"):
        columns[name] = tuple(columns[name])
    return ListingCard(**columns, group=_group(group))
