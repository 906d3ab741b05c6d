"""Letters with signed links: is this your address, and choose a new password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.adapters import links
from marketplace.access.commands.accounts import change_password, confirm_email
from marketplace.access.errors import LinkExpiredError
from marketplace.access.models import User
from marketplace.outbox.commands import WriteLetter, write_letter


def send_confirmation(session: Session, *, user_id: UUID, secret_key: str, at: datetime) -> None:
    """Ask somebody by letter whether an address is theirs."""
    user = session.get_one(User, user_id)
    made = links.token(secret_key, links.CONFIRM, user.id, user.email)
    _write(session, user, "Is this your e-mail address?", "confirm_address", made, at)


def confirm_by_link(session: Session, *, link: str, secret_key: str, at: datetime) -> UUID:
    """Note that somebody opened the letter to their address; return who.

    Raises:
        LinkExpiredError: the link is too old, not ours, or for another address.
    """
    user = _user_of(session, links.CONFIRM, link, secret_key)
    links.still_bound(secret_key, links.CONFIRM, link, user.email)
    confirm_email(session, user_id=user.id, at=at)
    return user.id


def send_reset(session: Session, *, email: str, secret_key: str, at: datetime) -> None:
    """Send a link for a new password, if somebody has this address; say nothing if nobody has."""
    user = session.scalar(
        select(User).where(User.email == email.strip().lower(), User.closed_at.is_(None))
    )
    if user is not None:
        made = links.token(secret_key, links.RESET, user.id, user.reset_binding)
        _write(session, user, "Choose a new password", "reset_password", made, at)


def set_password_by_link(
    session: Session, *, link: str, password: str, secret_key: str, at: datetime
) -> UUID:
    """Set a new password by the link from a letter, once; return whose.

    Raises:
        LinkExpiredError: the link is too old, not ours, or was used.
        WeakPasswordError: the password is too short, too long or too well known.
    """
    user = _user_of(session, links.RESET, link, secret_key)
    links.still_bound(secret_key, links.RESET, link, user.reset_binding)
    change_password(session, user_id=user.id, password=password, at=at)
    # Whoever opened the letter reads the address.
    confirm_email(session, user_id=user.id, at=at)
    return user.id


def _user_of(session: Session, purpose: str, link: str, secret_key: str) -> User:
    user_id = links.user_of(secret_key, purpose, link)
    # Locked: of two uses of one link at the same time the second sees the first.
    user = session.get(User, user_id, with_for_update=True)
    if user is None or user.closed_at is not None:
        raise LinkExpiredError("This link is no longer good.")
    return user


def _write(
    session: Session, user: User, subject: str, template: str, link: str, at: datetime
) -> None:
    letter = WriteLetter(
        key=f"{template}/{user.id}/{at.isoformat()}",
        to=user.email,
        subject=subject,
        template=template,
        values={"name": user.name, "link": link},
    )
    write_letter(session, letter, at=at)
