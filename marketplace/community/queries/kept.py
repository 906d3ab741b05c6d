"""What those who look after groups see of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.community.models import (
    EntryReport,
    Group,
    Keeper,
    KeeperInvitation,
    Listing,
)
from marketplace.community.queries.cards import (
    GroupCard,
    ListingCard,
    all_listings,
    group_card,
    listing_cards,
)
from marketplace.community.queries.people import (
    is_keeper,
    keeper_ids,
    may_moderate,
    partner_of,
)
from marketplace.community.rules import GroupState, ListingState
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class KeeperRow:
    """Somebody who looks after a group."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A link that nobody has used yet."""

    id: UUID
    email: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """A group with everything its keepers see."""

    card: GroupCard
    open: list[ListingCard]
    ended: list[ListingCard]
    keepers: list[KeeperRow]
    invitations: list[InvitationRow]
    reports: list["ReportRow"]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of "My groups"."""

    card: GroupCard
    entries: int
    reports: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What somebody says is wrong with an entry."""

    id: UUID
    listing_id: UUID
    title: str
    group_name: str
    group_slug: str
    words: str
    reported_at: datetime
    due_at: datetime
    leaves_address: bool
    """Did they leave an address to be told the answer?"""


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """A group's page: what is on it, and what the one who looks may do there."""

    card: GroupCard
    listings: list[ListingCard]
    kept: bool
    """Does anybody look after it here?"""
    keeps: bool
    """Does the one who looks?"""
    moderates: bool
    checks: bool
    """May the one who looks say, as a trusted partner, that it is right?"""


def seen_group(session: Session, *, slug: str, by: Actor | None) -> SeenGroup:
    """Return a group's page; one that is not shown, for its keepers, council and partners alone.

    Raises:
        NotFoundError: there is none that the one who looks may see.
    """
    group = session.scalar(select(Group).where(Group.slug == slug))
    if group is None:
        raise NotFoundError
    keeps = by is not None and is_keeper(session, group_id=group.id, user_id=by.user_id)
    moderates = by is not None and may_moderate(group, by)
    checks = by is not None and partner_of(session, group, user_id=by.user_id) is not None
    may_look = keeps or moderates or (checks and group.state is GroupState.WAITING)
    if group.state is not GroupState.SHOWN and not may_look:
        raise NotFoundError
    rows = all_listings().where(Group.id == group.id, Listing.state == ListingState.OPEN)
    return SeenGroup(
        card=group_card(group),
        listings=listing_cards(session, rows.order_by(Listing.title, Listing.id)),
        kept=bool(keeper_ids(session, group_id=group.id)),
        keeps=keeps,
        moderates=moderates,
        checks=checks and group.state in {GroupState.WAITING, GroupState.SHOWN},
    )


@dataclass(frozen=True, slots=True)
class SeenListing:
    """An entry's page, and what the one who looks may do there."""

    card: ListingCard
    keeps: bool
    checks: bool


def seen_listing(session: Session, *, listing_id: UUID, by: Actor | None) -> SeenListing:
    """Return an entry's page; one of a group that is not shown, for its keepers and council.

    Raises:
        NotFoundError: there is none that the one who looks may see.
    """
    rows = all_listings().where(Listing.id == listing_id, Listing.state == ListingState.OPEN)
    found = listing_cards(session, rows)
    if not found:
        raise NotFoundError
    page = seen_group(session, slug=found[0].group.slug, by=by)
    shown = page.card.is_shown
    return SeenListing(card=found[0], keeps=page.keeps, checks=page.checks and shown)


