"""Hats: who may act as what, for whom, and who works where."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.access.models import Membership, Supporter, User
from marketplace.access.queries.people import Person
from marketplace.access.rules import Actor, Role, Scope, own_hat
from marketplace.kernel.clock import local_day

_AT_ONCE = 5_000
"""How many ids one statement names at most."""


def find_actor(
    session: Session, *, user_id: UUID, role: Role, hat_id: UUID, at: datetime
) -> Actor | None:
    """Return somebody in a hat, if they may still wear it. Every page asks this: it asks little."""
    user = session.get(User, user_id)
    if user is None or user.closed_at is not None:
        return None
    if role is Role.PERSON:
        hats = [own_hat(user.id, user.name)]
    elif role is Role.SUPPORTER:
        hats = _supporting(session, user, at)
    else:
        hats = _working(session, user)
    return next(
        (
            hat
            for hat in hats
            if hat.role is role and hat_id in (hat.organisation_id, hat.person_id)
        ),
        None,
    )


def hats_of(session: Session, *, user_id: UUID, at: datetime) -> list[Actor]:
    """Return every hat somebody may wear now, their own first."""
    user = session.get(User, user_id)
    if user is None or user.closed_at is not None:
        return []
    return [
        own_hat(user.id, user.name),
        *_supporting(session, user, at),
        *_working(session, user),
    ]


def active_supporters(
    session: Session, *, person_id: UUID, scope: Scope, at: datetime
) -> list[Person]:
    """Return the supporters who may do something for a person now."""
    rows = (
        select(User.id, User.name, User.email, Supporter.scopes)
        .join(Supporter, Supporter.supporter_id == User.id)
        .where(Supporter.person_id == person_id, *acts(at))
        .order_by(User.name, User.id)
    )
    return [
        Person(user_id, name, email)
        for user_id, name, email, scopes in session.execute(rows)
        if scope in scopes
    ]


def staff_of(session: Session, *, organisation_id: UUID) -> list[tuple[Person, Role]]:
    """Return who works for a provider or council, and as what."""
    rows = (
        select(User.id, User.name, User.email, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None))
        .order_by(User.name, Membership.role)
    )
    return [
        (Person(user_id, name, email), role) for user_id, name, email, role in session.execute(rows)
    ]


def owners_of(session: Session, *, organisation_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Return who owns some stores, store by store, with one statement for many."""
    found: dict[UUID, list[Person]] = {}
    wanted = sorted(set(organisation_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = (
            select(Membership.organisation_id, User.id, User.name, User.email)
            .join(User, Membership.user_id == User.id)
            .where(
                Membership.organisation_id.in_(wanted[start : start + _AT_ONCE]),
                Membership.role == Role.PROVIDER_OWNER,
                Membership.ended_at.is_(None),
            )
            .order_by(User.name, User.id)
        )
        for organisation_id, user_id, name, email in session.execute(rows):
            found.setdefault(organisation_id, []).append(Person(user_id, name, email))
    return found


def _supporting(session: Session, user: User, at: datetime) -> list[Actor]:
    rows = (
        select(Supporter, User.name)
        .join(User, User.id == Supporter.person_id)
        .where(Supporter.supporter_id == user.id, *acts(at))
        .order_by(User.name, Supporter.id)
    )
    return [
        Actor(
            user_id=user.id,
            name=user.name,
            role=Role.SUPPORTER,
            person_id=row.person_id,
            person_name=person_name,
            scopes=frozenset(Scope(scope) for scope in row.scopes),
            ceiling=row.ceiling,
        )
        for row, person_name in session.execute(rows)
    ]


def _working(session: Session, user: User) -> list[Actor]:
    rows = (
        select(Membership)
        .where(Membership.user_id == user.id, Membership.ended_at.is_(None))
        .order_by(Membership.organisation_name, Membership.role)
    )
    return [
        Actor(
            user_id=user.id,
            name=user.name,
            role=row.role,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation_name,
        )
        for row in session.scalars(rows)
    ]


def acts(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what must be true of a place in a circle for its supporter to act now."""
    return acts_on(local_day(at))


def acts_on(day: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    """Return what must be true of it for them to act on a day."""
    return (
        Supporter.accepted_at.is_not(None),
        Supporter.ended_at.is_(None),
        or_(Supporter.ends_before.is_(None), Supporter.ends_before > day),
    )
