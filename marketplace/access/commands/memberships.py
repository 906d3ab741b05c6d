"""Roles in providers and councils."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.models import Membership
from marketplace.access.rules import Role
from marketplace.audit.commands import record
from marketplace.kernel.writing import insert_once


def add_membership(  # noqa: PLR0913 - who, where, as what, by whom, when
    session: Session,
    *,
    user_id: UUID,
    organisation_id: UUID,
    organisation_name: str,
    role: Role,
    by_user_id: UUID | None,
    at: datetime,
) -> None:
    """Give somebody a role in a provider or council; giving it again renews one that had ended."""
    made = insert_once(
        session,
        Membership,
        {
            "id": uuid4(),
            "user_id": user_id,
            "organisation_id": organisation_id,
            "organisation_name": organisation_name,
            "role": role,
            "since_at": at,
        },
    )
    if not made:
        session.execute(
            update(Membership)
            .where(
                Membership.user_id == user_id,
                Membership.organisation_id == organisation_id,
                Membership.role == role,
            )
            .values(ended_at=None)
        )
    _record(session, "role-given", organisation_id, user_id, role, by_user_id, at)


def end_membership(
    session: Session,
    *,
    user_id: UUID,
    organisation_id: UUID,
    role: Role,
    by_user_id: UUID | None,
    at: datetime,
) -> None:
    """Take a role away."""
    session.execute(
        update(Membership)
        .where(
            Membership.user_id == user_id,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            Membership.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    _record(session, "role-ended", organisation_id, user_id, role, by_user_id, at)


def rename_organisation(session: Session, *, organisation_id: UUID, name: str) -> None:
    """Keep the copied name true in everybody's list of hats."""
    session.execute(
        update(Membership)
        .where(Membership.organisation_id == organisation_id)
        .values(organisation_name=name)
    )


def _record(  # noqa: PLR0913, PLR0917 - private, and called twice
    session: Session,
    what: str,
    organisation_id: UUID,
    user_id: UUID,
    role: Role,
    by_user_id: UUID | None,
    at: datetime,
) -> None:
    record(
        session,
        what=what,
        chain_id=organisation_id,
        subject_id=user_id,
        by_user_id=by_user_id,
        at=at,
        details={"role": role},
    )
