"""Adding, changing, ending and confirming the entries of one's group."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.community import rules
from marketplace.community.commands.days import keep_days
from marketplace.community.commands.keeping import (
    checked_text,
    columns_of_timetable,
    group_kept_by,
    listing_kept_by,
    locked_listing,
    note_listing,
    place_columns,
    set_columns,
)
from marketplace.community.errors import BadEntryError, BadTimetableError, WrongStateError
from marketplace.community.models import Group, Listing
from marketplace.community.queries.people import partner_of
from marketplace.community.rules import (
    LINE_LENGTH_MAX,
    LISTINGS_MAX,
    LOOK_AHEAD_DAYS_MAX,
    NAME_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    GroupState,
    ListingKind,
    ListingState,
    Timetable,
    listing_slug,
    safe_link,
)
from marketplace.kernel.ages import ANY_AGE, Ages, ages
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money

_DAY_MINUTES = 24 * 60
_TIMES = ("rrule", "on_day", "also_on", "first_on", "last_on", "breaks", "not_bank_holidays")
_WHEN_AND_WHERE = (*_TIMES, "starts", "minutes", "venue", "postcode", "online")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteListing:
    """An entry as its keeper writes it."""

    listing_id: UUID
    kind: ListingKind
    title: str
    category: str
    about: str
    venue: str = ""
    postcode: str = ""
    online: str = ""
    cost: Money = ZERO
    cost_words: str = ""
    cost_known: bool = True
    for_whom: tuple[str, ...] = ()
    ages: Ages = ANY_AGE
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    timetable: Timetable = field(default_factory=Timetable)
    starts: str = ""
    minutes: int = 0
    contact: str = ""


def add_listing(
    session: Session, wish: WriteListing, *, group_id: UUID, by: Actor, at: datetime
) -> UUID:
    """Add an entry to one's group; sent twice it is one entry.

    Raises:
        NotFoundError: the group is not theirs.
        WrongStateError: the group is closed.
        BadEntryError: something is missing or too long.
        BadTimetableError: it never takes place.
        BadAgesError: these ages cannot be.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    if group.state is GroupState.CLOSED:
        raise WrongStateError("This group is closed. Open it again first.")
    earlier = session.get(Listing, wish.listing_id)
    if earlier is not None:
        if earlier.group_id != group_id:
            raise NotFoundError
        return earlier.id
    count = session.scalar(select(func.count()).where(Listing.group_id == group_id)) or 0
    if count >= LISTINGS_MAX:
        raise BadEntryError(f"A group can have {LISTINGS_MAX} entries.")
    listing = Listing(
        id=wish.listing_id,
        group_id=group_id,
        slug=f"{listing_slug(wish.title)}-{wish.listing_id.hex[:8]}",
        state=ListingState.OPEN,
        made_at=at,
        confirmed_at=at,
        changed_at=at,
        **_columns(wish, at),
    )
    _mark(session, listing, group, by, at)
    session.add(listing)
    keep_days(session, listing, at=at)
    note_listing(session, "listing-added", listing, by.user_id, at)
    return listing.id


def change_listing(session: Session, wish: WriteListing, *, by: Actor, at: datetime) -> None:
    """Change an entry of one's group. Whoever changes it has looked at it: it is confirmed too.

    Raises:
        NotFoundError: it is not theirs.
        BadEntryError: something is missing or too long.
        BadTimetableError: it never takes place.
        BadAgesError: these ages cannot be.
    """
    listing, group = listing_kept_by(session, listing_id=wish.listing_id, by=by)
    columns = _columns(wish, at)
    if any(getattr(listing, name) != columns[name] for name in _WHEN_AND_WHERE):
        listing.sequence += 1
    if set_columns(listing, columns):
        listing.changed_at = at
        _mark(session, listing, group, by, at)
    listing.confirmed_at, listing.state = at, ListingState.OPEN
    keep_days(session, listing, at=at)
    note_listing(session, "listing-changed", listing, by.user_id, at)


def end_own_listing(session: Session, *, listing_id: UUID, by: Actor, at: datetime) -> None:
    """Say that an entry of one's group no longer counts.

    Raises:
        NotFoundError: it is not theirs.
    """
    listing, _ = listing_kept_by(session, listing_id=listing_id, by=by)
    _end(session, listing, by.user_id, at)


def bring_back(session: Session, *, listing_id: UUID, by: Actor, at: datetime) -> None:
    """Put an entry of one's group that had ended back, as it was.

    Raises:
        NotFoundError: it is not theirs.
    """
    listing, _ = listing_kept_by(session, listing_id=listing_id, by=by)
    if listing.state is ListingState.OPEN:
        return
    listing.state = ListingState.OPEN
    listing.confirmed_at = listing.changed_at = at
    keep_days(session, listing, at=at)
    note_listing(session, "listing-brought-back", listing, by.user_id, at)


