"""Calendars that are followed elsewhere: by whom, when last, and what is in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor
from marketplace.audit.queries import Touched, touched
from marketplace.calendars.adapters.ics import Written, ics_of
from marketplace.calendars.models import Feed
from marketplace.calendars.queries.entries import Asked, entries_of_people, entries_of_store
from marketplace.calendars.rules.addresses import Words, hash_of, secret_of
from marketplace.calendars.rules.entries import Entry, EntryKind
from marketplace.calendars.rules.subjects import Subject, Whose
from marketplace.kernel.clock import local_day

DAYS_BACK, DAYS_AHEAD = timedelta(days=28), timedelta(days=183)
"""How much of a calendar is told to a phone."""

LinkOf = Callable[[Entry], str]
"""Returns the whole address of an entry's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A calendar that somebody follows."""

    id: UUID
    user_id: UUID
    user_name: str
    subject: Subject
    words: Words
    made_at: datetime
    changed_at: datetime
    fetched_at: datetime | None
    secret: str
    """The secret part of its address; "" for everybody else, and if the market's key is another."""


def feeds_of(
    session: Session, *, user_id: UUID, subjects: Iterable[Subject], secret_key: str
) -> Mapping[Subject, FeedRow]:
    """Return which of some calendars somebody follows, with their addresses."""
    ids = [subject.of_user(user_id) for subject in subjects]
    rows = session.scalars(select(Feed).where(Feed.id.in_(ids), Feed.user_id == user_id))
    return {row.subject: _row(row, "", _secret(row, secret_key)) for row in rows}


def followers_of(session: Session, *, person_id: UUID) -> list[FeedRow]:
    """Return who else follows a person's calendar, for that person; without their addresses."""
    rows = session.scalars(
        select(Feed)
        .where(Feed.person_id == person_id, Feed.user_id != person_id)
        .order_by(Feed.made_at, Feed.id)
    ).all()
    names = names_of(session, user_ids={row.user_id for row in rows})
    return [_row(row, names.get(row.user_id, ""), "") for row in rows]


def feed_file(  # noqa: PLR0913 - what, for whom, where it stands and when
    session: Session,
    *,
    subject: Subject,
    words: Words,
    by: Actor,
    link_of: LinkOf,
    domain: str,
    at: datetime,
) -> bytes:
    """Return a calendar as phones read it: four weeks back, half a year ahead."""
    today = local_day(at)
    asked = Asked(today - DAYS_BACK, today + DAYS_AHEAD, at)
    entries = [entry for entry in _entries(session, asked, subject, by) if _is_told(entry)]
    changes = touched(session, subject_ids=_concerned(entries))
    written = [_written(entry, changes, link_of, asked.at) for entry in entries]
    written.sort(key=lambda each: (each.entry.on or today, each.entry.key))
    return ics_of(written, name=_name(subject, by), words=words, domain=domain)


def _entries(session: Session, asked: Asked, subject: Subject, by: Actor) -> list[Entry]:
    if subject.whose is Whose.PERSON:
        return entries_of_people(session, asked, person_ids=[subject.id])
    worker = by.name if subject.whose is Whose.WORKER else ""
    return entries_of_store(session, asked, provider_id=subject.id, worker=worker)


def _is_told(entry: Entry) -> bool:
    # What was never ordered need not be taken back: no phone knows of it.
    return entry.kind is EntryKind.VISIT or not entry.is_off


def _concerned(entries: Iterable[Entry]) -> set[UUID]:
    both = ((entry.order_id, entry.standing_id) for entry in entries)
    return {each for pair in both for each in pair if each is not None}


def _written(
    entry: Entry, changes: Mapping[UUID, Touched], link_of: LinkOf, at: datetime
) -> Written:
    about = [
        changes[each] for each in (entry.order_id, entry.standing_id) if each and each in changes
    ]
    return Written(
        entry=entry,
        changes=sum(each.times for each in about),
        changed_at=max((each.last_at for each in about), default=at),
        link=link_of(entry),
    )


def _name(subject: Subject, by: Actor) -> str:
    if subject.whose is Whose.PERSON:
        return f"Support for {by.person_name}" if by.acts_for_another else "My support"
    if subject.whose is Whose.STORE:
        return f"All work of {by.organisation_name}"
    return f"My work for {by.organisation_name}"


def _secret(row: Feed, secret_key: str) -> str:
    secret = secret_of(secret_key, row.id, row.salt)
    return secret if hash_of(secret) == row.secret_hash else ""


def _row(row: Feed, user_name: str, secret: str) -> FeedRow:
    return FeedRow(
        id=row.id,
        user_id=row.user_id,
        user_name=user_name,
        subject=row.subject,
        words=row.words,
        made_at=row.made_at,
        changed_at=row.changed_at,
        fetched_at=row.fetched_at,
        secret=secret,
    )
