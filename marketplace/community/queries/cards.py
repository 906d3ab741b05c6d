"""Groups and entries as anyone may see them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.community import rules
from marketplace.community.models import DateException, Group, Listing
from marketplace.community.rules import (
    DROPPED_AFTER,
    LOOK_AHEAD_DAYS_MAX,
    DateChange,
    Freshness,
    GroupState,
    HidingRule,
    ListingKind,
    ListingState,
    Occurrence,
    Timetable,
    cost_more,
)
from marketplace.kernel.ages import Ages
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money

_MIDDAY = time(12)


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
    easting: int | None
    northing: int | None
    phone: str
    website: str
    state: GroupState
    hidden_by_rule: HidingRule | None
    reason: str
    checked_by: str
    checked_at: datetime | None
    made_at: datetime
    changed_at: datetime
    source_words: str
    """The other catalogue it was taken over from, with its licence; empty if none."""
    source_url: str

    @property
    def is_shown(self) -> bool:
        """Tell whether everybody may see it."""
        return self.state is GroupState.SHOWN


@dataclass(frozen=True, slots=True)
class ListingCard:
    """An entry as anyone may see it: an activity, an event, advice, volunteering, a time bank."""

    id: UUID
    slug: str
    kind: ListingKind
    title: str
    category: str
    about: str
    venue: str
    postcode: str
    easting: int | None
    northing: int | None
    online: str
    cost: Money
    cost_words: str
    cost_known: bool
    """False: the catalogue it comes from does not say what it costs."""
    for_whom: tuple[str, ...]
    ages: Ages
    access: tuple[str, ...]
    languages: tuple[str, ...]
    rrule: str
    on_day: date | None
    starts: str
    minutes: int
    contact: str
    state: ListingState
    made_at: datetime
    confirmed_at: datetime
    changed_at: datetime
    sequence: int
    source_words: str
    """The other catalogue it was taken over from, with its licence; empty if none."""
    source_url: str
    checked_by: str
    checked_at: datetime | None
    schedule: Timetable
    """The days on which it takes place."""
    group: GroupCard
    changes: tuple[DateChange, ...] = ()
    """Days on which it was cancelled or moved."""

    @property
    def is_event(self) -> bool:
        """Tell whether it takes place once only."""
        return self.kind is ListingKind.EVENT

    @property
    def known_cost(self) -> Money | None:
        """What it costs, if anybody says it."""
        return self.cost if self.cost_known else None

    @property
    def cost_more(self) -> str:
        """What is said of the cost beside the amount."""
        return cost_more(self.cost_words, self.cost)

    @property
    def is_free(self) -> bool:
        """Tell whether it is known to cost nothing."""
        return self.cost_known and not self.cost

    @property
    def has_times(self) -> bool:
        """Tell whether it takes place at certain times."""
        return self.kind.has_times

    @property
    def timetable(self) -> str:
        """When it takes place, in words; empty for a one-off."""
        return self.schedule.words

    @property
    def weekdays(self) -> frozenset[str]:
        """The days of the week on which it takes place."""
        return self.schedule.weekdays

    @property
    def starts_at(self) -> time:
        """The local time at which it starts; midday for what has none."""
        return rules.read_time(self.starts) if self.starts else _MIDDAY

    @property
    def part_of_day(self) -> str:
        """Morning, afternoon or evening; empty for what has no time."""
        return rules.part_of_day(self.starts_at) if self.starts else ""

    @property
    def checked_words(self) -> str:
        """The trusted partner that looked at it, or at its group; empty if none did."""
        return self.checked_by or self.group.checked_by

    @property
    def checked_on(self) -> datetime | None:
        """When a trusted partner looked."""
        return self.checked_at if self.checked_by else self.group.checked_at

    def freshness(self, at: datetime) -> Freshness:
        """How far this can be trusted now."""
        return rules.freshness(self.confirmed_at, at)

    def occurrences(self, first: date, days: int) -> list[Occurrence]:
        """When it takes place, or was to, from a day on within so many days."""
        if not self.has_times:
            return []
        return rules.occurrences(
            self.schedule, self.starts_at, self.changes, first=first, days=days
        )

    def next_start(self, at: datetime) -> datetime | None:
        """When it takes place next, if it does within the look-ahead."""
        coming = self.starts_from(local_day(at), LOOK_AHEAD_DAYS_MAX)
        return next((start for start in coming if start >= at), None)

    def starts_from(self, first: date, days: int) -> list[datetime]:
        """When it takes place within so many days; what was cancelled is left out."""
        return [each.at for each in self.occurrences(first, days) if not each.cancelled]


@dataclass(frozen=True, slots=True)
class FindableGroup:
    """A group as search shows it."""

    card: GroupCard
    category: str
    """Of most of its entries; empty if it has none."""
    titles: tuple[str, ...]
    for_whom: frozenset[str]
    ages: frozenset[str]
    """Bands of age for whom there is anything."""
    access: frozenset[str]
    languages: frozenset[str]
    vouched_at: datetime
    """When somebody last said that any of this is right."""

    def freshness(self, at: datetime) -> Freshness:
        """How far this can be trusted now."""
        return rules.freshness(self.vouched_at, at)


def group_at(session: Session, *, slug: str) -> GroupCard:
    """Return the group with this address part that everybody may see.

    Raises:
        NotFoundError: there is none.
    """
    found = session.scalar(select(Group).where(Group.slug == slug, Group.state == GroupState.SHOWN))
    if found is None:
        raise NotFoundError
    return group_card(found)


def groups_by_id(session: Session, *, ids: Collection[UUID]) -> list[GroupCard]:
    """Return those of some groups that everybody may see."""
    rows = select(Group).where(Group.id.in_(ids), Group.state == GroupState.SHOWN)
    return [group_card(found) for found in session.scalars(rows)]


def listings_of(session: Session, *, group_id: UUID) -> list[ListingCard]:
    """Return what a group offers, by title."""
    rows = open_listings().where(Group.id == group_id)
    return listing_cards(session, rows.order_by(Listing.title, Listing.id))


def listing(session: Session, *, listing_id: UUID) -> ListingCard:
    """Return an entry.

    Raises:
        NotFoundError: there is none, it has ended, or its group is not shown.
    """
    found = listing_cards(session, open_listings().where(Listing.id == listing_id))
    if not found:
        raise NotFoundError
    return found[0]


def findable_listings(
    session: Session, *, ids: Collection[UUID] | None, at: datetime
) -> list[ListingCard]:
    """Return what search may show, of these or of all: still running, and confirmed in the year."""
    rows = open_listings().where(is_findable(at))
    if ids is not None:
        rows = rows.where(Listing.id.in_(ids))
    return listing_cards(session, rows.order_by(Listing.id))


def is_findable(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an entry is still running, and confirmed in the year."""
    return and_(
        Listing.confirmed_at >= at - DROPPED_AFTER,
        or_(Listing.on_day.is_(None), Listing.on_day >= local_day(at)),
        or_(Listing.last_on.is_(None), Listing.last_on >= local_day(at)),
    )


