"""What every command of the catalogue needs: whose it is, writing it down, telling the search."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.community.errors import BadEntryError
from marketplace.community.models import Group, Listing
from marketplace.community.queries.people import is_keeper, keepers_of
from marketplace.community.rules import ListingState, Timetable
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, ask_to_index, write_letter
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import find_point
from marketplace.places.rules import parse_postcode


def group_kept_by(session: Session, *, group_id: UUID, by: Actor) -> Group:
    """Return a group, locked, that somebody looks after.

    Raises:
        NotFoundError: there is none, or it is not theirs.
    """
    group = locked_group(session, group_id=group_id)
    if not is_keeper(session, group_id=group_id, user_id=by.user_id):
        raise NotFoundError
    return group


def locked_group(session: Session, *, group_id: UUID) -> Group:
    """Return a group, locked: everything about one group is done one after the other.

    Raises:
        NotFoundError: there is none.
    """
    group = session.get(Group, group_id, with_for_update=True, populate_existing=True)
    if group is None:
        raise NotFoundError
    return group


def listing_kept_by(session: Session, *, listing_id: UUID, by: Actor) -> tuple[Listing, Group]:
    """Return an entry and its group, locked, that somebody looks after.

    Raises:
        NotFoundError: there is none, or it is not theirs.
    """
    listing, group = locked_listing(session, listing_id=listing_id)
    if not is_keeper(session, group_id=group.id, user_id=by.user_id):
        raise NotFoundError
    return listing, group


def locked_listing(session: Session, *, listing_id: UUID) -> tuple[Listing, Group]:
    """Return an entry and its group, the group locked first.

    Raises:
        NotFoundError: there is none.
    """
    group_id = session.scalar(select(Listing.group_id).where(Listing.id == listing_id))
    if group_id is None:
        raise NotFoundError
    group = locked_group(session, group_id=group_id)
    listing = session.get_one(Listing, listing_id, with_for_update=True, populate_existing=True)
    return listing, group


def council_at(session: Session, *, postcode: str) -> UUID | None:
    """Return the council in whose area a postcode is, if it has a portal here."""
    try:
        district = parse_postcode(postcode).outcode
    except PlaceNotFoundError:
        return None
    there = (each.id for each in councils.councils(session) if district in each.districts)
    return next(there, None)


def set_columns(row: Group | Listing, columns: Mapping[str, object]) -> bool:
    """Write columns of a row, and tell whether any of them was different."""
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    return bool(changed)


def columns_of_timetable(timetable: Timetable, starts: str, minutes: int) -> dict[str, object]:
    """Return a timetable as the columns of an entry."""
    return {
        "rrule": timetable.rule,
        "on_day": timetable.on_day,
        "also_on": [each.isoformat() for each in timetable.also_on],
        "first_on": timetable.first_on,
        "last_on": timetable.last_on,
        "breaks": [[first.isoformat(), last.isoformat()] for first, last in timetable.breaks],
        "not_bank_holidays": timetable.not_bank_holidays,
        "starts": starts,
        "minutes": minutes if starts else 0,
    }


def place_columns(postcode: str) -> dict[str, object]:
    """Return where a postcode is, as the columns of a group or entry."""
    point = find_point(postcode) if postcode else None
    return {"easting": point and point.easting, "northing": point and point.northing}


def checked_text(text: str, *, what: str, longest: int, needed: bool = False) -> str:
    """Return text without the spaces around it.

    Raises:
        BadEntryError: it is too long, or missing.
    """
    tidy = text.strip()
    if needed and not tidy:
        raise BadEntryError(f"Enter the {what}.")
    if len(tidy) > longest:
        raise BadEntryError(f"The {what} may have at most {longest:,} characters.")
    return tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLetter:
    """What everybody who looks after a group is told."""

    key: str
    subject: str
    template: str
    values: Mapping[str, object]


def tell_keepers(session: Session, group: Group, letter: GroupLetter, *, at: datetime) -> None:
    """Write to everybody who looks after a group; to its own address if nobody does."""
    keepers = keepers_of(session, group_id=group.id)
    told = [(each.id, each.email, each.name) for each in keepers]
    for who, email, name in told or [(group.id, group.email, group.name)]:
        if email:
            written = WriteLetter(
                key=f"{letter.key}/{who}",
                to=email,
                subject=letter.subject,
                template=letter.template,
                values={"name": name, "group": group.name, "slug": group.slug, **letter.values},
            )
            write_letter(session, written, at=at)


def note_group(
    session: Session,
    what: str,
    group: Group,
    by_user_id: UUID | None,
    at: datetime,
    subject_id: UUID | None = None,
) -> None:
    """Write down a deed about a group, and tell the search of it and its entries."""
    session.flush()  # so that a new group is there before its entries are looked for
    ask_to_index(session, kind="group", subject_id=group.id, at=at)
    for listing_id in session.scalars(
        select(Listing.id).where(Listing.group_id == group.id, Listing.state == ListingState.OPEN)
    ):
        ask_to_index(session, kind="listing", subject_id=listing_id, at=at)
    record(
        session,
        what=what,
        chain_id=group.id,
        subject_id=subject_id or group.id,
        by_user_id=by_user_id,
        at=at,
    )


def note_listing(
    session: Session, what: str, listing: Listing, by_user_id: UUID | None, at: datetime
) -> None:
    """Write down a deed about an entry, and tell the search of it and its group."""
    ask_to_index(session, kind="listing", subject_id=listing.id, at=at)
    ask_to_index(session, kind="group", subject_id=listing.group_id, at=at)
    record(
        session,
        what=what,
        chain_id=listing.group_id,
        subject_id=listing.id,
        by_user_id=by_user_id,
        at=at,
    )
