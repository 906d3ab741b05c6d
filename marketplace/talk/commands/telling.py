"""Telling the others of a conversation that there is something new; never what it says."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import queries as budgets
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.talk.models import Message, ReadMark, Thread
from marketplace.talk.rules import Subject

_ANSWERING = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})
_Reader = tuple[UUID, str, str]
"""Somebody's id, name and address."""


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
        for user_id, name, email in ([] if to_council else _readers(session, thread, at))
        if user_id != by.user_id and marks.get(user_id, 0) >= thread.last_number
    }
    if to_council and thread.council_id is not None:
        council = councils.council(session, council_id=thread.council_id)
        people[council.email] = council.name
    for email, name in sorted(people.items()):
        subject = f"{by.name} asks you into a conversation" if to_council else ""
        _tell(session, thread, key=key, to=email, name=name, subject=subject, by=by, at=at)
    if thread.subject is Subject.PLAN and by.person_id is not None:
        _tell_council(session, thread, by=by, at=at)


def _tell_council(session: Session, thread: Thread, *, by: Actor, at: datetime) -> None:
    """Write to the council itself where nobody there has had to do with this plan; once a wait."""
    assert thread.council_id is not None
    if _practitioners(session, thread):
        return
    council = councils.council(session, council_id=thread.council_id)
    key = f"conversation-waits/{thread.id}/{thread.waits_since}"
    _tell(session, thread, key=key, to=council.email, name=council.name, by=by, at=at)


def _tell(  # noqa: PLR0913 - of what, to whom, by whom and when
    session: Session,
    thread: Thread,
    *,
    key: str,
    to: str,
    name: str,
    by: Actor,
    at: datetime,
    subject: str = "",
) -> None:
    with_whom = thread.provider_name
    if thread.subject is Subject.PLAN and thread.council_id is not None:
        with_whom = councils.council(session, council_id=thread.council_id).name
    letter = WriteLetter(
        key=f"{key}/{to}",
        to=to,
        subject=subject or f"{by.name} has written to you",
        template="message_written",
        values={
            "name": name,
            "by": by.name,
            "title": thread.title,
            "provider": with_whom,
            "path": f"/messages/{thread.id}",
        },
    )
    write_letter(session, letter, at=at)


def _readers(session: Session, thread: Thread, at: datetime) -> list[_Reader]:
    """Return everybody who is to learn of something new: the person, their side, the other."""
    found = []
    try:
        person = access.person(session, user_id=thread.person_id)
        found.append((person.id, person.name, person.email))
    except NotFoundError:
        pass  # They have closed their account: there is nobody to write to.
    if thread.subject is Subject.PLAN:
        return [*found, *_planners(session, thread, at), *_practitioners(session, thread)]
    return [*found, *_of_order(session, thread, at)]


def _planners(session: Session, thread: Thread, at: datetime) -> list[_Reader]:
    """Return who sees the person's money and helps with the plan."""
    person_id = thread.person_id
    sees = access.active_supporters(session, person_id=person_id, scope=Scope.SEE, at=at)
    plans = access.active_supporters(session, person_id=person_id, scope=Scope.PLAN, at=at)
    both = {each.id for each in plans}
    return [(each.id, each.name, each.email) for each in sees if each.id in both]


def _practitioners(session: Session, thread: Thread) -> list[_Reader]:
    """Return those of the council who set up this person's money, or have written here."""
    assert thread.council_id is not None
    concerned = _wrote(session, thread) | budgets.who_had_to_do_with(
        session, person_id=thread.person_id, council_id=thread.council_id
    )
    return [
        (each.id, each.name, each.email)
        for each, role in access.staff_of(session, organisation_id=thread.council_id)
        if role is Role.PRACTITIONER and each.id in concerned
    ]


def _of_order(session: Session, thread: Thread, at: datetime) -> list[_Reader]:
    """Return who wrote for the person, who answers, and who wrote for the council."""
    assert thread.provider_id is not None
    found, wrote = [], _wrote(session, thread)
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


def _wrote(session: Session, thread: Thread) -> set[UUID]:
    of_thread = select(Message.by_user_id).where(Message.thread_id == thread.id)
    return set(session.scalars(of_thread.distinct()))
