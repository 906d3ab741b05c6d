"""Signed-in browsers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.access.models import SignIn, User
from marketplace.access.rules import SIGN_IN_IDLE, Role


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
    user: User
    """Kept at hand: while it is, asking the session for it again costs nothing."""


_WITH_USER = (
    select(SignIn, User)
    .join(User, User.id == SignIn.user_id)
    .where(SignIn.id == bindparam("sign_in_id"))
)


def find_sign_in(
    session: Session, *, sign_in_id: UUID, secret_hash: str, at: datetime
) -> LivingSignIn | None:
    """Return a living sign-in, if the cookie's secret is right and it was used lately."""
    # With its user beside it: whoever asks for a sign-in asks next who that is.
    found = session.execute(_WITH_USER, {"sign_in_id": sign_in_id}).first()
    if found is None:
        return None
    sign_in: SignIn = found[0]
    if sign_in.secret_hash != secret_hash or sign_in.ended_at is not None:
        return None
    if at >= sign_in.ends_at or at - sign_in.seen_at > SIGN_IN_IDLE:
        return None
    return LivingSignIn(
        sign_in.id,
        sign_in.user_id,
        sign_in.seen_at,
        sign_in.hat_role,
        sign_in.hat_id,
        found[1],
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
