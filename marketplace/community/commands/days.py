"""Writing down on which days entries take place, some way ahead, so that pages need not count."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from marketplace.community import rules
from marketplace.community.models import ComingDay, DateException, Listing
from marketplace.community.queries.cards import changes_of
from marketplace.community.queries.days import DAYS_AHEAD, days_are_due
from marketplace.community.rules import DateChange, ListingState
from marketplace.kernel.clock import LONDON, local_day

AT_ONCE = 500
"""So many entries are seen to in one transaction."""


def keep_days(session: Session, listing: Listing, *, at: datetime) -> None:
    """Write down the coming days of an entry anew; ask for it after anything of them changed."""
    session.flush()  # the days name the entry's row
    rows = select(DateException).where(DateException.listing_id == listing.id)
    _keep(session, listing, changes_of(session.scalars(rows)), at)


def keep_days_ahead(session: Session, *, at: datetime) -> int:
    """Write down more days of the entries that run out of them; return how many entries."""
    rows = select(Listing).where(days_are_due(at)).order_by(Listing.days_until, Listing.id)
    due = session.scalars(rows.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    changes: dict[object, list[DateException]] = {}
    told = select(DateException).where(DateException.listing_id.in_([each.id for each in due]))
    for change in session.scalars(told):
        changes.setdefault(change.listing_id, []).append(change)
    for listing in due:
        _keep(session, listing, changes_of(changes.get(listing.id, ())), at)
    session.execute(delete(ComingDay).where(ComingDay.day < local_day(at)))
    return len(due)


def _keep(session: Session, listing: Listing, changes: Iterable[DateChange], at: datetime) -> None:
    today = local_day(at)
    session.execute(delete(ComingDay).where(ComingDay.listing_id == listing.id))
    listing.days_until = today + timedelta(days=DAYS_AHEAD - 1)
    if not listing.kind.has_times or listing.state is not ListingState.OPEN:
        return
    found = rules.occurrences(
        listing.timetable,
        rules.read_time(listing.starts),
        tuple(changes),
        first=today,
        days=DAYS_AHEAD,
    )
    if not found:
        return
    session.execute(
        insert(ComingDay),
        [
            {
                "id": uuid4(),
                "listing_id": listing.id,
                "on_day": each.day,
                "at": each.at,
                "day": local_day(each.at),
                "part": rules.part_of_day(each.at.astimezone(LONDON).time()),
                "cancelled": each.cancelled,
            }
            for each in found
        ],
    )
