"""What this room keeps about somebody."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.community.models import (
    EntryReport,
    Group,
    GroupClaim,
    Keeper,
    KeeperInvitation,
    Listing,
    Partner,
)
from marketplace.kernel.exporting import Kept, columns_of, rows_of


def data_of(session: Session, *, user_id: UUID, emails: Iterable[str]) -> dict[str, Kept]:
    """Return the groups somebody looks after or wanted to, and what they said about entries."""
    theirs = sorted(emails)
    keeping = (
        select(*columns_of(Keeper), Group.name.label("group_name"))
        .join(Group, Group.id == Keeper.group_id)
        .where(Keeper.user_id == user_id)
        .order_by(Keeper.since_at, Keeper.id)
    )
    invitations = (
        select(
            *columns_of(KeeperInvitation, without=["invited_by_id"]),
            Group.name.label("group_name"),
        )
        .join(Group, Group.id == KeeperInvitation.group_id)
        .where(or_(KeeperInvitation.invited_by_id == user_id, KeeperInvitation.email.in_(theirs)))
        .order_by(KeeperInvitation.invited_at, KeeperInvitation.id)
    )
    claims = (
        select(*columns_of(GroupClaim), Group.name.label("group_name"))
        .join(Group, Group.id == GroupClaim.group_id)
        .where(GroupClaim.user_id == user_id)
        .order_by(GroupClaim.asked_at, GroupClaim.id)
    )
    reports = (
        select(*columns_of(EntryReport), Listing.title.label("entry"))
        .join(Listing, Listing.id == EntryReport.listing_id)
        .where(EntryReport.email.in_(theirs))
        .order_by(EntryReport.reported_at, EntryReport.id)
    )
    partners = (
        select(*columns_of(Partner))
        .where(Partner.user_id == user_id)
        .order_by(Partner.since_at, Partner.id)
    )
    return {
        "groups-you-look-after": rows_of(session, keeping),
        "invitations-to-look-after-groups": rows_of(session, invitations),
        "groups-you-claimed": rows_of(session, claims),
        "entries-you-said-are-wrong": rows_of(session, reports),
        "partners-you-act-for": rows_of(session, partners),
    }
