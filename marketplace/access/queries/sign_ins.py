"""Signed-in browsers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.access.models import SignIn, User
from marketplace.access.rules import SIGN_IN_IDLE, Actor, Role, own_hat
from marketplace.kernel.ready import Ready


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
        return None if self.is_closed else own_hat(self.user_id, self.user_name)


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
    found = _WITH_USER.first(session, sign_in_id=sign_in_id)
    if found is None:
        return None
    found_id, user_id, hashed, seen_at, ends_at, ended_at, role, hat_id, name, closed_at = found
    if hashed != secret_hash or ended_at is not None:
        return None
    if at >= ends_at or at - seen_at > SIGN_IN_IDLE:
        return None
    return LivingSignIn(found_id, user_id, seen_at, role, hat_id, name, closed_at is not None)


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
