"""Following a calendar in a phone: its secret address, made, changed and switched off."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.commands import count_try
from marketplace.access.rules import TRIES_MAX_OF_NETWORK, Actor
from marketplace.calendars.commands.deeds import note
from marketplace.calendars.errors import NoCalendarError, NotFollowedError
from marketplace.calendars.models import Feed
from marketplace.calendars.rules.addresses import SALT_BYTES, Words, hash_of, secret_of
from marketplace.calendars.rules.subjects import Subject, subjects_of
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once

FETCHES_MAX = 60
"""Of one calendar in a quarter of an hour: a phone asks once in that time, at most."""


@dataclass(frozen=True, slots=True)
class FollowCalendar:
    """Which calendar somebody wants to follow, and how much it may say."""

    subject: Subject
    words: Words = Words.BUSY


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a secret address opens."""

    user_id: UUID
    subject: Subject
    words: Words


def follow(
    session: Session, wish: FollowCalendar, *, secret_key: str, by: Actor, at: datetime
) -> UUID:
    """Make a secret address of a calendar; one that is there already stays as it is.

    Raises:
        NotFoundError: they may not see that calendar.
    """
    subject = _own(wish.subject, by)
    feed_id = subject.of_user(by.user_id)
    salt = secrets.token_hex(SALT_BYTES)
    values = {
        "id": feed_id,
        "user_id": by.user_id,
        "whose": subject.whose,
        "person_id": subject.person_id,
        "provider_id": subject.provider_id,
        "words": wish.words,
        "salt": salt,
        "secret_hash": hash_of(secret_of(secret_key, feed_id, salt)),
        "made_at": at,
        "changed_at": at,
        "fetched_at": None,
        "used_at": at,
    }
    if insert_once(session, Feed, values):
        _note(session, "calendar-followed", feed_id, subject, by, at)
    return feed_id


def change_address(
    session: Session, *, subject: Subject, secret_key: str, by: Actor, at: datetime
) -> None:
    """Give a calendar another secret address; the old one opens nothing any more.

    Raises:
        NotFoundError: they may not see that calendar.
        NotFollowedError: it has no address yet.
    """
    feed = _locked(session, subject, by)
    feed.salt = secrets.token_hex(SALT_BYTES)
    feed.secret_hash = hash_of(secret_of(secret_key, feed.id, feed.salt))
    feed.changed_at, feed.used_at, feed.fetched_at = at, at, None
    _note(session, "calendar-address-changed", feed.id, subject, by, at)


def choose_words(
    session: Session, *, subject: Subject, words: Words, by: Actor, at: datetime
) -> None:
    """Choose how much a calendar that is followed elsewhere says.

    Raises:
        NotFoundError: they may not see that calendar.
        NotFollowedError: it has no address yet.
    """
    feed = _locked(session, subject, by)
    if feed.words is words:
        return
    feed.words = words
    _note(session, "calendar-words-chosen", feed.id, subject, by, at)


def stop_following(session: Session, *, subject: Subject, by: Actor, at: datetime) -> None:
    """Switch off one's own secret address of a calendar. Twice is once.

    Raises:
        NotFoundError: they may not see that calendar.
    """
    subject = _own(subject, by)
    feed = session.get(Feed, subject.of_user(by.user_id), with_for_update=True)
    if feed is None:
        return
    session.delete(feed)
    _note(session, "calendar-switched-off", feed.id, subject, by, at)


def end_follower(session: Session, *, feed_id: UUID, by: Actor, at: datetime) -> None:
    """Switch off the address by which somebody else follows one's own calendar. Twice is once.

    Raises:
        NotFoundError: it is somebody else's calendar.
        NotAllowedError: a supporter asked: only the person themself can.
    """
    feed = session.get(Feed, feed_id, with_for_update=True)
    if feed is None or by.person_id is None or feed.person_id != by.person_id:
        raise NotFoundError
    if by.acts_for_another:
        raise NotAllowedError(f"Only {by.person_name} can do this.")
    session.delete(feed)
    _note(session, "calendar-switched-off", feed.id, feed.subject, by, at)


def note_fetched(session: Session, *, secret: str, at: datetime) -> Fetched:
    """Count that an address was asked for, and return what it opens.

    Whether whoever made it may still see that calendar, nobody has looked yet.

    Raises:
        TooManyTriesError: it was asked for too often lately.
        NoCalendarError: there is no such address, or it was changed or switched off.
    """
    rows = select(Feed).where(Feed.secret_hash == hash_of(secret)).with_for_update()
    feed = session.scalar(rows.execution_options(populate_existing=True))
    if feed is None:
        raise NoCalendarError
    count_try(session, limits={f"calendar/{feed.id}": FETCHES_MAX}, at=at)
    feed.fetched_at = feed.used_at = at
    return Fetched(feed.user_id, feed.subject, feed.words)


def count_wrong_address(session: Session, *, network: str, at: datetime) -> None:
    """Count that a network asked for an address that is none.

    Raises:
        TooManyTriesError: it did so too often lately.
    """
    count_try(session, limits={f"calendar/network/{network}": TRIES_MAX_OF_NETWORK}, at=at)


def _own(subject: Subject, by: Actor) -> Subject:
    if subject not in subjects_of(by):
        raise NotFoundError
    return subject


def _locked(session: Session, subject: Subject, by: Actor) -> Feed:
    feed = session.get(Feed, _own(subject, by).of_user(by.user_id), with_for_update=True)
    if feed is None:
        raise NotFollowedError
    return feed


def _note(
    session: Session, what: str, feed_id: UUID, subject: Subject, by: Actor, at: datetime
) -> None:
    note(session, what, about_id=feed_id, subject=subject, by_user_id=by.user_id, at=at)
