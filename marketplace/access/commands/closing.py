"""Closing an account: nobody signs in to it any more, and who it was is taken away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from marketplace.access.models import (
    Declaration,
    EmailChange,
    FamilyCarer,
    FamilyDecision,
    Membership,
    SignIn,
    Supporter,
    User,
)
from marketplace.audit.commands import record
from marketplace.kernel.retention import SOMEBODY


def close_account(
    session: Session, *, user_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    """Close an account, end its sign-ins, its roles and its circles; its history stays, nameless.

    Closing it again changes nothing.
    """
    user = session.get_one(User, user_id, with_for_update=True)
    if user.closed_at is not None:
        return
    user.closed_at = at
    _end_circles(session, user_id, by_user_id, at)
    for table in (SignIn, Membership):
        session.execute(
            update(table)
            .where(table.user_id == user_id, table.ended_at.is_(None))
            .values(ended_at=at)
        )
    record(
        session,
        what="account-closed",
        chain_id=user_id,
        subject_id=user_id,
        by_user_id=by_user_id,
        at=at,
    )
    forget_user(session, user_id=user_id, at=at)


def forget_user(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Take away who somebody with a closed account was: their name, their addresses."""
    user = session.get_one(User, user_id, with_for_update=True)
    assert user.closed_at is not None, "only who has left is forgotten"
    session.execute(
        update(Supporter)
        .where(Supporter.invited_email == user.email, Supporter.supporter_id.is_(None))
        .values(invited_email="", ended_at=at)
    )
    session.execute(
        update(Supporter)
        .where(or_(Supporter.person_id == user_id, Supporter.supporter_id == user_id))
        .values(invited_email="")
    )
    session.execute(delete(EmailChange).where(EmailChange.user_id == user_id))
    session.execute(update(FamilyCarer).where(FamilyCarer.person_id == user_id).values(who=""))
    _forget_circle_words(session, user_id)
    user.name, user.email = SOMEBODY, f"{user_id.hex}@closed.invalid"
    user.password_hash, user.email_confirmed_at, user.forgotten_at = "", None, at


def _forget_circle_words(session: Session, user_id: UUID) -> None:
    """Let fees and decisions stay, without what somebody who has left wrote, or their name."""
    circle = select(Supporter.id).where(
        or_(Supporter.person_id == user_id, Supporter.supporter_id == user_id)
    )
    session.execute(
        update(Declaration).where(Declaration.supporter_row_id.in_(circle)).values(words="")
    )
    session.execute(
        update(FamilyDecision).where(FamilyDecision.person_id == user_id).values(reason="")
    )
    session.execute(
        update(FamilyDecision)
        .where(FamilyDecision.decided_by_id == user_id)
        .values(decided_by_name=SOMEBODY)
    )


def forget_sign_ins(session: Session, *, before: datetime) -> int:
    """Take away the sign-ins that ended before an instant."""
    over = or_(SignIn.ended_at < before, SignIn.ends_at < before)
    return len(session.execute(delete(SignIn).where(over).returning(SignIn.id)).all())


def forget_email_changes(session: Session, *, before: datetime) -> int:
    """Take away new addresses asked for before an instant to which nobody said yes."""
    rows = session.execute(
        delete(EmailChange)
        .where(EmailChange.confirmed_at.is_(None), EmailChange.asked_at < before)
        .returning(EmailChange.id)
    )
    return len(rows.all())


def _end_circles(session: Session, user_id: UUID, by_user_id: UUID | None, at: datetime) -> None:
    # In one order for everybody: each ending is written into the trail of its person.
    rows = session.scalars(
        select(Supporter)
        .where(
            or_(Supporter.person_id == user_id, Supporter.supporter_id == user_id),
            Supporter.ended_at.is_(None),
        )
        .order_by(Supporter.person_id, Supporter.id)
        .with_for_update()
    )
    for row in rows.all():
        row.ended_at = at
        record(
            session,
            what="supporter-ended",
            chain_id=row.person_id,
            subject_id=row.id,
            by_user_id=by_user_id,
            for_person_id=row.person_id,
            at=at,
        )
    session.flush()  # the updates that follow must not overtake it
