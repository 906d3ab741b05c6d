"""The circle of support: inviting, accepting, changing, ending."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access.errors import InvitationError
from marketplace.access.models import Supporter, User
from marketplace.access.rules import INVITATION_LASTS, Actor, Basis, Permission, Scope
from marketplace.audit.commands import record
from marketplace.audit.rules import type_of_detail
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.commands import WriteLetter, write_letter

_SPENDING = frozenset({Scope.PROPOSE, Scope.APPROVE, Scope.PAY})
"""What a ceiling is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteSupporter:
    """A wish to have somebody in the circle: who, by what right, for what, until when."""

    email: str
    basis: Basis
    scopes: frozenset[Scope]
    ceiling: Money | None = None
    ends_before: date | None = None
    invitation_id: UUID


def invite_supporter(session: Session, wish: InviteSupporter, *, by: Actor, at: datetime) -> UUID:
    """Invite somebody into a person's circle and write to them; sent twice it is one invitation.

    Raises:
        InvitationError: nothing to be allowed, an end in the past, or themselves invited.
        NotAllowedError: a supporter hands on more than they themselves may do.
    """
    _may_manage(by, wish.scopes)
    _no_more_than_own(by, wish.scopes, wish.ceiling)
    email = wish.email.strip().lower()
    person = session.get_one(User, by.buys_for)
    _check(session, wish, email=email, person=person, by=by, at=at)
    _no_longer_than_own(session, wish.ends_before, by=by)
    if session.get(Supporter, wish.invitation_id) is not None:
        return wish.invitation_id
    row = Supporter(
        id=wish.invitation_id,
        person_id=person.id,
        invited_email=email,
        basis=wish.basis,
        scopes=sorted(wish.scopes),
        ceiling=wish.ceiling,
        ends_before=wish.ends_before,
        invited_by_id=by.user_id,
        invited_at=at,
    )
    session.add(row)
    write_letter(
        session,
        WriteLetter(
            key=f"invitation/{wish.invitation_id}",
            to=email,
            subject=f"{person.name} asks you to be in their circle of support",
            template="invitation",
            values={"person": person.name},
        ),
        at=at,
    )
    record_of_circle(session, "supporter-invited", row, by=by, at=at)
    return wish.invitation_id


def accept_invitation(session: Session, *, supporter_row_id: UUID, by: Actor, at: datetime) -> None:
    """Join the circle one was invited to.

    A broker says what they charge instead, and acts once the person has agreed to that.

    Raises:
        NotFoundError: it was not sent to this human's confirmed address.
        InvitationError: it is too old, was withdrawn, or is a broker's.
    """
    row = _locked(session, supporter_row_id)
    user = session.get_one(User, by.user_id)
    if row.invited_email != user.email or user.email_confirmed_at is None:
        raise NotFoundError
    check_open(row, at)
    if row.accepted_at is not None:
        return
    if row.basis is Basis.BROKER:
        raise InvitationError("First say what you charge, and whether you also sell support.")
    join(session, row, user_id=by.user_id, at=at)
    record_of_circle(session, "supporter-joined", row, by=by, at=at)


def check_open(row: Supporter, at: datetime) -> None:
    """Refuse an invitation that was taken back or is too old.

    Raises:
        InvitationError: it is one of the two.
    """
    if row.ended_at is not None or at - row.invited_at > INVITATION_LASTS:
        raise InvitationError("This invitation has ended. Ask for a new one.")


def join(session: Session, row: Supporter, *, user_id: UUID, at: datetime) -> None:
    """Let somebody act from now on. What they were in this circle before ends with it."""
    # Of two invitations that are accepted at the same time, one waits here for the other.
    session.get_one(User, user_id, with_for_update=True)
    session.execute(
        update(Supporter)
        .where(
            Supporter.person_id == row.person_id,
            Supporter.supporter_id == user_id,
            Supporter.accepted_at.is_not(None),
            Supporter.ended_at.is_(None),
            Supporter.id != row.id,
        )
        .values(ended_at=at)
    )
    row.supporter_id, row.accepted_at = user_id, at


def refuse_invitation(session: Session, *, supporter_row_id: UUID, by: Actor, at: datetime) -> None:
    """Say no to an invitation; it is then as if it had been withdrawn.

    Raises:
        NotFoundError: it was not sent to this human's confirmed address, or they have joined.
    """
    row = _locked(session, supporter_row_id)
    user = session.get_one(User, by.user_id)
    theirs = row.invited_email == user.email and user.email_confirmed_at is not None
    if not theirs or row.supporter_id is not None:
        raise NotFoundError
    if row.ended_at is None:
        row.ended_at = at
        record_of_circle(session, "invitation-refused", row, by=by, at=at)


