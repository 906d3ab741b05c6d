"""When a store is there, where it comes to, and when it has room."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.errors import BadAreaError, BadTimesError
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import (
    OPENING_WORDS_MAX,
    ROOM,
    AnswersWithin,
    OpenDay,
    checked_opening,
    checked_text,
    weeks_to_ask,
)
from marketplace.councils.queries import councils
from marketplace.kernel.clock import local_day
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import locate

DISTRICTS_MAX = 60


def set_opening(
    session: Session,
    *,
    opening: Collection[OpenDay],
    words: str = "",
    answers_within: AnswersWithin | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Say when the provider can be reached, and how soon it usually answers.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadTimesError: a day closes before it opens.
        BadWordsError: the words are too long.
    """
    provider = own_store(session, by)
    provider.opening = checked_opening(opening)
    provider.opening_words = checked_text(
        words, what="sentence about your times", longest=OPENING_WORDS_MAX, one_line=True
    )
    provider.answers_within = answers_within.value if answers_within else ""
    note(session, "times-set", provider_id=provider.id, by=by, at=at)


def set_area(
    session: Session,
    *,
    districts: Collection[str],
    council_ids: Collection[UUID],
    by: Actor,
    at: datetime,
) -> None:
    """Say where the provider comes to besides its radius: districts, or the whole of councils.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadAreaError: there is no such district or council, or there are too many.
    """
    provider = own_store(session, by)
    provider.covered_districts = districts_named(districts)
    known = {card.id for card in councils(session)}
    if not known.issuperset(council_ids):
        raise BadAreaError("Choose councils from the list.")
    provider.covered_council_ids = sorted(str(council_id) for council_id in set(council_ids))
    note(session, "area-set", provider_id=provider.id, by=by, at=at)
    ask_for_store(session, provider.id, at=at)


def set_room(
    session: Session,
    *,
    usual: Collection[str],
    full_weeks: Collection[date],
    full_until: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Say in which parts of a usual week there is room, which weeks are full, and until when.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadTimesError: there is no such part of a week, or the day has passed.
    """
    provider = own_store(session, by)
    today = local_day(at)
    if full_until is not None and full_until < today:
        raise BadTimesError("That day has passed. Enter a day from today on.")
    if not set(ROOM).issuperset(usual) or not set(weeks_to_ask(today)).issuperset(full_weeks):
        raise BadTimesError("Choose days and weeks from the page.")
    provider.room = [part for part in ROOM if part in usual]
    provider.full_weeks = sorted(week.isoformat() for week in set(full_weeks))
    provider.full_until = full_until
    provider.room_said_at = at
    note(session, "room-set", provider_id=provider.id, by=by, at=at)
    ask_for_store(session, provider.id, at=at)


def end_full_times(session: Session, *, at: datetime) -> int:
    """Let stores be found as having room once the day has passed until which they were full."""
    rows = (
        select(Provider)
        .where(Provider.full_until < local_day(at))
        .order_by(Provider.id)
        .with_for_update()
    )
    passed = list(session.scalars(rows))
    for provider in passed:
        provider.full_until = None
        ask_for_store(session, provider.id, at=at)
    return len(passed)


def districts_named(typed: Collection[str]) -> list[str]:
    """Return postcode districts as they are written, each once.

    Raises:
        BadAreaError: one of them is nowhere, or there are too many.
    """
    found = []
    for each in typed:
        try:
            found.append(locate(each).outcode)
        except PlaceNotFoundError as nowhere:
            raise BadAreaError(
                f"We do not know {each[:20]}. Write the first half of postcodes, like LS6."
            ) from nowhere
    districts = list(dict.fromkeys(found))
    if len(districts) > DISTRICTS_MAX:
        raise BadAreaError(f"Name at most {DISTRICTS_MAX} districts, or tick a whole council.")
    return districts
