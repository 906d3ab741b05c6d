"""Holidays of a store, and how many people and hours it can take."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.errors import BadTimesError
from marketplace.catalogue.models import Break, Provider
from marketplace.catalogue.rules import checked_text
from marketplace.catalogue.rules.holidays import (
    AHEAD_DAYS_MAX,
    HOURS_MAX,
    LONG_DAYS_MAX,
    PEOPLE_MAX,
    WORDS_LENGTH_MAX,
    Away,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBreak:
    """On which days a store takes no visits; sent twice it is one holiday."""

    break_id: UUID
    starts_on: date
    last_on: date
    words: str = ""


def take_break(session: Session, wish: TakeBreak, *, by: Actor, at: datetime) -> bool:
    """Close one's own store for some days, and tell whether that is new.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadTimesError: the days cannot be, or fall in another holiday.
        BadWordsError: the words are too long.
    """
    provider = own_store(session, by)
    words = checked_text(wish.words, what="message", longest=WORDS_LENGTH_MAX, one_line=True)
    if session.get(Break, wish.break_id) is not None:
        return False
    _check(session, provider, wish, local_day(at))
    insert_once(
        session,
        Break,
        {
            "id": wish.break_id,
            "provider_id": provider.id,
            "starts_on": wish.starts_on,
            "ends_before": wish.last_on + timedelta(days=1),
            "words": words,
            "made_by_id": by.user_id,
            "made_by_name": by.name,
            "made_at": at,
        },
    )
    note(session, "holiday-set", provider_id=provider.id, subject_id=wish.break_id, by=by, at=at)
    return True


def end_break(session: Session, *, break_id: UUID, by: Actor, at: datetime) -> None:
    """Call a holiday off, or come back early: from now on visits can be ordered on its days.

    Raises:
        NotFoundError: it is not one of their store's.
    """
    provider = own_store(session, by)
    found = session.get(Break, break_id, with_for_update=True, populate_existing=True)
    if found is None or found.provider_id != provider.id:
        raise NotFoundError
    if found.ended_at is None:
        found.ended_at = at
        note(session, "holiday-ended", provider_id=provider.id, subject_id=break_id, by=by, at=at)


def set_capacity(
    session: Session, *, people: int | None, hours: int | None, by: Actor, at: datetime
) -> None:
    """Say how many people, and how many hours a week, one's own store can take.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadTimesError: the numbers cannot be.
    """
    provider = own_store(session, by)
    if people is not None and not 1 <= people <= PEOPLE_MAX:
        raise BadTimesError(f"Enter a number of people between 1 and {PEOPLE_MAX:,}.")
    if hours is not None and not 1 <= hours <= HOURS_MAX:
        raise BadTimesError(f"Enter a number of hours between 1 and {HOURS_MAX:,}.")
    provider.people_most, provider.hours_most = people, hours
    provider.counted_at = None  # so that it is counted at once
    if people is None and hours is None:
        provider.people_now = provider.minutes_now = None
    note(session, "capacity-set", provider_id=provider.id, by=by, at=at)
    ask_for_store(session, provider.id, at=at)


def note_load(
    session: Session, *, provider_id: UUID, people: int, minutes: int, at: datetime
) -> bool:
    """Note how many people and minutes a week a store has now; tell whether that is news."""
    provider = session.get(Provider, provider_id, with_for_update=True, populate_existing=True)
    if provider is None:
        return False
    provider.counted_at = at
    if (provider.people_now, provider.minutes_now) == (people, minutes):
        return False
    was_full = provider.is_full
    provider.people_now, provider.minutes_now = people, minutes
    if provider.is_full is not was_full:
        ask_for_store(session, provider_id, at=at)
    return True


def _check(session: Session, provider: Provider, wish: TakeBreak, today: date) -> None:
    if wish.last_on < wish.starts_on:
        raise BadTimesError("The last day comes before the first. Enter them the other way round.")
    if wish.last_on < today:
        raise BadTimesError("These days have passed. Enter days to come.")
    if (wish.starts_on - today).days > AHEAD_DAYS_MAX:
        raise BadTimesError("That is more than two years ahead. Enter days that are nearer.")
    if (wish.last_on - wish.starts_on).days > LONG_DAYS_MAX:
        raise BadTimesError(
            "That is more than a year. If you stop, close your store for a holiday without an end."
        )
    others = session.scalars(
        select(Break).where(
            Break.provider_id == provider.id,
            Break.ended_at.is_(None),
            Break.starts_on <= wish.last_on,
            Break.ends_before > wish.starts_on,
        )
    ).first()
    if others is not None:
        away = Away(others.starts_on, others.ends_before)
        raise BadTimesError(f"You have a holiday then already: {away.words}.")
