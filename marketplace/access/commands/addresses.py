"""Another e-mail address: asked for, and changed once somebody there says yes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.access.adapters import links
from marketplace.access.errors import LinkExpiredError, SameEmailError
from marketplace.access.models import EmailChange, User
from marketplace.audit.commands import record
from marketplace.outbox.commands import WriteLetter, write_letter


def ask_for_email(
    session: Session, *, user_id: UUID, email: str, secret_key: str, at: datetime
) -> None:
    """Write to a new address and tell the old one; nothing changes yet.

    Whether somebody else has the new address only its own reader is told.

    Raises:
        SameEmailError: it is the address they have.
    """
    user = session.get_one(User, user_id, with_for_update=True)
    email = email.strip().lower()
    if email == user.email:
        raise SameEmailError("That is the address you have now.")
    session.execute(
        delete(EmailChange).where(
            EmailChange.user_id == user_id, EmailChange.confirmed_at.is_(None)
        )
    )
    change = EmailChange(
        id=uuid4(), user_id=user_id, old_email=user.email, new_email=email, asked_at=at
    )
    session.add(change)
    taken = session.scalar(select(User.id).where(User.email == email)) is not None
    values = {"name": user.name, "new_email": email}
    _write(session, change, user.email, "email_change_asked", values, at)
    if taken:
        _write(session, change, email, "email_in_use", {}, at)
    else:
        link = links.token(secret_key, links.CHANGE, user.id, str(change.id))
        _write(session, change, email, "email_change", {"name": user.name, "link": link}, at)
    _record(session, "address-change-asked", user_id, at)


def change_email_by_link(session: Session, *, link: str, secret_key: str, at: datetime) -> UUID:
    """Change an address by the link sent to the new one, once; return whose.

    Raises:
        LinkExpiredError: it is too old, not ours, was used, or the address has been taken since.
    """
    user = session.get(User, links.user_of(secret_key, links.CHANGE, link), with_for_update=True)
    if user is None or user.closed_at is not None:
        raise LinkExpiredError("This link is no longer good.")
    change = session.scalar(
        select(EmailChange).where(
            EmailChange.user_id == user.id, EmailChange.confirmed_at.is_(None)
        )
    )
    links.still_bound(secret_key, links.CHANGE, link, str(change.id) if change else "")
    assert change is not None, "a link is bound to a change that is there"
    old, was_known = user.email, user.email_confirmed_at is not None
    try:
        with session.begin_nested():
            user.email = change.new_email
            session.flush()  # the database says here whether somebody else has it by now
    except IntegrityError:
        raise LinkExpiredError("This address has an account by now.") from None
    # Letters to an address nobody had said yes to may have been read by somebody else.
    change.old_email = old if was_known else ""
    change.confirmed_at = user.email_confirmed_at = at
    _write(session, change, old, "email_changed", {"name": user.name}, at)
    _record(session, "address-changed", user.id, at)
    return user.id


_SUBJECTS = {
    "email_change_asked": "Somebody asks to change your e-mail address",
    "email_in_use": "You have an account already",
    "email_change": "Is this your new e-mail address?",
    "email_changed": "Your e-mail address was changed",
}


def _write(
    session: Session,
    change: EmailChange,
    to: str,
    template: str,
    values: dict[str, str],
    at: datetime,
) -> None:
    letter = WriteLetter(
        key=f"{template}/{change.id}",
        to=to,
        subject=_SUBJECTS[template],
        template=template,
        values=values,
    )
    write_letter(session, letter, at=at)


def _record(session: Session, what: str, user_id: UUID, at: datetime) -> None:
    record(session, what=what, chain_id=user_id, subject_id=user_id, by_user_id=user_id, at=at)
