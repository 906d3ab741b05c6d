"""Reading people, hats and circles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from marketplace.access.models import Membership, SignIn, Supporter, User
from marketplace.access.rules import SIGN_IN_IDLE, Actor, Basis, Role, Scope, own_hat
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Person:
    """A human with an account, as others may see them."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SupporterRow:
    """One member of a circle of support."""

    id: UUID
    person_id: UUID
    person_name: str
    supporter_id: UUID | None
    supporter_name: str | None
    invited_email: str
    basis: Basis
    scopes: tuple[Scope, ...]
    ceiling: Money | None
    ends_before: date | None
    invited_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None

    @property
    def last_on(self) -> date | None:
        """The last day on which they act, as people say it."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One signed-in browser."""

    id: UUID
    device: str
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LivingSignIn:
    """A sign-in that is still good, and the hat that is worn in it."""

    id: UUID
    user_id: UUID
    seen_at: datetime
    hat_role: Role
    hat_id: UUID


def person(session: Session, *, user_id: UUID) -> Person:
    """Return a human by id.

    Raises:
        NotFoundError: there is no such account, or it was closed.
    """
    user = session.get(User, user_id)
    if user is None or user.closed_at is not None:
        raise NotFoundError
    return Person(user.id, user.name, user.email)


def find_person_by_email(session: Session, *, email: str) -> Person | None:
    """Return the human with this e-mail address, if there is one."""
    user = session.scalar(
        select(User).where(User.email == email.strip().lower(), User.closed_at.is_(None))
    )
    return Person(user.id, user.name, user.email) if user else None


def names_of(session: Session, *, user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of some people by id."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def find_confirmed_person(session: Session, *, email: str) -> Person | None:
    """Return the human who is known to read the letters sent to an address."""
    user = session.scalar(
        select(User).where(
            User.email == email.strip().lower(),
            User.closed_at.is_(None),
            User.email_confirmed_at.is_not(None),
        )
    )
    return Person(user.id, user.name, user.email) if user else None


def is_confirmed(session: Session, *, user_id: UUID) -> bool:
    """Tell whether somebody is known to read the letters sent to their address."""
    return session.get_one(User, user_id).email_confirmed_at is not None


def find_sign_in(
    session: Session, *, sign_in_id: UUID, secret_hash: str, at: datetime
) -> LivingSignIn | None:
    """Return a living sign-in, if the cookie's secret is right and it was used lately."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.secret_hash != secret_hash or sign_in.ended_at is not None:
        return None
    if at >= sign_in.ends_at or at - sign_in.seen_at > SIGN_IN_IDLE:
        return None
    return LivingSignIn(
        sign_in.id, sign_in.user_id, sign_in.seen_at, sign_in.hat_role, sign_in.hat_id
    )


def sign_ins_of(session: Session, *, user_id: UUID, at: datetime) -> list[SignInRow]:
    """Return where somebody is signed in now, latest first."""
    rows = (
        select(SignIn.id, SignIn.device, SignIn.began_at, SignIn.seen_at)
        .where(
            SignIn.user_id == user_id,
            SignIn.ended_at.is_(None),
            SignIn.ends_at > at,
            SignIn.seen_at > at - SIGN_IN_IDLE,
        )
        .order_by(SignIn.seen_at.desc(), SignIn.id)
    )
    return [SignInRow(*row) for row in session.execute(rows)]


def find_actor(
    session: Session, *, user_id: UUID, role: Role, hat_id: UUID, at: datetime
) -> Actor | None:
    """Return somebody in a hat, if they may still wear it."""
    return next(
        (
            hat
            for hat in hats_of(session, user_id=user_id, at=at)
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


def circle_of(session: Session, *, person_id: UUID) -> list[SupporterRow]:
    """Return a person's circle of support: those who act now first, then invited, then ended."""
    rows = _supporters().where(Supporter.person_id == person_id)
    order = (
        Supporter.ended_at.is_not(None),
        Supporter.accepted_at.is_(None),
        Supporter.invited_at,
        Supporter.id,
    )
    return [_row(*row) for row in session.execute(rows.order_by(*order))]


def invitations_for(session: Session, *, user_id: UUID) -> list[SupporterRow]:
    """Return the invitations waiting for somebody, by their confirmed e-mail address."""
    user = session.get(User, user_id)
    if user is None or user.email_confirmed_at is None:
        return []
    rows = _supporters().where(
        Supporter.invited_email == user.email,
        Supporter.accepted_at.is_(None),
        Supporter.ended_at.is_(None),
    )
    return [_row(*row) for row in session.execute(rows.order_by(Supporter.invited_at))]


def supporting(session: Session, *, user_id: UUID) -> list[SupporterRow]:
    """Return the circles somebody is in, by the name of the person."""
    rows = _supporters().where(
        Supporter.supporter_id == user_id,
        Supporter.accepted_at.is_not(None),
        Supporter.ended_at.is_(None),
    )
    return [_row(*row) for row in session.execute(rows.order_by(_person.c.name, Supporter.id))]


def supporter(session: Session, *, supporter_row_id: UUID) -> SupporterRow:
    """Return one member of a circle.

    Raises:
        NotFoundError: there is none.
    """
    found = session.execute(_supporters().where(Supporter.id == supporter_row_id)).first()
    if found is None:
        raise NotFoundError
    return _row(*found)


def active_supporters(
    session: Session, *, person_id: UUID, scope: Scope, at: datetime
) -> list[Person]:
    """Return the supporters who may do something for a person now."""
    rows = (
        select(User.id, User.name, User.email, Supporter.scopes)
        .join(Supporter, Supporter.supporter_id == User.id)
        .where(Supporter.person_id == person_id, *_acts(at))
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


def _supporting(session: Session, user: User, at: datetime) -> list[Actor]:
    rows = (
        select(Supporter, User.name)
        .join(User, User.id == Supporter.person_id)
        .where(Supporter.supporter_id == user.id, *_acts(at))
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


def _acts(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Supporter.accepted_at.is_not(None),
        Supporter.ended_at.is_(None),
        or_(Supporter.ends_before.is_(None), Supporter.ends_before > local_day(at)),
    )


_person = User.__table__.alias("person")
_helper = User.__table__.alias("helper")


def _supporters() -> Select[Supporter, str, str | None]:
    return (
        select(Supporter, _person.c.name, _helper.c.name)
        .join(_person, _person.c.id == Supporter.person_id)
        .outerjoin(_helper, _helper.c.id == Supporter.supporter_id)
    )


def _row(row: Supporter, person_name: str, supporter_name: str | None) -> SupporterRow:
    return SupporterRow(
        id=row.id,
        person_id=row.person_id,
        person_name=person_name,
        supporter_id=row.supporter_id,
        supporter_name=supporter_name,
        invited_email=row.invited_email,
        basis=row.basis,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        ceiling=row.ceiling,
        ends_before=row.ends_before,
        invited_at=row.invited_at,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
    )
