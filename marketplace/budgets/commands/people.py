"""Adding people to a council's list."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.commands import create_user
from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.councils.commands import note_person
from marketplace.kernel.errors import NotAllowedError
from marketplace.outbox.commands import WriteLetter, write_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """Somebody a council is to fund: their account if they have one, or a new one."""

    name: str
    email: str


def add_person(session: Session, wish: AddPerson, *, by: Actor, at: datetime) -> UUID:
    """Put somebody on the council's list and return their id; adding them again changes nothing.

    Somebody without an account gets one, and a letter that says how to set a password.

    Raises:
        NotAllowedError: they are no practitioner.
    """
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of a council can add a person.")
    there = access.find_person_by_email(session, email=wish.email)
    person_id = there.id if there else _make_account(session, wish, by=by, at=at)
    note_person(session, council_id=by.works_for, person_id=person_id, funded=False, at=at)
    record(
        session,
        what="person-added",
        chain_id=person_id,
        subject_id=person_id,
        by_user_id=by.user_id,
        for_person_id=person_id,
        at=at,
        details={"council_id": str(by.works_for)},
    )
    return person_id


def _make_account(session: Session, wish: AddPerson, *, by: Actor, at: datetime) -> UUID:
    # Nobody knows this password: the letter says how to choose one's own.
    person_id = create_user(
        session, email=wish.email, name=wish.name, password=secrets.token_urlsafe(32), at=at
    )
    write_letter(
        session,
        WriteLetter(
            key=f"welcome/{person_id}",
            to=wish.email.strip().lower(),
            subject=f"{by.organisation_name} has made an account for you",
            template="welcome",
            values={
                "name": wish.name.strip(),
                "council_name": by.organisation_name,
                "practitioner_name": by.name,
            },
        ),
        at=at,
    )
    return person_id