def change_supporter(  # noqa: PLR0913 - what may change, by whom, when
    session: Session,
    *,
    supporter_row_id: UUID,
    scopes: frozenset[Scope],
    ceiling: Money | None,
    ends_before: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Change what a supporter may do, and until when.

    Raises:
        NotFoundError: they are not in this person's circle.
        NotAllowedError: a supporter hands on more than they themselves may do.
        InvitationError: nothing to be allowed, or an end in the past.
    """
    _may_manage(by, scopes)
    row = _of_circle(session, supporter_row_id, by)
    # What the person has let them do stays theirs, whoever changes the rest.
    if ceiling != row.ceiling or not scopes & _SPENDING <= set(row.scopes):
        _no_more_than_own(by, scopes, ceiling)
    if ends_before != row.ends_before:
        _no_longer_than_own(session, ends_before, by=by)
    if by.acts_for_another and row.supporter_id == by.user_id:
        raise NotAllowedError("You cannot change your own permissions.")
    _check_scopes_and_end(scopes, ends_before, at)
    row.scopes, row.ceiling, row.ends_before = sorted(scopes), ceiling, ends_before
    record_of_circle(session, "supporter-changed", row, by=by, at=at)


def end_supporter(session: Session, *, supporter_row_id: UUID, by: Actor, at: datetime) -> None:
    """Take somebody out of the circle, withdraw an invitation, or leave a circle oneself.

    Orders that they placed stay; the person is told where to see them.

    Raises:
        NotFoundError: it is neither their circle nor their place in one.
    """
    row = _locked(session, supporter_row_id)
    manages = by.person_id == row.person_id and by.may(Permission.MANAGE_CIRCLE)
    if not manages and row.supporter_id != by.user_id:
        raise NotFoundError
    if row.ended_at is not None:
        return
    row.ended_at = at
    if row.accepted_at is not None:
        _tell_of_end(session, row, at)
    record_of_circle(session, "supporter-ended", row, by=by, at=at)


def record_of_circle(
    session: Session,
    what: str,
    row: Supporter,
    *,
    by: Actor,
    at: datetime,
    **details: type_of_detail,
) -> None:
    """Write a deed about somebody's place in a circle into the person's trail."""
    record(
        session,
        what=what,
        chain_id=row.person_id,
        subject_id=row.id,
        by_user_id=by.user_id,
        for_person_id=row.person_id,
        at=at,
        details=details,
    )


def _tell_of_end(session: Session, row: Supporter, at: datetime) -> None:
    person = session.get_one(User, row.person_id)
    helper = session.get_one(User, row.supporter_id)
    letter = WriteLetter(
        key=f"supporter-ended/{row.id}",
        to=person.email,
        subject=f"{helper.name} no longer acts for you",
        template="supporter_ended",
        values={"name": person.name, "supporter": helper.name, "row_id": str(row.id)},
    )
    write_letter(session, letter, at=at)


def _check(
    session: Session,
    wish: InviteSupporter,
    *,
    email: str,
    person: User,
    by: Actor,
    at: datetime,
) -> None:
    _check_scopes_and_end(wish.scopes, wish.ends_before, at)
    if email == person.email:
        raise InvitationError("That is your own e-mail address.")
    if by.acts_for_another and email == session.get_one(User, by.user_id).email:
        # An invitation to oneself would change one's own permissions.
        raise NotAllowedError("You cannot change your own permissions.")


def _check_scopes_and_end(scopes: frozenset[Scope], ends_before: date | None, at: datetime) -> None:
    if not scopes:
        raise InvitationError("Choose at least one thing they may do.")
    if ends_before is not None and ends_before <= local_day(at):
        raise InvitationError("Choose a last day that is not in the past.")


def _may_manage(by: Actor, scopes: frozenset[Scope]) -> None:
    if not by.may(Permission.MANAGE_CIRCLE):
        raise NotAllowedError(f"{by.person_name} has not let you change their circle.")
    if by.acts_for_another and not scopes <= by.scopes:
        raise NotAllowedError("You cannot let somebody do more than you may do yourself.")


def _no_more_than_own(by: Actor, scopes: frozenset[Scope], ceiling: Money | None) -> None:
    if by.ceiling is None or not scopes & _SPENDING:
        return
    if ceiling is None or ceiling > by.ceiling:
        raise NotAllowedError(
            f"You may spend up to {by.ceiling} with one order, so you cannot let somebody spend "
            f"more. Enter {by.ceiling} or less."
        )


def _no_longer_than_own(session: Session, ends_before: date | None, *, by: Actor) -> None:
    if not by.acts_for_another:
        return
    own = session.scalar(
        select(Supporter.ends_before).where(
            Supporter.person_id == by.buys_for,
            Supporter.supporter_id == by.user_id,
            Supporter.accepted_at.is_not(None),
            Supporter.ended_at.is_(None),
        )
    )
    if own is not None and (ends_before is None or ends_before > own):
        last = own - timedelta(days=1)
        raise NotAllowedError(
            f"Your own part ends on {last.day} {last:%B %Y}, so you cannot let somebody act for "
            "longer. Enter that day or an earlier one."
        )


def _locked(session: Session, supporter_row_id: UUID) -> Supporter:
    row = session.get(Supporter, supporter_row_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    return row


def _of_circle(session: Session, supporter_row_id: UUID, by: Actor) -> Supporter:
    row = _locked(session, supporter_row_id)
    if row.person_id != by.person_id or row.ended_at is not None:
        raise NotFoundError
    return row
