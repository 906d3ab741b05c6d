"""What groups offer that may leave the market as open data: narrow rows, counted for each page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.community.models import Group, Listing
from marketplace.community.rules import (
    DROPPED_AFTER,
    GroupState,
    ListingKind,
    ListingState,
    Timetable,
)
from marketplace.kernel.clock import local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedListing:
    """One entry of a group, and what a feed can be asked about it."""

    id: UUID
    kind: ListingKind
    group_id: UUID
    category: str
    for_whom: tuple[str, ...]
    youngest: int | None
    oldest: int | None
    easting: int | None
    northing: int | None
    rrule: str
    on_day: date | None
    also_on: tuple[str, ...]
    starts: str
    minutes: int
    council_id: UUID | None
    changed_at: datetime
    words: str

    @property
    def weekdays(self) -> frozenset[str]:
        """The days of the week on which it takes place."""
        also_on = tuple(date.fromisoformat(each) for each in self.also_on)
        return Timetable(rule=self.rrule, on_day=self.on_day, also_on=also_on).weekdays


@dataclass(frozen=True, slots=True)
class PublishedGroup:
    """A group, whether it offers anything just now or not."""

    id: UUID
    name: str
    about: str
    council_id: UUID | None
    changed_at: datetime


_COLUMNS = (
    Listing.id,
    Listing.kind,
    Listing.group_id,
    Listing.category,
    Listing.for_whom,
    Listing.youngest,
    Listing.oldest,
    Listing.easting,
    Listing.northing,
    Listing.rrule,
    Listing.on_day,
    Listing.also_on,
    Listing.starts,
    Listing.minutes,
    Group.council_id,
    Listing.confirmed_at,
    Listing.changed_at,
)
_WORDS = (Listing.title, Listing.about, Listing.venue, Group.name)
_NAMES = tuple(name for name in PublishedListing.__slots__ if name not in {"changed_at", "words"})


def published_listings(
    session: Session,
    *,
    at: datetime,
    ids: Collection[UUID] | None = None,
    with_words: bool = False,
) -> list[PublishedListing]:
    """Return every entry that everybody may see, or of some ids those that they may."""
    columns: list[Any] = [*_COLUMNS, *(_WORDS if with_words else ())]
    rows = (
        select(*columns)
        .join(Group, Group.id == Listing.group_id)
        .where(
            Listing.state == ListingState.OPEN,
            Group.state == GroupState.SHOWN,
            Listing.confirmed_at >= at - DROPPED_AFTER,
            or_(Listing.on_day.is_(None), Listing.on_day >= local_day(at)),
            or_(Listing.last_on.is_(None), Listing.last_on >= local_day(at)),
        )
    )
    if ids is not None:
        rows = rows.where(Listing.id.in_(ids))
    return [_published(*row) for row in session.execute(rows)]


def published_groups(
    session: Session, *, at: datetime, ids: Collection[UUID] | None = None
) -> list[PublishedGroup]:
    """Return every group that everybody may see and of which anything is not out of date."""
    vouched = select(Listing.group_id).where(
        Listing.state == ListingState.OPEN, Listing.confirmed_at >= at - DROPPED_AFTER
    )
    rows = select(Group.id, Group.name, Group.about, Group.council_id, Group.changed_at).where(
        Group.state == GroupState.SHOWN,
        or_(Group.changed_at >= at - DROPPED_AFTER, Group.id.in_(vouched)),
    )
    if ids is not None:
        rows = rows.where(Group.id.in_(ids))
    return [PublishedGroup(*row) for row in session.execute(rows)]


def _published(*row: Any) -> PublishedListing:  # noqa: ANN401 - columns of many types
    values = dict(zip(_NAMES, row, strict=False))
    confirmed_at, changed_at, *words = row[len(_NAMES) :]
    values |= {"for_whom": tuple(values["for_whom"]), "also_on": tuple(values["also_on"])}
    return PublishedListing(
        **values, changed_at=max(confirmed_at, changed_at), words=" ".join(words)
    )
