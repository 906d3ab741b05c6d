"""Putting groups and what they run into the catalogue, and keeping them true."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit.commands import record
from marketplace.community import rules
from marketplace.community.models import Group, Listing
from marketplace.community.rules import ListingState
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.commands import ask_to_index
from marketplace.places.queries import find_point


@dataclass(frozen=True, slots=True, kw_only=True)
class PutGroup:
    """A group as it is to be."""

    slug: str
    name: str
    about: str
    postcode: str
    email: str
    council_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutListing:
    """An activity or event as it is to be: either a rule or a day."""

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


def put_group(session: Session, wish: PutGroup, *, by_user_id: UUID | None, at: datetime) -> UUID:
    """Add a group, or change the one with this address part; return its id."""
    group = session.scalar(select(Group).where(Group.slug == wish.slug).with_for_update())
    if group is None:
        group = Group(id=uuid4(), made_at=at)
        session.add(group)
    _set(group, {**asdict(wish), **_place(wish.postcode)})
    record(
        session,
        what="group-put",
        chain_id=group.id,
        subject_id=group.id,
        by_user_id=by_user_id,
        at=at,
    )
    return group.id


def put_listing(
    session: Session, wish: PutListing, *, by_user_id: UUID | None, at: datetime
) -> UUID:
    """Add an activity or event, or change the group's one with this address part.

    Raises:
        BadTimetableError: the rule or the time cannot be read.
    """
    if wish.rrule:
        rules.read_rule(wish.rrule)
    rules.read_time(wish.starts)
    listing = session.scalar(
        select(Listing)
        .where(Listing.group_id == wish.group_id, Listing.slug == wish.slug)
        .with_for_update()
    )
    if listing is None:
        listing = Listing(id=uuid4(), made_at=at)
        session.add(listing)
    columns = {**asdict(wish), **_place(wish.postcode), "cost": wish.cost}
    for name in ("for_whom", "access", "languages"):
        columns[name] = list(getattr(wish, name))
    _set(listing, {**columns, "state": ListingState.OPEN, "confirmed_at": at})
    _note(session, "listing-put", listing, by_user_id, at)
    return listing.id


def confirm_listing(
    session: Session, *, listing_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    """Say that everything in an entry is still right.

    Raises:
        NotFoundError: there is no such entry.
    """
    listing = _locked(session, listing_id)
    listing.confirmed_at = at
    _note(session, "listing-confirmed", listing, by_user_id, at)


def end_listing(
    session: Session, *, listing_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    """Say that something no longer takes place.

    Raises:
        NotFoundError: there is no such entry.
    """
    listing = _locked(session, listing_id)
    listing.state = ListingState.ENDED
    _note(session, "listing-ended", listing, by_user_id, at)


def _locked(session: Session, listing_id: UUID) -> Listing:
    listing = session.get(Listing, listing_id, with_for_update=True)
    if listing is None:
        raise NotFoundError
    return listing


def _set(row: Group | Listing, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _place(postcode: str) -> dict[str, object]:
    point = find_point(postcode)
    return {"easting": point and point.easting, "northing": point and point.northing}


def _note(
    session: Session, what: str, listing: Listing, by_user_id: UUID | None, at: datetime
) -> None:
    ask_to_index(session, kind="listing", subject_id=listing.id, at=at)
    record(
        session,
        what=what,
        chain_id=listing.group_id,
        subject_id=listing.id,
        by_user_id=by_user_id,
        at=at,
    )
