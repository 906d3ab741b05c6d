"""Putting groups and entries into the catalogue as they are to be: for seeding and imports."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.community import rules
from marketplace.community.commands.days import keep_days
from marketplace.community.commands.keeping import (
    columns_of_timetable,
    note_group,
    note_listing,
    place_columns,
    set_columns,
)
from marketplace.community.models import Group, Listing
from marketplace.community.rules import (
    Break,
    GroupState,
    ListingKind,
    ListingState,
    Timetable,
    safe_link,
)
from marketplace.kernel.ages import ANY_AGE, Ages, ages
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PutGroup:
    """A group as it is to be."""

    slug: str
    name: str
    about: str
    postcode: str
    email: str
    council_id: UUID | None
    phone: str = ""
    website: str = ""
    source_words: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutListing:
    """An entry as it is to be. Without a kind it is an activity, or an event if it has a day."""

    group_id: UUID
    slug: str
    title: str
    category: str
    about: str
    venue: str
    postcode: str
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
    kind: ListingKind | None = None
    online: str = ""
    also_on: tuple[date, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    breaks: tuple[Break, ...] = ()
    not_bank_holidays: bool = False
    ages: Ages = ANY_AGE
    cost_known: bool = True
    source_words: str = ""
    source_url: str = ""

    @property
    def timetable(self) -> Timetable:
        """The days on which it takes place."""
        return Timetable(
            rule=self.rrule,
            on_day=self.on_day,
            also_on=self.also_on,
            first_on=self.first_on,
            last_on=self.last_on,
            breaks=self.breaks,
            not_bank_holidays=self.not_bank_holidays,
        )

    @property
    def kind_now(self) -> ListingKind:
        """The kind it is put in as."""
        if self.kind is not None:
            return self.kind
        return ListingKind.ACTIVITY if self.on_day is None else ListingKind.EVENT


def put_group(session: Session, wish: PutGroup, *, by_user_id: UUID | None, at: datetime) -> UUID:
    """Add a group that everybody may see, or change the one with this address part.

    Raises:
        BadEntryError: its website is no web address.
    """
    group = session.scalar(select(Group).where(Group.slug == wish.slug).with_for_update())
    if group is None:
        group = Group(id=uuid4(), made_at=at, changed_at=at, state=GroupState.SHOWN)
        session.add(group)
    columns = {**asdict(wish), **place_columns(wish.postcode), "website": safe_link(wish.website)}
    set_columns(group, {**columns, "changed_at": at})
    note_group(session, "group-put", group, by_user_id, at)
    return group.id


def put_listing(
    session: Session, wish: PutListing, *, by_user_id: UUID | None, at: datetime
) -> UUID:
    """Add an entry, or change the group's one with this address part.

    Raises:
        BadTimetableError: the rule or the time cannot be read.
        BadEntryError: the link is no web address.
        BadAgesError: these ages cannot be.
    """
    kind = wish.kind_now
    if wish.rrule:
        rules.read_rule(wish.rrule)
    if kind.has_times or wish.starts:
        rules.read_time(wish.starts)
    listing = session.scalar(
        select(Listing)
        .where(Listing.group_id == wish.group_id, Listing.slug == wish.slug)
        .with_for_update()
    )
    if listing is None:
        listing = Listing(id=uuid4(), made_at=at, sequence=0)
        session.add(listing)
    else:
        listing.sequence += 1
    columns: dict[str, Any] = {
        name: getattr(wish, name)
        for name in ("group_id", "slug", "title", "category", "about", "venue", "postcode")
    }
    columns |= {name: list(getattr(wish, name)) for name in ("for_whom", "access", "languages")}
    columns |= {"kind": kind, "cost": wish.cost, "cost_words": wish.cost_words}
    allowed = ages(wish.ages.youngest, wish.ages.oldest)
    columns |= {"youngest": allowed.youngest, "oldest": allowed.oldest}
    columns |= {"cost_known": wish.cost_known}
    columns |= {"source_words": wish.source_words, "source_url": wish.source_url}
    columns |= {"online": safe_link(wish.online), "contact": wish.contact}
    columns |= columns_of_timetable(wish.timetable, wish.starts, wish.minutes)
    columns |= {**place_columns(wish.postcode), "state": ListingState.OPEN}
    set_columns(listing, {**columns, "confirmed_at": at, "changed_at": at})
    keep_days(session, listing, at=at)
    note_listing(session, "listing-put", listing, by_user_id, at)
    return listing.id
