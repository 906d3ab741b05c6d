"""Keeping things on lists."""

import secrets
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.shortlists.errors import BadListWordsError, ListFullError
from marketplace.shortlists.models import Note, Shortlist, Thing
from marketplace.shortlists.queries import hash_of, title_of
from marketplace.shortlists.rules import (
    FIRST_NAME,
    KEPT_MAX,
    LINKED_NAME,
    LISTS_MAX,
    NAME_LENGTH_MAX,
    NOTED_EVERY,
    UNUSED_AFTER,
    KeptKind,
)

_SECRET_BYTES = 24


def make_list(session: Session, *, shortlist_id: UUID, name: str, by: Actor, at: datetime) -> UUID:
    """Begin a list; sent twice it is one list.

    Raises:
        NotFoundError: the one who asks may not keep lists for anybody.
        BadListWordsError: it has no name, or one that is too long.
        ListFullError: there are as many lists as there is room for.
    """
    person_id = _keeps_for(by)
    count = select(func.count()).where(Shortlist.person_id == person_id)
    if (session.scalar(count) or 0) >= LISTS_MAX:
        raise ListFullError(f"There is room for {LISTS_MAX} lists. End one you no longer need.")
    values = {
        "id": shortlist_id,
        "person_id": person_id,
        "link_hash": None,
        "name": list_words(name, "name for your list", NAME_LENGTH_MAX),
        "made_at": at,
        "used_at": at,
    }
    if insert_once(session, Shortlist, values):
        note_deed(session, "list-made", shortlist_id, by, at)
    return _own(session, shortlist_id, by).id


def rename_list(
    session: Session, *, shortlist_id: UUID, name: str, by: Actor, at: datetime
) -> None:
    """Give a list another name.

    Raises:
        NotFoundError: it is somebody else's.
        BadListWordsError: it has no name, or one that is too long.
    """
    found = _own(session, shortlist_id, by)
    found.name, found.used_at = list_words(name, "name for your list", NAME_LENGTH_MAX), at
    note_deed(session, "list-renamed", shortlist_id, by, at)


def end_list(session: Session, *, shortlist_id: UUID, by: Actor, at: datetime) -> None:
    """Take a list away, with everything on it; only the person themself can.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: a supporter asked.
    """
    found = _own(session, shortlist_id, by)
    if by.acts_for_another:
        raise NotAllowedError(f"Only {by.person_name} can end this list.")
    _delete(session, [found.id])
    note_deed(session, "list-ended", shortlist_id, by, at)


