"""Signed-in browsers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.access.models import Membership, SignIn, Supporter, User
from marketplace.access.queries.hats import acts_on
from marketplace.access.rules import COUNCIL_ROLES, SIGN_IN_IDLE, Actor, Role, Scope, own_hat
from marketplace.kernel.clock import local_day
from marketplace.kernel.ready import Ready, Row


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One signed-in browser."""

    id: UUID
    device: str
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LivingSignIn:
    """A sign-in that is still good, and who that is."""

    id: UUID
    seen_at: datetime
    actor: Actor | None
    """In the hat they wear, or their own if they may not wear it any more; nobody once their
    account is closed."""


_PERSON = aliased(User)
_TODAY = bindparam("today", type_=Date)

# With the user and the hat beside it: whoever asks for a sign-in asks next who that is.
_WITH_HAT = (
    select(
        SignIn.id,
        SignIn.user_id,
        SignIn.secret_hash,
        SignIn.seen_at,
        SignIn.ends_at,
        SignIn.ended_at,
        SignIn.hat_role,
        User.name,
        User.closed_at,
        Membership.organisation_id,
        Membership.organisation_name,
        Supporter.person_id,
        _PERSON.name,
        Supporter.scopes,
        Supporter.ceiling,
    )
    .select_from(SignIn)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(
        Membership,
        and_(
            Membership.user_id == SignIn.user_id,
            Membership.organisation_id == SignIn.hat_id,
            Membership.role == SignIn.hat_role,
            Membership.ended_at.is_(None),
        ),
    )
    .outerjoin(
        Supporter,
        and_(
            SignIn.hat_role == Role.SUPPORTER,
            Supporter.supporter_id == SignIn.user_id,
            Supporter.person_id == SignIn.hat_id,
            *acts_on(_TODAY),
        ),
    )
    .outerjoin(_PERSON, _PERSON.id == Supporter.person_id)
    .where(SignIn.id == bindparam("sign_in_id"))
    .order_by(Supporter.id)
)
_WIDTH = len(_WITH_HAT.selected_columns)
_READY = Ready(_WITH_HAT)


def find_sign_in(
    session: Session, *, sign_in_id: UUID, secret_hash: str, at: datetime
) -> LivingSignIn | None:
    """Return a living sign-in, if the cookie's secret is right and it was used lately."""
    rows = _READY.rows(session, sign_in_id=sign_in_id, today=local_day(at))
    return living_sign_in(rows, secret_hash=secret_hash, at=at)


def with_sign_in() -> Select[*tuple[Any, ...]]:
    """Return the statement for a sign-in, for a room above to ask something of it as well.

    It wants ``sign_in_id`` and ``today``. What is added to its columns comes after its own: see
    ``beside_sign_in``.
    """
    return _WITH_HAT


def beside_sign_in(rows: Sequence[Row]) -> Row:
    """Return what was added to the columns; nothing if there is no such sign-in."""
    return rows[0][_WIDTH:] if rows else ()


def living_sign_in(rows: Sequence[Row], *, secret_hash: str, at: datetime) -> LivingSignIn | None:
    """Return the sign-in that was found, if its secret is right and it was used lately."""
    if not rows:
        return None
    found_id, _, hashed, seen_at, ends_at, ended_at, *_ = rows[0]
    if hashed != secret_hash or ended_at is not None:
        return None
    if at >= ends_at or at - seen_at > SIGN_IN_IDLE:
        return None
    return LivingSignIn(found_id, seen_at, _actor(rows[0]))


def _actor(row: Row) -> Actor | None:
    sign_in_id, user_id, *_, role, name, closed_at = row[:9]
    works_for, work_name, person_id, person_name, scopes, ceiling = row[9:_WIDTH]
    if closed_at is not None:
        return None
    if works_for is not None:
        return Actor(
            user_id=user_id,
            name=name,
            role=role,
            organisation_id=works_for,
            organisation_name=work_name,
            sign_in_id=sign_in_id,
        )
    if person_id is not None:
        return Actor(
            user_id=user_id,
            name=name,
            role=role,
            person_id=person_id,
            person_name=person_name,
            scopes=frozenset(map(Scope, scopes)),
            ceiling=ceiling,
            sign_in_id=sign_in_id,
        )
    return own_hat(user_id, name, sign_in_id=sign_in_id)


def person_of_sign_in() -> ColumnElement[UUID | None]:
    """Return whose support a sign-in is about, as part of the statement for it.

    It is nobody's in a hat of an organisation.
    """
    own = func.coalesce(Supporter.person_id, SignIn.user_id)
    return case((Membership.organisation_id.is_(None), own), else_=None)


def council_of_sign_in() -> ColumnElement[UUID | None]:
    """Return for which council a sign-in works, as part of the statement for it."""
    works = Membership.role.in_(COUNCIL_ROLES)
    return case((works, Membership.organisation_id), else_=None)


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