def confirm_own_listing(session: Session, *, listing_id: UUID, by: Actor, at: datetime) -> None:
    """Say that everything in an entry of one's group is still right.

    Raises:
        NotFoundError: it is not theirs.
    """
    listing, _ = listing_kept_by(session, listing_id=listing_id, by=by)
    _confirm(session, listing, by.user_id, at)


def confirm_all(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> int:
    """Say that everything in all entries of one's group is still right; return how many.

    Raises:
        NotFoundError: it is not theirs.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    return confirm_entries(session, group, by_user_id=by.user_id, at=at)


def confirm_entries(
    session: Session, group: Group, *, by_user_id: UUID | None, at: datetime
) -> int:
    """Confirm every open entry of a group that is locked; return how many."""
    rows = select(Listing).where(Listing.group_id == group.id, Listing.state == ListingState.OPEN)
    found = list(session.scalars(rows.order_by(Listing.id).with_for_update()))
    for listing in found:
        _confirm(session, listing, by_user_id, at)
    return len(found)


def confirm_listing(
    session: Session, *, listing_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    """Say, as the catalogue itself, that everything in an entry is still right.

    Raises:
        NotFoundError: there is no such entry.
    """
    listing, _ = locked_listing(session, listing_id=listing_id)
    _confirm(session, listing, by_user_id, at)


def end_listing(
    session: Session, *, listing_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    """Say, as the catalogue itself, that something no longer takes place.

    Raises:
        NotFoundError: there is no such entry.
    """
    listing, _ = locked_listing(session, listing_id=listing_id)
    _end(session, listing, by_user_id, at)


def _confirm(session: Session, listing: Listing, by_user_id: UUID | None, at: datetime) -> None:
    listing.confirmed_at = at
    note_listing(session, "listing-confirmed", listing, by_user_id, at)


def _end(session: Session, listing: Listing, by_user_id: UUID | None, at: datetime) -> None:
    if listing.state is ListingState.ENDED:
        return
    listing.state, listing.changed_at = ListingState.ENDED, at
    note_listing(session, "listing-ended", listing, by_user_id, at)


def _mark(session: Session, listing: Listing, group: Group, by: Actor, at: datetime) -> None:
    """Let a mark speak of what was there on its day, not of what came after."""
    partner = partner_of(session, group, user_id=by.user_id)
    listing.checked_by, listing.checked_at = (partner.name, at) if partner else ("", None)


def _columns(wish: WriteListing, at: datetime) -> dict[str, Any]:
    _check_place(wish)
    _check_times(wish, at)
    allowed = ages(wish.ages.youngest, wish.ages.oldest)
    columns: dict[str, Any] = {
        "kind": wish.kind,
        "title": checked_text(wish.title, what="title", longest=NAME_LENGTH_MAX, needed=True),
        "category": wish.category,
        "about": checked_text(wish.about, what="words", longest=TEXT_LENGTH_MAX, needed=True),
        "venue": checked_text(wish.venue, what="place", longest=LINE_LENGTH_MAX),
        "postcode": wish.postcode.strip().upper(),
        "online": safe_link(wish.online),
        "youngest": allowed.youngest,
        "oldest": allowed.oldest,
        "cost": wish.cost,
        "cost_known": wish.cost_known,
        "cost_words": checked_text(
            wish.cost_words, what="words about the cost", longest=LINE_LENGTH_MAX
        ),
        "contact": checked_text(wish.contact, what="contact", longest=LINE_LENGTH_MAX),
        **place_columns(wish.postcode),
        **columns_of_timetable(wish.timetable, wish.starts, wish.minutes),
    }
    columns |= {name: list(getattr(wish, name)) for name in ("for_whom", "access", "languages")}
    return columns


def _check_place(wish: WriteListing) -> None:
    if wish.kind.has_times and not (wish.venue.strip() or wish.online.strip()):
        raise BadEntryError("Say where it takes place, or give a link if it is online.")


def _check_times(wish: WriteListing, at: datetime) -> None:
    if not wish.kind.has_times:
        return
    rules.read_time(wish.starts)
    if not 0 < wish.minutes <= _DAY_MINUTES:
        raise BadTimetableError("It has to end after it starts.")
    if wish.timetable.rule:
        rules.read_rule(wish.timetable.rule)
    today = local_day(at)
    if wish.kind is ListingKind.EVENT:
        if wish.timetable.on_day is None:
            raise BadTimetableError("Enter the day of the event.")
        if wish.timetable.on_day < today:
            raise BadTimetableError("That day is over. Enter a day from today on.")
    elif not wish.timetable.days(first=today, days=LOOK_AHEAD_DAYS_MAX):
        raise BadTimetableError(
            "With these days it does not take place in the coming year. Look at them again."
        )
