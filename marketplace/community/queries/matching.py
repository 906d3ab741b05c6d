"""Groups and entries as far as it takes to recognise them in another catalogue, in any state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.community.models import Group, Keeper, Listing
from marketplace.community.rules import GroupState, ListingKind, ListingState
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupToMatch:
    """A group, shown or not, looked after or not."""

    id: UUID
    slug: str
    name: str
    about: str
    postcode: str
    email: str
    phone: str
    website: str
    council_id: UUID | None
    source_words: str
    source_url: str
    is_open: bool
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingToMatch:
    """An entry of a group, whether it still takes place or not."""

    id: UUID
    group_id: UUID
    slug: str
    kind: ListingKind
    title: str
    category: str
    about: str
    venue: str
    postcode: str
    online: str
    cost: Money
    cost_words: str
    cost_known: bool
    for_whom: list[str]
    youngest: int | None
    oldest: int | None
    access: list[str]
    languages: list[str]
    rrule: str
    on_day: date | None
    first_on: date | None
    last_on: date | None
    starts: str
    minutes: int
    contact: str
    also_on: list[str]
    breaks: list[list[str]]
    not_bank_holidays: bool
    source_words: str
    source_url: str
    confirmed_at: datetime
    is_open: bool


def groups_to_match(session: Session, *, ids: Collection[UUID] | None = None) -> list[GroupToMatch]:
    """Return every group there is, or those of some ids."""
    kept = set(session.scalars(select(Keeper.group_id).where(Keeper.ended_at.is_(None))))
    plain = [name for name in GroupToMatch.__slots__ if name not in {"is_open", "is_kept"}]
    rows = select(*(getattr(Group, name) for name in plain), Group.state)
    if ids is not None:
        rows = rows.where(Group.id.in_(ids))
    return [
        GroupToMatch(
            **{name: getattr(row, name) for name in plain},
            is_open=row.state in {GroupState.SHOWN, GroupState.WAITING},
            is_kept=row.id in kept,
        )
        for row in session.execute(rows)
    ]


def listings_to_match(
    session: Session, *, ids: Collection[UUID] | None = None
) -> list[ListingToMatch]:
    """Return every entry there is, or those of some ids."""
    plain = [name for name in ListingToMatch.__slots__ if name != "is_open"]
    rows = select(*(getattr(Listing, name) for name in plain), Listing.state)
    if ids is not None:
        rows = rows.where(Listing.id.in_(ids))
    return [
        ListingToMatch(
            **{name: getattr(row, name) for name in plain},
            is_open=row.state is ListingState.OPEN,
        )
        for row in session.execute(rows)
    ]
