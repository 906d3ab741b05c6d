"""Telling the others of a conversation that there is something new; never what it says."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Role, Scope
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.talk.models import Message, ReadMark, Thread

_ANSWERING = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})


def tell_others(
    session: Session,
    thread: Thread,
    *,
    key: str,
    by: Actor,
    at: datetime,
    to_council: bool = False,
) -> None:
    """Write to the others of a conversation, but to nobody who has not read the last letter's."""
    read = select(ReadMark.user_id, ReadMark.number).where(ReadMark.thread_id == thread.id)
    marks = {row.user_id: row.number for row in session.execute(read)}
    people = {
        email: name
        for user_id, name, email in ([] if to_council else _others(session, thread, at))
        if user_id != by.user_id and marks.get(user_id, 0) >= thread.last_number
    }
    if to_council and thread.council_id is not None:
        council = councils.council(session, council_id=thread.council_id)
        people[council.email] = council.name
    for email, name in sorted(people.items()):
        letter = WriteLetter(
            key=f"{key}/{email}",
            to=email,
            subject=f"{by.name} asks you into a conversation"
            if to_council
            else f"{by.name} has written to you",
            template="message_written",
            values={
                "name": name,
                "by": by.name,
                "title": thread.title,
                "provider": thread.provider_name,
                "path": f"/messages/{thread.id}",
            },
        )
        write_letter(session, letter, at=at)


def _others(session: Session, thread: Thread, at: datetime) -> list[tuple[UUID, str, str]]:
    """Return everybody who is to learn of something new: the person, who wrote, who answers."""
    found = []
    wrote = set(
        session.scalars(select(Message.by_user_id).where(Message.thread_id == thread.id).distinct())
    )
    try:
        person = access.person(session, user_id=thread.person_id)
        found.append((person.id, person.name, person.email))
    except NotFoundError:
        pass  # They have closed their account: there is nobody to write to.
    for scope in (Scope.PROPOSE, Scope.PAY):
        helpers = access.active_supporters(session, person_id=thread.person_id, scope=scope, at=at)
        found += [(each.id, each.name, each.email) for each in helpers if each.id in wrote]
    staff = access.staff_of(session, organisation_id=thread.provider_id)
    found += [(each.id, each.name, each.email) for each, role in staff if role in _ANSWERING]
    if thread.council_asked_at is not None and thread.council_id is not None:
        team = access.staff_of(session, organisation_id=thread.council_id)
        found += [
            (each.id, each.name, each.email)
            for each, role in team
            if role is Role.PRACTITIONER and each.id in wrote
        ]
    return found
