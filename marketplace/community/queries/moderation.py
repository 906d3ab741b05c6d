"""What waits for a council's moderator, its administrator and the partners it trusts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.community.models import Group, GroupClaim, Listing, Partner
from marketplace.community.queries.cards import (
    GroupCard,
    ListingCard,
    group_card,
    listing_cards,
    open_listings,
)
from marketplace.community.queries.kept import ReportRow, waiting_reports
from marketplace.community.queries.people import may_moderate
from marketplace.community.rules import ClaimState, GroupState
from marketplace.councils.queries import name_in
from marketplace.kernel.errors import NotFoundError

_TO_CHECK_MAX = 50


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Somebody who says that a group is theirs to look after."""

    id: UUID
    group: GroupCard
    user_name: str
    email: str
    words: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits for a council's moderator."""

    groups: list[GroupCard]
    claims: list[ClaimRow]
    late_reports: list[ReportRow]
    hidden: list[GroupCard]


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """Somebody whom a council trusts to look at entries."""

    id: UUID
    name: str
    user_name: str
    email: str
    since_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Partnership:
    """For whom somebody may say that entries are right, and where."""

    name: str
    council_id: UUID
    council_name: str


def worklist(session: Session, *, by: Actor, at: datetime) -> Worklist:
    """Return what waits for the moderator of a council, oldest first."""
    groups = select(Group).where(_of(by)).order_by(Group.changed_at, Group.id)
    reports = waiting_reports(session, council_id=by.works_for)
    return Worklist(
        groups=_cards(session, groups.where(Group.state == GroupState.WAITING)),
        claims=[_claim(session, *row) for row in session.execute(_claims().where(_of(by)))],
        late_reports=[report for report in reports if report.due_at <= at],
        hidden=_cards(session, groups.where(Group.state == GroupState.HIDDEN)),
    )


def group_to_decide(session: Session, *, group_id: UUID, by: Actor) -> GroupCard:
    """Return a group about which a moderator decides.

    Raises:
        NotFoundError: it is not of their council.
    """
    group = session.get(Group, group_id)
    if group is None or not may_moderate(group, by):
        raise NotFoundError
    return group_card(group)


def claim_to_decide(session: Session, *, claim_id: UUID, by: Actor) -> ClaimRow:
    """Return a claim that waits for a moderator.

    Raises:
        NotFoundError: it was decided, or is not of their council.
    """
    found = session.execute(_claims().where(GroupClaim.id == claim_id)).first()
    if found is None or not may_moderate(found[1], by):
        raise NotFoundError
    return _claim(session, *found)


def partners_of(session: Session, *, council_id: UUID) -> list[PartnerRow]:
    """Return a council's trusted partners, those of now first."""
    rows = (
        select(Partner)
        .where(Partner.council_id == council_id)
        .order_by(Partner.ended_at.is_not(None), Partner.name, Partner.since_at)
    )
    found = []
    for partner in session.scalars(rows):
        who = access.person_ever(session, user_id=partner.user_id)
        found.append(
            PartnerRow(
                partner.id, partner.name, who.name, who.email, partner.since_at, partner.ended_at
            )
        )
    return found


def partnerships_of(session: Session, *, user_id: UUID) -> list[Partnership]:
    """Return for whom somebody may say that entries are right."""
    rows = (
        select(Partner.name, Partner.council_id, name_in(Partner.council_id))
        .where(Partner.user_id == user_id, Partner.ended_at.is_(None))
        .order_by(Partner.since_at, Partner.id)
    )
    return [Partnership(*row) for row in session.execute(rows)]


def to_check(session: Session, *, by: Actor) -> tuple[list[GroupCard], list[ListingCard]]:
    """Return the groups that wait, and the entries no partner has looked at, for a partner.

    Raises:
        NotFoundError: they are no partner of any council.
    """
    trusted = partnerships_of(session, user_id=by.user_id)
    if not trusted:
        raise NotFoundError
    ours = or_(
        Group.council_id.is_(None), Group.council_id.in_([each.council_id for each in trusted])
    )
    groups = select(Group).where(ours, Group.state == GroupState.WAITING)
    entries = open_listings().where(ours, Listing.checked_by == "")
    ids = session.scalars(
        select(Listing.id)
        .join(Group, Group.id == Listing.group_id)
        .where(ours, Group.state == GroupState.SHOWN, Listing.checked_by == "")
        .order_by(Listing.changed_at.desc(), Listing.id)
        .limit(_TO_CHECK_MAX)
    )
    entries = entries.where(Listing.id.in_(list(ids)))
    return (
        _cards(session, groups.order_by(Group.changed_at, Group.id)),
        listing_cards(session, entries.order_by(Listing.changed_at.desc(), Listing.id)),
    )


def _of(by: Actor) -> ColumnElement[bool]:
    return or_(Group.council_id.is_(None), Group.council_id == by.works_for)


def _claims() -> Select[GroupClaim, Group]:
    return (
        select(GroupClaim, Group)
        .join(Group, Group.id == GroupClaim.group_id)
        .where(GroupClaim.state == ClaimState.ASKED)
        .order_by(GroupClaim.asked_at, GroupClaim.id)
    )


def _claim(session: Session, claim: GroupClaim, group: Group) -> ClaimRow:
    who = access.person_ever(session, user_id=claim.user_id)
    return ClaimRow(claim.id, group_card(group), who.name, who.email, claim.words, claim.asked_at)


def _cards(session: Session, rows: Select[Group]) -> list[GroupCard]:
    return [group_card(group) for group in session.scalars(rows)]