def findable_groups(
    session: Session, *, ids: Collection[UUID] | None, at: datetime
) -> list[FindableGroup]:
    """Return the groups that search may show, of these or of all, each with what it offers."""
    rows: Select[*tuple[Any, ...]] = (
        select(Group, Listing)
        .outerjoin(Listing, (Listing.group_id == Group.id) & (Listing.state == ListingState.OPEN))
        .where(Group.state == GroupState.SHOWN)
        .order_by(Group.id, Listing.title, Listing.id)
    )
    if ids is not None:
        rows = rows.where(Group.id.in_(ids))
    offers: dict[UUID, list[Listing]] = {}
    groups: dict[UUID, Group] = {}
    for group, found in session.execute(rows):
        groups[group.id] = group
        offers.setdefault(group.id, []).extend([found] if found is not None else [])
    found_groups = (findable_group(groups[id_], offers[id_]) for id_ in groups)
    return [each for each in found_groups if each.freshness(at) is not Freshness.DROPPED]


def open_listings() -> Select[*tuple[Any, ...]]:
    """Return the statement that finds the entries everybody may see."""
    return all_listings().where(Listing.state == ListingState.OPEN, Group.state == GroupState.SHOWN)


def all_listings() -> Select[*tuple[Any, ...]]:
    """Return the statement that finds entries, with their groups and changed days."""
    return (
        select(Listing, Group, DateException)
        .join(Group, Group.id == Listing.group_id)
        .outerjoin(DateException, DateException.listing_id == Listing.id)
    )


def listing_cards(session: Session, rows: Select[*tuple[Any, ...]]) -> list[ListingCard]:
    """Return the entries of a statement in its order, each once, with its changed days."""
    found: dict[UUID, tuple[Listing, Group]] = {}
    changes: dict[UUID, list[DateException]] = {}
    for one, group, change in session.execute(rows):
        found[one.id] = (one, group)
        changes.setdefault(one.id, []).extend([change] if change is not None else [])
    return [listing_card(one, group, changes[one.id]) for one, group in found.values()]


def group_card(found: Group) -> GroupCard:
    """Return a group as pages show it."""
    return GroupCard(*(getattr(found, name) for name in GroupCard.__slots__))


def findable_group(group: Group, offers: Collection[Listing]) -> FindableGroup:
    """Return a group with what it offers, as search shows it."""
    categories = [each.category for each in offers]
    return FindableGroup(
        card=group_card(group),
        category=max(sorted(set(categories)), key=categories.count, default=""),
        titles=tuple(each.title for each in offers),
        for_whom=frozenset().union(*(each.for_whom for each in offers)),
        ages=frozenset().union(*(each.ages.bands for each in offers)),
        access=frozenset().union(*(each.access for each in offers)),
        languages=frozenset().union(*(each.languages for each in offers)),
        vouched_at=max([group.changed_at, *(each.confirmed_at for each in offers)]),
    )


_LISTS = ("for_whom", "access", "languages")
_MADE = {"schedule", "group", "changes", *_LISTS}


def listing_card(found: Listing, group: Group, changes: list[DateException]) -> ListingCard:
    """Return an entry as anyone may see it."""
    columns: dict[str, Any] = {
        name: getattr(found, name) for name in ListingCard.__slots__ if name not in _MADE
    }
    for name in _LISTS:
        columns[name] = tuple(getattr(found, name))
    return ListingCard(
        **columns,
        schedule=found.timetable,
        group=group_card(group),
        changes=changes_of(changes),
    )


def changes_of(rows: Iterable[DateException]) -> tuple[DateChange, ...]:
    """Return changed days in their order."""
    return tuple(_change(each) for each in sorted(rows, key=lambda change: change.on_day))


def _change(found: DateException) -> DateChange:
    names = ("on_day", "what", "moved_on", "moved_starts", "moved_venue", "words")
    return DateChange(**{name: getattr(found, name) for name in names})