def kept_group(session: Session, *, slug: str, by: Actor) -> KeptGroup:
    """Return a group with everything its keepers see.

    Raises:
        NotFoundError: it is not theirs.
    """
    group = session.scalar(select(Group).where(Group.slug == slug))
    if group is None or not is_keeper(session, group_id=group.id, user_id=by.user_id):
        raise NotFoundError
    rows = all_listings().where(Group.id == group.id).order_by(Listing.title, Listing.id)
    cards = listing_cards(session, rows)
    ids = keeper_ids(session, group_id=group.id)
    names = access.names_of(session, user_ids=ids)
    invitations = (
        select(KeeperInvitation.id, KeeperInvitation.email, KeeperInvitation.invited_at)
        .where(KeeperInvitation.group_id == group.id, KeeperInvitation.ended_at.is_(None))
        .order_by(KeeperInvitation.invited_at, KeeperInvitation.id)
    )
    return KeptGroup(
        card=group_card(group),
        open=[card for card in cards if card.state is ListingState.OPEN],
        ended=[card for card in cards if card.state is ListingState.ENDED],
        keepers=[KeeperRow(user_id, names.get(user_id, "")) for user_id in ids],
        invitations=[InvitationRow(*row) for row in session.execute(invitations)],
        reports=waiting_reports(session, group_id=group.id),
    )


def kept_listing(session: Session, *, listing_id: UUID, by: Actor) -> ListingCard:
    """Return an entry of one's group, ended or not.

    Raises:
        NotFoundError: it is not theirs.
    """
    found = listing_cards(session, all_listings().where(Listing.id == listing_id))
    if not found or not is_keeper(session, group_id=found[0].group.id, user_id=by.user_id):
        raise NotFoundError
    return found[0]


def groups_of(session: Session, *, user_id: UUID) -> list[GroupRow]:
    """Return the groups somebody looks after, by name."""
    entries = (
        select(func.count(Listing.id))
        .where(Listing.group_id == Group.id, Listing.state == ListingState.OPEN)
        .scalar_subquery()
    )
    reports = (
        select(func.count(EntryReport.id))
        .join(Listing, Listing.id == EntryReport.listing_id)
        .where(Listing.group_id == Group.id, EntryReport.answered_at.is_(None))
        .scalar_subquery()
    )
    rows = (
        select(Group, entries, reports)
        .join(Keeper, Keeper.group_id == Group.id)
        .where(Keeper.user_id == user_id, Keeper.ended_at.is_(None))
        .order_by(Group.name, Group.id)
    )
    return [GroupRow(group_card(group), *counts) for group, *counts in session.execute(rows)]


def kept_alone(session: Session, *, user_id: UUID) -> list[GroupCard]:
    """Return the open groups that nobody but somebody looks after."""
    return [
        row.card
        for row in groups_of(session, user_id=user_id)
        if row.card.state is not GroupState.CLOSED
        and keeper_ids(session, group_id=row.card.id) == [user_id]
    ]


def waiting_reports(
    session: Session, *, group_id: UUID | None = None, council_id: UUID | None = None
) -> list[ReportRow]:
    """Return reports nobody has answered, of a group or of a council, oldest first."""
    rows = _reports().where(EntryReport.answered_at.is_(None))
    if group_id is not None:
        rows = rows.where(Group.id == group_id)
    if council_id is not None:
        rows = rows.where(Group.council_id == council_id)
    oldest = rows.order_by(EntryReport.reported_at, EntryReport.id)
    return [_report(*row) for row in session.execute(oldest)]


def report_to_answer(session: Session, *, report_id: UUID, by: Actor) -> ReportRow:
    """Return a report that somebody may answer, as keeper or moderator.

    Raises:
        NotFoundError: there is none, it was answered, or it is not theirs to answer.
    """
    found = session.execute(
        _reports().where(EntryReport.id == report_id, EntryReport.answered_at.is_(None))
    ).first()
    if found is None:
        raise NotFoundError
    report, listing, group = found
    if not (is_keeper(session, group_id=group.id, user_id=by.user_id) or may_moderate(group, by)):
        raise NotFoundError
    return _report(report, listing, group)


def _reports() -> Select[EntryReport, Listing, Group]:
    return (
        select(EntryReport, Listing, Group)
        .join(Listing, Listing.id == EntryReport.listing_id)
        .join(Group, Group.id == Listing.group_id)
    )


def _report(report: EntryReport, listing: Listing, group: Group) -> ReportRow:
    return ReportRow(
        id=report.id,
        listing_id=listing.id,
        title=listing.title,
        group_name=group.name,
        group_slug=group.slug,
        words=report.words,
        reported_at=report.reported_at,
        due_at=report.due_at,
        leaves_address=bool(report.email),
    )