def keep(
    session: Session,
    *,
    kind: KeptKind,
    subject_id: UUID,
    shortlist_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Keep something on a list, or on the one used last; return the list. Twice is once.

    Raises:
        NotFoundError: there is no such thing to see, or it is somebody else's list.
        ListFullError: the list is full.
    """
    title = title_of(session, kind=kind, subject_id=subject_id, at=at)
    found = _own(session, shortlist_id or _last_used(session, by, at), by)
    if _put(session, found, kind, subject_id, title, by.user_id, at):
        note_deed(session, "thing-kept", subject_id, by, at)
    found.used_at = at
    return found.id


def keep_by_link(
    session: Session, *, secret: str | None, kind: KeptKind, subject_id: UUID, at: datetime
) -> str:
    """Keep something without an account; return the secret that opens the list.

    Raises:
        NotFoundError: there is no such thing to see.
        ListFullError: the list is full.
    """
    title = title_of(session, kind=kind, subject_id=subject_id, at=at)
    found = _linked(session, secret, at) if secret else None
    if found is None:
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        found = Shortlist(
            person_id=None, link_hash=hash_of(secret), name=LINKED_NAME, made_at=at, used_at=at
        )
        session.add(found)
        session.flush()  # what is put on it needs the list
    _put(session, found, kind, subject_id, title, None, at)
    found.used_at = at
    assert secret is not None, "it was given or has just been made"
    return secret


def use_linked_list(session: Session, *, secret: str, at: datetime) -> None:
    """Note that somebody has opened a list by its link: it stays for another while."""
    # Once a day is enough: looking twice need not write twice.
    session.execute(
        update(Shortlist)
        .where(
            Shortlist.link_hash == hash_of(secret),
            Shortlist.used_at.between(at - UNUSED_AFTER, at - NOTED_EVERY),
        )
        .values(used_at=at)
    )


def copy_list(session: Session, *, secret: str, by: Actor, at: datetime) -> UUID:
    """Copy a list by link into a person's own lists; copied twice it is one list.

    Raises:
        NotFoundError: there is none, or the one who asks may not keep lists for anybody.
        ListFullError: there are as many lists as there is room for.
    """
    found = _linked(session, secret, at)
    if found is None:
        raise NotFoundError("This list is no longer here. Lists by link last 90 days.")
    own_id = uuid5(NAMESPACE_URL, f"list/{found.id}/{_keeps_for(by)}")
    if session.get(Shortlist, own_id) is None:
        make_list(session, shortlist_id=own_id, name=found.name, by=by, at=at)
    own = _own(session, own_id, by)
    rows = select(Thing).where(Thing.shortlist_id == found.id).order_by(Thing.added_at, Thing.id)
    for each in session.scalars(rows).all():
        _put(session, own, each.kind, each.subject_id, each.title, by.user_id, each.added_at)
    own.used_at = found.used_at = at
    return own.id


def move_thing(session: Session, *, thing_id: UUID, to_id: UUID, by: Actor, at: datetime) -> None:
    """Put something with its notes on another list of the same person.

    Raises:
        NotFoundError: one of the lists is somebody else's.
        ListFullError: the other list is full, or has it already.
    """
    thing, _ = own_thing(session, thing_id, by)
    other = _own(session, to_id, by)
    if thing.shortlist_id == other.id:
        return
    if _has(session, other, thing.kind, thing.subject_id):
        raise ListFullError("It is on that list already.")
    _check_room(session, other)
    thing.shortlist_id, other.used_at = other.id, at
    note_deed(session, "thing-moved", thing.subject_id, by, at)


def take_off(session: Session, *, thing_id: UUID, by: Actor, at: datetime) -> None:
    """Take something off a list: the person, or whoever put it there.

    Raises:
        NotFoundError: it is on somebody else's list.
        NotAllowedError: a supporter asked who did not put it there.
    """
    thing, found = own_thing(session, thing_id, by)
    if by.acts_for_another and thing.added_by_id != by.user_id:
        raise NotAllowedError(f"Only {by.person_name} and whoever put this here can take it off.")
    session.execute(delete(Note).where(Note.thing_id == thing.id))
    session.delete(thing)
    found.used_at = at
    note_deed(session, "thing-taken-off", thing.subject_id, by, at)


def take_off_linked(session: Session, *, secret: str, thing_id: UUID, at: datetime) -> None:
    """Take something off a list by link; what is gone already stays gone.

    Raises:
        NotFoundError: the link opens nothing.
    """
    found = _linked(session, secret, at)
    if found is None:
        raise NotFoundError
    session.execute(delete(Thing).where(Thing.id == thing_id, Thing.shortlist_id == found.id))
    found.used_at = at


def end_linked_list(session: Session, *, secret: str) -> None:
    """Take a list by link away: its link opens nothing from now on. Gone already stays gone."""
    _delete(
        session, list(session.scalars(select(Shortlist.id).filter_by(link_hash=hash_of(secret))))
    )


def forget_unused(session: Session, *, before: datetime) -> int:
    """Take away lists by link that nobody has used since an instant; return how many."""
    rows = select(Shortlist.id).where(Shortlist.person_id.is_(None), Shortlist.used_at < before)
    unused = list(session.scalars(rows))
    _delete(session, unused)
    return len(unused)


def forget_person(session: Session, *, user_id: UUID) -> None:
    """Take away the lists of somebody who has left, and what they said on others'."""
    session.execute(delete(Note).where(Note.written_by_id == user_id))
    _delete(session, list(session.scalars(_lists_of(user_id))))


def _keeps_for(by: Actor) -> UUID:
    if not by.may(Permission.KEEP_LISTS):
        raise NotFoundError
    return by.buys_for


def _own(session: Session, shortlist_id: UUID, by: Actor) -> Shortlist:
    """Lock and return a list of the person whom this is about."""
    person_id = _keeps_for(by)
    found = session.get(Shortlist, shortlist_id, with_for_update=True, populate_existing=True)
    if found is None or found.person_id != person_id:
        raise NotFoundError
    return found


def own_thing(session: Session, thing_id: UUID, by: Actor) -> tuple[Thing, Shortlist]:
    """Lock the list of the person whom this is about, and return what is on it.

    Raises:
        NotFoundError: it is on nobody's list whom the one who asks may help.
    """
    thing = session.get(Thing, thing_id)
    if thing is None:
        raise NotFoundError
    return thing, _own(session, thing.shortlist_id, by)


def _linked(session: Session, secret: str | None, at: datetime) -> Shortlist | None:
    if not secret:
        return None
    row = select(Shortlist).where(
        Shortlist.link_hash == hash_of(secret), Shortlist.used_at >= at - UNUSED_AFTER
    )
    return session.scalar(row.with_for_update())


def _last_used(session: Session, by: Actor, at: datetime) -> UUID:
    """Return the list used last; a first one is begun where there is none."""
    person_id = _keeps_for(by)
    rows = _lists_of(person_id).order_by(Shortlist.used_at.desc(), Shortlist.id).limit(1)
    found = session.scalar(rows)
    if found is not None:
        return found
    first_id = uuid5(NAMESPACE_URL, f"list/first/{person_id}")
    return make_list(session, shortlist_id=first_id, name=FIRST_NAME, by=by, at=at)


def _put(  # noqa: PLR0913, PLR0917 - the parts of one row
    session: Session,
    found: Shortlist,
    kind: KeptKind,
    subject_id: UUID,
    title: str,
    by_id: UUID | None,
    at: datetime,
) -> bool:
    if _has(session, found, kind, subject_id):
        return False
    _check_room(session, found)
    values = {
        "id": uuid4(),
        "shortlist_id": found.id,
        "kind": kind,
        "subject_id": subject_id,
        "title": title,
        "added_by_id": by_id,
        "added_at": at,
    }
    return insert_once(session, Thing, values)


def _has(session: Session, found: Shortlist, kind: KeptKind, subject_id: UUID) -> bool:
    row = select(Thing.id).filter_by(shortlist_id=found.id, kind=kind, subject_id=subject_id)
    return session.scalar(row) is not None


def _check_room(session: Session, found: Shortlist) -> None:
    count = select(func.count()).where(Thing.shortlist_id == found.id)
    if (session.scalar(count) or 0) >= KEPT_MAX:
        raise ListFullError(f"A list has room for {KEPT_MAX} things. Take something off first.")


def _lists_of(person_id: UUID) -> Select[UUID]:
    return select(Shortlist.id).where(Shortlist.person_id == person_id)


def _delete(session: Session, shortlist_ids: list[UUID]) -> None:
    things = select(Thing.id).where(Thing.shortlist_id.in_(shortlist_ids))
    session.execute(delete(Note).where(Note.thing_id.in_(things)))
    session.execute(delete(Thing).where(Thing.shortlist_id.in_(shortlist_ids)))
    session.execute(delete(Shortlist).where(Shortlist.id.in_(shortlist_ids)))


def list_words(typed: str, what: str, longest: int) -> str:
    """Return words as they are kept.

    Raises:
        BadListWordsError: there are none, or too many.
    """
    text = typed.strip()
    if not text:
        raise BadListWordsError(f"Write a {what}.")
    if len(text) > longest:
        raise BadListWordsError(f"Use at most {longest:,} characters.")
    return text


def note_deed(session: Session, what: str, subject_id: UUID, by: Actor, at: datetime) -> None:
    """Write down what was done about the lists of the person whom this is about."""
    record(
        session,
        what=what,
        chain_id=by.buys_for,
        subject_id=subject_id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
    )
