"""Who looks after a group, who decides about it, and who is trusted to look at it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.community.models import Group, Keeper, Partner


def is_keeper(session: Session, *, group_id: UUID, user_id: UUID) -> bool:
    """Tell whether somebody looks after a group."""
    row = select(Keeper.id).where(
        Keeper.group_id == group_id, Keeper.user_id == user_id, Keeper.ended_at.is_(None)
    )
    return session.scalar(row) is not None


def keeper_ids(session: Session, *, group_id: UUID) -> list[UUID]:
    """Return who looks after a group, the first one first."""
    rows = select(Keeper.user_id).where(Keeper.group_id == group_id, Keeper.ended_at.is_(None))
    return list(session.scalars(rows.order_by(Keeper.since_at, Keeper.id)))


def keepers_of(session: Session, *, group_id: UUID) -> list[access.Person]:
    """Return those who look after a group, with their addresses."""
    return [
        access.person_ever(session, user_id=user_id)
        for user_id in keeper_ids(session, group_id=group_id)
    ]


def may_moderate(group: Group, by: Actor) -> bool:
    """Tell whether a group is for this council's moderator to decide about."""
    if not by.may(Permission.MODERATE):
        return False
    return group.council_id is None or group.council_id == by.works_for


def partner_of(session: Session, group: Group, *, user_id: UUID) -> Partner | None:
    """Return the trusted partner of the group's council for whom somebody acts, if for one."""
    rows = select(Partner).where(Partner.user_id == user_id, Partner.ended_at.is_(None))
    if group.council_id is not None:
        rows = rows.where(Partner.council_id == group.council_id)
    return session.scalars(rows.order_by(Partner.since_at, Partner.id)).first()
