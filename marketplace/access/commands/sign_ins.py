"""Signing in and out, wearing hats, and slowing down those who guess."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.access import queries
from marketplace.access.adapters.passwords import passwords
from marketplace.access.errors import TooManyTriesError, WrongPasswordError
from marketplace.access.models import SignIn, SignInTries, User
from marketplace.access.rules import SIGN_IN_LASTS, TRIES_WINDOW, Actor, Role
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.writing import insert_once

SEEN_EVERY = timedelta(minutes=5)
DEVICE_LENGTH_MAX = 200


def right_user(session: Session, *, email: str, password: str) -> UUID:
    """Return whose e-mail address and password these are.

    Raises:
        WrongPasswordError: nobody's; it never says which of the two was wrong.
    """
    user = session.scalar(
        select(User).where(User.email == email.strip().lower(), User.closed_at.is_(None))
    )
    if not passwords.fits(password, user.password_hash if user else None) or user is None:
        raise WrongPasswordError("The e-mail address or the password is wrong.")
    return user.id


def count_try(session: Session, *, limits: Mapping[str, int], at: datetime) -> None:
    """Count a try under each key, in a transaction of its own, before it is looked at.

    ``limits`` says for each key how many tries there may be in ``TRIES_WINDOW``.

    Raises:
        TooManyTriesError: there were too many under one of the keys lately.
    """
    window = at - timedelta(seconds=at.timestamp() % TRIES_WINDOW.total_seconds())
    window = window.replace(microsecond=0)
    session.execute(delete(SignInTries).where(SignInTries.window_began_at < at - timedelta(days=1)))
    for key, most in sorted(limits.items()):
        insert_once(
            session,
            SignInTries,
            {"id": uuid4(), "key": key, "window_began_at": window, "count": 0},
        )
        tries = session.execute(
            update(SignInTries)
            .where(
                SignInTries.key == key,
                SignInTries.window_began_at == window,
                SignInTries.count < most,
            )
            .values(count=SignInTries.count + 1)
            .returning(SignInTries.count)
        ).first()
        if tries is None:
            minutes = TRIES_WINDOW // timedelta(minutes=1)
            raise TooManyTriesError(
                f"That was tried too often. Wait {minutes} minutes, then try again."
            )


def forget_tries(session: Session, *, keys: tuple[str, ...]) -> None:
    """Forget the tries under some keys, after one that was right."""
    session.execute(delete(SignInTries).where(SignInTries.key.in_(keys)))


def begin_sign_in(
    session: Session, *, user_id: UUID, device: str, at: datetime
) -> tuple[UUID, str]:
    """Sign somebody in and return the sign-in's id and the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    sign_in = SignIn(
        id=uuid4(),
        user_id=user_id,
        secret_hash=secret_hash(secret),
        device=device[:DEVICE_LENGTH_MAX],
        began_at=at,
        seen_at=at,
        ends_at=at + SIGN_IN_LASTS,
        hat_role=Role.PERSON,
        hat_id=user_id,
    )
    session.add(sign_in)
    record(
        session,
        what="signed-in",
        chain_id=user_id,
        subject_id=user_id,
        by_user_id=user_id,
        at=at,
    )
    return sign_in.id, secret


def secret_hash(secret: str) -> str:
    """Return what the database keeps of a cookie's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def note_seen(session: Session, *, sign_in_id: UUID, at: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def end_sign_in(session: Session, *, sign_in_id: UUID, by: Actor, at: datetime) -> None:
    """Sign out one browser of one's own; somebody else's is left alone."""
    ended = session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.user_id == by.user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
        .returning(SignIn.id)
    ).first()
    if ended is not None:
        _record_out(session, sign_in_id, by, at)


def end_other_sign_ins(session: Session, *, by: Actor, at: datetime) -> None:
    """Sign out all of one's browsers but this one."""
    session.execute(
        update(SignIn)
        .where(
            SignIn.user_id == by.user_id,
            SignIn.id != by.sign_in_id,
            SignIn.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    _record_out(session, by.user_id, by, at)


def wear_hat(
    session: Session, *, sign_in_id: UUID, role: Role, hat_id: UUID, by: Actor, at: datetime
) -> Actor:
    """Put on another hat and return who one is now.

    Raises:
        NotAllowedError: the hat is not theirs, or no longer.
    """
    hat = queries.find_actor(session, user_id=by.user_id, role=role, hat_id=hat_id, at=at)
    if hat is None:
        raise NotAllowedError("You do not have that role, or no longer.")
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.user_id == by.user_id)
        .values(hat_role=role, hat_id=hat_id)
    )
    return hat


def _record_out(session: Session, subject_id: UUID, by: Actor, at: datetime) -> None:
    record(
        session,
        what="signed-out",
        chain_id=by.user_id,
        subject_id=subject_id,
        by_user_id=by.user_id,
        at=at,
    )
