"""What this room keeps about somebody, for them to take away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.access.models import (
    CircleRule,
    Declaration,
    DeclaredStore,
    EmailChange,
    FamilyCarer,
    FamilyDecision,
    Membership,
    SignIn,
    Supporter,
    User,
)
from marketplace.access.rules import LEGAL_BASES, Actor, Role, Scope
from marketplace.kernel.clock import local_day
from marketplace.kernel.exporting import Kept, columns_of, rows_of


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address, and from when until when it was somebody's."""

    email: str
    since_at: datetime
    until_at: datetime | None


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's account, sign-ins and roles, and their circle in both directions."""
    account = select(*columns_of(User, without=["password_hash"])).where(User.id == user_id)
    sign_ins = select(*columns_of(SignIn, without=["secret_hash"])).where(SignIn.user_id == user_id)
    changes = select(*columns_of(EmailChange)).where(EmailChange.user_id == user_id)
    roles = select(*columns_of(Membership)).where(Membership.user_id == user_id)
    helper, helped = aliased(User), aliased(User)
    supporters = (
        select(*columns_of(Supporter), helper.name.label("supporter_name"))
        .outerjoin(helper, helper.id == Supporter.supporter_id)
        .where(Supporter.person_id == user_id)
    )
    supporting = (
        select(*columns_of(Supporter, without=["invited_by_id"]), helped.name.label("person_name"))
        .join(helped, helped.id == Supporter.person_id)
        .where(
            or_(
                Supporter.supporter_id == user_id,
                # An invitation belongs to whoever is known to read the letters sent there.
                (Supporter.supporter_id.is_(None))
                & (
                    Supporter.invited_email
                    == select(User.email)
                    .where(User.id == user_id, User.email_confirmed_at.is_not(None))
                    .scalar_subquery()
                ),
            )
        )
    )
    return {
        **_of_circle(session, user_id),
        "account": rows_of(session, account),
        "e-mail-changes": rows_of(session, changes.order_by(EmailChange.asked_at)),
        "sign-ins": rows_of(session, sign_ins.order_by(SignIn.began_at)),
        "roles": rows_of(session, roles.order_by(Membership.since_at)),
        "people-who-support-you": rows_of(session, supporters.order_by(Supporter.invited_at)),
        "people-you-support": rows_of(session, supporting.order_by(Supporter.invited_at)),
    }


def _of_circle(session: Session, user_id: UUID) -> dict[str, Kept]:
    """Return how somebody's circle decides, and what was declared in it and by them."""
    rules = select(*columns_of(CircleRule)).where(CircleRule.id == user_id)
    declarations = (
        select(*columns_of(Declaration))
        .join(Supporter, Supporter.id == Declaration.supporter_row_id)
        .where(or_(Supporter.person_id == user_id, Supporter.supporter_id == user_id))
        .order_by(Declaration.declared_at, Declaration.id)
    )
    declared_stores = (
        select(*columns_of(DeclaredStore))
        .join(Declaration, Declaration.id == DeclaredStore.declaration_id)
        .join(Supporter, Supporter.id == Declaration.supporter_row_id)
        .where(or_(Supporter.person_id == user_id, Supporter.supporter_id == user_id))
        .order_by(DeclaredStore.declaration_id, DeclaredStore.id)
    )
    carers = select(*columns_of(FamilyCarer)).where(FamilyCarer.person_id == user_id)
    decisions = select(*columns_of(FamilyDecision)).where(FamilyDecision.person_id == user_id)
    return {
        "how-your-circle-decides": rows_of(session, rules),
        "fees-and-stores-declared": rows_of(session, declarations),
        "stores-declared": rows_of(session, declared_stores),
        "family-paid-as-carers": rows_of(session, carers.order_by(FamilyCarer.declared_at)),
        "family-decisions": rows_of(session, decisions.order_by(FamilyDecision.decided_at)),
    }


def addresses_of(session: Session, *, user_id: UUID) -> list[Address]:
    """Return the addresses at which somebody is known to have read letters, oldest first."""
    user = session.get_one(User, user_id)
    changes = session.execute(
        select(EmailChange.old_email, EmailChange.confirmed_at)
        .where(EmailChange.user_id == user_id, EmailChange.confirmed_at.is_not(None))
        .order_by(EmailChange.confirmed_at)
    )
    found, since = [], user.joined_at
    for email, until in changes:
        assert until is not None, "the statement asks for those that were confirmed"
        found.append(Address(email, since, until))
        since = until
    if user.email_confirmed_at is not None:
        found.append(Address(user.email, since, None))
    return found


def stores_of(session: Session, *, user_id: UUID) -> list[UUID]:
    """Return the providers somebody owns."""
    rows = select(Membership.organisation_id).where(
        Membership.user_id == user_id,
        Membership.role == Role.PROVIDER_OWNER,
        Membership.ended_at.is_(None),
    )
    return list(session.scalars(rows.order_by(Membership.organisation_id)))


def whose_data(session: Session, *, actor: Actor, at: datetime) -> str:
    """Return about whom somebody in a hat may read all that is kept; nothing for a mere helper."""
    if not actor.acts_for_another:
        return "you"
    lawful = acts_in_law(session, user_id=actor.user_id, person_id=actor.buys_for, at=at)
    return actor.person_name if lawful else ""


def acts_in_law(session: Session, *, user_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Tell whether somebody stands in for a person by law, and may see their affairs."""
    rows = session.scalars(
        select(Supporter.scopes).where(
            Supporter.supporter_id == user_id,
            Supporter.person_id == person_id,
            Supporter.basis.in_(LEGAL_BASES),
            Supporter.accepted_at.is_not(None),
            Supporter.ended_at.is_(None),
            or_(Supporter.ends_before.is_(None), Supporter.ends_before > local_day(at)),
        )
    )
    return any(Scope.SEE in scopes for scopes in rows)
