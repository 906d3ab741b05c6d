"""What stands in a calendar between two days: of a person, of several, of a store, of a worker."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.calendars.rules.entries import (
    KEPT,
    NEVER,
    Entry,
    EntryKind,
    Status,
    Sureness,
    not_ordered_status,
    visit_status,
)
from marketplace.calendars.rules.weeks import span
from marketplace.kernel.clock import local_day
from marketplace.orders.queries.calendar import (
    CalendarVisit,
    NotOrdered,
    days_not_ordered,
    visits_of_people,
    visits_of_store,
    visits_to_confirm,
    visits_without_day,
)
from marketplace.shortlists.queries import kept_activities

__all__ = ["Asked", "entries_of_people", "entries_of_store", "open_questions", "without_day"]

_CANCELLED = Status("Cancelled", "bad", Sureness.OFF)


@dataclass(frozen=True, slots=True)
class Asked:
    """From which day on, and up to which, a calendar is looked at."""

    starts_on: date
    ends_before: date
    at: datetime


def entries_of_people(
    session: Session,
    asked: Asked,
    *,
    person_ids: Collection[UUID],
    activities_of: UUID | None = None,
) -> list[Entry]:
    """Return what is on for some people, and what one of them kept on their lists."""
    from_at, before_at = span(asked.starts_on, asked.ends_before)
    visits = visits_of_people(session, person_ids=person_ids, from_at=from_at, before_at=before_at)
    missing = days_not_ordered(session, person_ids=person_ids, at=asked.at)
    found = [_visit(visit, asked.at, for_store=False) for visit in visits]
    found += _not_ordered(missing, visits, asked, for_store=False)
    if activities_of is not None:
        found += _kept(session, activities_of, asked)
    return found


def entries_of_store(
    session: Session, asked: Asked, *, provider_id: UUID, worker: str = ""
) -> list[Entry]:
    """Return what a store has to do, or one of its workers, if they are named."""
    from_at, before_at = span(asked.starts_on, asked.ends_before)
    visits = visits_of_store(
        session, provider_id=provider_id, from_at=from_at, before_at=before_at, worker=worker
    )
    missing = days_not_ordered(session, provider_id=provider_id, at=asked.at)
    found = [_visit(visit, asked.at, for_store=True) for visit in visits]
    if not worker:  # who comes on a day that is not ordered, nobody has said yet
        found += _not_ordered(missing, visits, asked, for_store=True)
    return found


def without_day(
    session: Session,
    *,
    person_ids: Collection[UUID] = (),
    provider_id: UUID | None = None,
    worker: str = "",
    at: datetime,
) -> list[Entry]:
    """Return what is agreed and has no day yet."""
    visits = visits_without_day(
        session, person_ids=person_ids, provider_id=provider_id, worker=worker
    )
    return [_visit(visit, at, for_store=provider_id is not None) for visit in visits]


def open_questions(session: Session, *, person_ids: Collection[UUID], at: datetime) -> list[Entry]:
    """Return the visits of which somebody has to say whether they came, the oldest first."""
    visits = visits_to_confirm(session, person_ids=person_ids)
    return [_visit(visit, at, for_store=False) for visit in visits]


def _visit(visit: CalendarVisit, at: datetime, *, for_store: bool) -> Entry:
    on = local_day(visit.planned_at) if visit.planned_at else None
    return Entry(
        kind=EntryKind.VISIT,
        key=f"visit-{visit.id}",
        on=on,
        planned_at=visit.planned_at,
        timed=visit.timed and visit.planned_at is not None,
        ends_at=visit.ends_at,
        what=visit.what,
        who=visit.person_name if for_store else visit.provider_name,
        worker=visit.worker,
        status=visit_status(
            visit.order_state,
            visit.state,
            visit.note_kind,
            passed=on is not None and on < local_day(at),
        ),
        category=visit.category,
        visit_id=visit.id,
        order_id=visit.order_id,
        standing_id=visit.standing_id,
        person_id=visit.person_id,
        person_name=visit.person_name,
        hidden=visit.order_state in NEVER,
    )


def _not_ordered(
    missing: Iterable[NotOrdered],
    visits: Iterable[CalendarVisit],
    asked: Asked,
    *,
    for_store: bool,
) -> Iterator[Entry]:
    # A week that was ordered and called off is told of by its visits.
    known = {(visit.standing_id, visit.planned_at) for visit in visits}
    for each in missing:
        day = each.day
        outside = not asked.starts_on <= day.on < asked.ends_before
        if outside or (day.standing_id, day.planned_at) in known:
            continue
        yield Entry(
            kind=EntryKind.NOT_ORDERED,
            key=f"standing-{day.standing_id}-{day.on.isoformat()}-{day.minute}",
            on=day.on,
            planned_at=day.planned_at,
            timed=day.timed,
            ends_at=None,
            what=day.what,
            who=each.person_name if for_store else day.provider_name,
            worker="",
            status=not_ordered_status(day.status, day.tone, may_come=day.can_skip),
            note=day.words,
            standing_id=day.standing_id,
            person_id=each.person_id,
            person_name=each.person_name,
        )


def _kept(session: Session, person_id: UUID, asked: Asked) -> Iterator[Entry]:
    days = (asked.ends_before - asked.starts_on).days
    for card in kept_activities(session, person_id=person_id, at=asked.at):
        for one in card.occurrences(asked.starts_on, days):
            yield Entry(
                kind=EntryKind.ACTIVITY,
                key=f"activity-{card.id}-{one.day.isoformat()}",
                on=local_day(one.at),
                planned_at=one.at,
                timed=bool(card.starts),
                ends_at=None,
                what=card.title,
                who=card.group.name,
                worker="",
                status=_CANCELLED if one.cancelled else KEPT,
                category=card.category,
                note=one.words,
                place=card.venue or card.online,
                listing_id=card.id,
            )
