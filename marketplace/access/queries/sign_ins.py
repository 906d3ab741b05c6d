"""Signed-in browsers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, case, select
from sqlalchemy.orm import Session

from marketplace.access.models import SignIn, User
from marketplace.access.rules import SIGN_IN_IDLE, Actor, Role, own_hat
from marketplace.kernel.ready import Asked, Ready, Row, rows_of_all


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
    user_name: str
    is_closed: bool
    """Their account is."""

    @property
    def own_hat(self) -> Actor | None:
        """Whom they are for themselves; nobody once the account is closed."""
        if self.is_closed:
            return None
        return own_hat(self.user_id, self.user_name, sign_in_id=self.id)


# With its user beside it: whoever asks for a sign-in asks next who that is.
_WITH_USER = Ready(
    select(
        SignIn.id,
        SignIn.user_id,
        SignIn.secret_hash,
        SignIn.seen_at,
        SignIn.ends_at,
        SignIn.ended_at,
        SignIn.hat_role,
        SignIn.hat_id,
        User.name,
        User.closed_at,
    )
    .join(User, User.id == SignIn.user_id)
    .where(SignIn.id == bindparam("sign_in_id"))
)


def find_sign_in(
    session: Session, *, sign_in_id: UUID, secret_hash: str, at: datetime
) -> LivingSignIn | None:
    """Return a living sign-in, if the cookie's secret is right and it was used lately."""
    (rows,) = rows_of_all(session, asked_for_sign_in(sign_in_id))
    return living_sign_in(rows, secret_hash=secret_hash, at=at)


def asked_for_sign_in(sign_in_id: UUID) -> Asked:
    """Return the statement for a sign-in, for whoever asks something else beside it."""
    return _WITH_USER, {"sign_in_id": sign_in_id}


def living_sign_in(rows: Sequence[Row], *, secret_hash: str, at: datetime) -> LivingSignIn | None:
    """Return the sign-in that was found, if its secret is right and it was used lately."""
    if not rows:
        return None
    found_id, user_id, hashed, seen_at, ends_at, ended_at, role, hat_id, name, closed_at = rows[0]
    if hashed != secret_hash or ended_at is not None:
        return None
    if at >= ends_at or at - seen_at > SIGN_IN_IDLE:
        return None
    return LivingSignIn(found_id, user_id, seen_at, role, hat_id, name, closed_at is not None)


def person_of(sign_in_id: ColumnElement[UUID]) -> ScalarSelect[UUID]:
    """Return for whom a sign-in asks, as part of a statement of a room above.

    It says nothing about whether the sign-in is good, or a supporter still one.
    """
    whose = case((SignIn.hat_role == Role.PERSON, SignIn.user_id), else_=SignIn.hat_id)
    return select(whose).where(SignIn.id == sign_in_id).scalar_subquery()


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
