"""One day that is different: cancelled, moved, or as the timetable says after all."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Delete, delete
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.community import rules
from marketplace.community.commands.days import keep_days
from marketplace.community.commands.keeping import checked_text, listing_kept_by
from marketplace.community.errors import BadTimetableError
from marketplace.community.models import DateException, Listing
from marketplace.community.rules import LINE_LENGTH_MAX, Change
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import ask_to_index


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDate:
    """What is different on one day. Empty is as the timetable says."""

    listing_id: UUID
    on_day: date
    what: Change
    moved_on: date | None = None
    moved_starts: str = ""
    moved_venue: str = ""
    words: str = ""


def change_date(session: Session, wish: ChangeDate, *, by: Actor, at: datetime) -> None:
    """Cancel or move one time of an entry of one's group; the last word about a day counts.

    Raises:
        NotFoundError: it is not theirs, or it does not take place on that day.
        BadTimetableError: the day is over, or nothing is different.
        BadEntryError: the words are too long.
    """
    listing, _ = listing_kept_by(session, listing_id=wish.listing_id, by=by)
    if not listing.timetable.days(first=wish.on_day, days=1):
        raise NotFoundError
    today = local_day(at)
    if wish.on_day < today:
        raise BadTimetableError("That day is over.")
    values = _values(wish, listing, today)
    # Of two who do it at the same time the second waits for the group's row, and counts.
    session.execute(_without(wish.listing_id, wish.on_day))
    insert_once(session, DateException, {"id": uuid4(), "made_at": at, **values})
    _note(session, f"date-{wish.what}", listing, wish.on_day, by, at)


def undo_date(session: Session, *, listing_id: UUID, on_day: date, by: Actor, at: datetime) -> None:
    """Let one day be as the timetable says after all; twice changes nothing more.

    Raises:
        NotFoundError: the entry is not theirs.
    """
    listing, _ = listing_kept_by(session, listing_id=listing_id, by=by)
    undone = session.execute(_without(listing_id, on_day).returning(DateException.id)).first()
    if undone is not None:
        _note(session, "date-undone", listing, on_day, by, at)


def _without(listing_id: UUID, on_day: date) -> Delete:
    return delete(DateException).where(
        DateException.listing_id == listing_id, DateException.on_day == on_day
    )


def _values(wish: ChangeDate, listing: Listing, today: date) -> dict[str, object]:
    words = checked_text(wish.words, what="words", longest=LINE_LENGTH_MAX)
    moved: dict[str, object] = {"moved_on": None, "moved_starts": "", "moved_venue": ""}
    if wish.what is Change.MOVED:
        starts = rules.read_time(wish.moved_starts).strftime("%H:%M") if wish.moved_starts else ""
        venue = checked_text(wish.moved_venue, what="place", longest=LINE_LENGTH_MAX)
        moved = {
            "moved_on": wish.moved_on if wish.moved_on != wish.on_day else None,
            "moved_starts": starts if starts != listing.starts else "",
            "moved_venue": venue if venue != listing.venue else "",
        }
        if not any(moved.values()):
            raise BadTimetableError("Say what is different: the day, the time or the place.")
        if wish.moved_on is not None and wish.moved_on < today:
            raise BadTimetableError("It cannot move to a day that is over.")
    return {
        "listing_id": wish.listing_id,
        "on_day": wish.on_day,
        "what": wish.what,
        "words": words,
        **moved,
    }


def _note(
    session: Session, what: str, listing: Listing, on_day: date, by: Actor, at: datetime
) -> None:
    listing.changed_at = at
    listing.sequence += 1
    keep_days(session, listing, at=at)
    ask_to_index(session, kind="listing", subject_id=listing.id, at=at)
    record(
        session,
        what=what,
        chain_id=listing.group_id,
        subject_id=listing.id,
        by_user_id=by.user_id,
        at=at,
        details={"day": on_day.isoformat()},
    )
