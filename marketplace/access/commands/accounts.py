"""Accounts: made, confirmed, closed."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.adapters.passwords import passwords
from marketplace.access.errors import EmailTakenError, WeakPasswordError
from marketplace.access.models import SignIn, User
from marketplace.access.rules import PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN
from marketplace.audit.commands import record
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter

_WELL_KNOWN = frozenset(
    {"password", "passwort", "1234567890", "qwertyuiop", "0123456789", "letmein", "iloveyou"}
)


def create_user(  # noqa: PLR0913 - the last two are for imports and tests
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    at: datetime,
    user_id: UUID | None = None,
    confirmed: bool = False,
) -> UUID:
    """Make an account and return its id.

    Raises:
        EmailTakenError: the address has an account.
        WeakPasswordError: the password is too short, too long or too well known.
    """
    check_password(password)
    user_id = user_id or uuid4()
    made = insert_once(
        session,
        User,
        {
            "id": user_id,
            "email": email.strip().lower(),
            "name": name.strip(),
            "password_hash": passwords.hash(password),
            "joined_at": at,
            "email_confirmed_at": at if confirmed else None,
        },
    )
    if not made:
        raise EmailTakenError("There is already an account with this e-mail address.")
    record(
        session,
        what="account-made",
        chain_id=user_id,
        subject_id=user_id,
        by_user_id=user_id,
        at=at,
    )
    return user_id


def check_password(password: str) -> None:
    """Refuse a password that is easily guessed.

    Raises:
        WeakPasswordError: with what to do about it.
    """
    if len(password) < PASSWORD_LENGTH_MIN:
        raise WeakPasswordError(
            f"Use at least {PASSWORD_LENGTH_MIN} characters. Three words do well."
        )
    if len(password) > PASSWORD_LENGTH_MAX:
        raise WeakPasswordError(f"Use at most {PASSWORD_LENGTH_MAX} characters.")
    plain = password.lower()
    if any(known in plain for known in _WELL_KNOWN) or len(set(plain)) < 4:  # noqa: PLR2004
        raise WeakPasswordError("That password is easy to guess. Use three words of your own.")


def confirm_email(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Note that somebody reads the letters sent to their address."""
    user = session.get_one(User, user_id, with_for_update=True)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = at
        record(
            session,
            what="address-confirmed",
            chain_id=user_id,
            subject_id=user_id,
            by_user_id=user_id,
            at=at,
        )


def change_password(session: Session, *, user_id: UUID, password: str, at: datetime) -> None:
    """Set a new password and end every sign-in.

    Raises:
        WeakPasswordError: the password is too short, too long or too well known.
    """
    check_password(password)
    user = session.get_one(User, user_id, with_for_update=True)
    user.password_hash = passwords.hash(password)
    session.execute(
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    write_letter(
        session,
        WriteLetter(
            key=f"password-changed/{user_id}/{at.isoformat()}",
            to=user.email,
            subject="Your password was changed",
            template="password_changed",
            values={"name": user.name},
        ),
        at=at,
    )
    record(
        session,
        what="password-changed",
        chain_id=user_id,
        subject_id=user_id,
        by_user_id=user_id,
        at=at,
    )


def change_name(session: Session, *, user_id: UUID, name: str, at: datetime) -> None:
    """Go by another name from now on; what was written before keeps the old one."""
    user = session.get_one(User, user_id, with_for_update=True)
    if user.name == name.strip():
        return
    user.name = name.strip()
    record(
        session,
        what="name-changed",
        chain_id=user_id,
        subject_id=user_id,
        by_user_id=user_id,
        at=at,
    )
