"""The next four weeks of standing orders, day by day, with what is covered and what is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.orders.models import StandingMiss, StandingOrder, Visit
from marketplace.orders.queries.standing_course import Covered, done_of, made_of
from marketplace.orders.queries.standing_rows import COVERED, NOT_COVERED, DayRow
from marketplace.orders.queries.standing_stops import last_days_of
from marketplace.orders.rules import OrderState, VisitState, line_words
from marketplace.orders.rules.standing import (
    WEEKS_AHEAD,
    Course,
    Fate,
    Occasion,
    Pattern,
    monday,
)
from marketplace.orders.rules.standing_money import cost_of

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    made: Mapping[datetime, Covered]
    """Visits that take place, by time."""
    done: frozenset[tuple[datetime, int]]
    missed: Mapping[tuple[date, int], str]
    workers: Mapping[UUID, str]
    over_words: str
    last_on: date | None
    """The last day of a provider who stops."""


def days_of(
    session: Session,
    standings: Sequence[StandingOrder],
    found: Mapping[UUID, Course],
    *,
    at: datetime,
    with_reasons: bool = True,
) -> tuple[DayRow, ...]:
    """Return what happens in the next four weeks, by time. A provider is told no reasons."""
    made = made_of(session, standings, at=at)
    missed = _missed(session, [standing.id for standing in standings], with_reasons=with_reasons)
    workers = _workers(session, [each.visit_id for rows in made.values() for each in rows])
    last_days = last_days_of(session, list(found))
    rows: list[DayRow] = []
    for standing in standings:
        stop = last_days.get(standing.id)
        known = _Known(
            made={each.planned_at: each for each in made[standing.id] if each.lives},
            done=done_of(made[standing.id]),
            missed=missed.get(standing.id, {}),
            workers=workers,
            over_words=standing.over_words if with_reasons else "",
            last_on=stop.last_on if stop else None,
        )
        rows.extend(_days(standing, found[standing.id], known, at=at))
    return tuple(sorted(rows, key=lambda row: (row.planned_at, row.title, str(row.standing_id))))


def latest_of(course: Course, today: date) -> Pattern:
    """Return the pattern of a day; before the first one begins, the first."""
    begun = [pattern for pattern in course.patterns if pattern.starts_on <= today]
    return begun[-1] if begun else course.patterns[0]


def _days(
    standing: StandingOrder, course: Course, known: _Known, *, at: datetime
) -> Iterator[DayRow]:
    today = local_day(at)
    ends = today + WEEKS_AHEAD * _WEEK
    for each in course.between(monday(today) - _WEEK, ends + _WEEK):
        if not today <= each.on < ends or each.planned_at <= at:
            continue
        status, tone, words = _status(standing, each, known)
        made = known.made.get(each.planned_at) if each.may_stay else None
        yield DayRow(
            standing_id=standing.id,
            title=standing.title,
            provider_name=standing.provider_name,
            on=each.on,
            planned_at=each.planned_at,
            timed=each.minute is not None,
            minute=each.minute,
            what=line_words(standing.title, standing.unit, each.quantity, each.pattern.choice),
            amount=cost_of(replace(each, fate=Fate.HAPPENS) if made else each, standing.bands),
            status=status,
            tone=tone,
            words=words,
            worker=known.workers.get(made.visit_id, "") if made else "",
            order_id=made.order_id if made else None,
            can_skip=status in {COVERED, NOT_COVERED, _SOON},
        )


_SOON = "Not ordered yet"
_STOPS = "They do not come any more"
_ORDERED = "It was ordered before. Agree on another day, or call it off."
_FATES = {
    Fate.SKIPPED: "Left out",
    Fate.HOLIDAY: "Bank holiday",
    Fate.CLOCKS: "Clocks change",
}
_ORDER_STATUS = {
    OrderState.PROPOSED: ("Waits for a yes", "notice"),
    OrderState.PLACED: ("Waits for the provider", "info"),
    OrderState.CHANGE_PROPOSED: ("Another time suggested", "notice"),
}


def _status(standing: StandingOrder, each: Occasion, known: _Known) -> tuple[str, str, str]:
    if not each.may_stay:
        return _FATES[each.fate], "quiet", each.words
    if known.last_on is not None and each.on > known.last_on:
        return _STOPS, "bad", f"The last day of {standing.provider_name} is before."
    made = known.made.get(each.planned_at)
    if made is not None:
        return _status_of_made(standing, each, made)
    if (each.planned_at, each.pattern.number) in known.done:
        return "Called off", "quiet", each.words
    if each.fate is Fate.AWAY:
        return f"{standing.provider_name} is away", "notice", each.words
    why_not = _why_not(standing, each, known)
    if why_not is not None:
        return NOT_COVERED, "bad", " ".join(filter(None, (each.words, why_not)))
    if standing.accepted_at is None:
        return "Waits for the first week", "quiet", each.words
    return _SOON, "quiet", each.words


def _status_of_made(standing: StandingOrder, each: Occasion, made: Covered) -> tuple[str, str, str]:
    if made.state is not VisitState.PLANNED:
        return made.state.label, "info", each.words
    label, tone = _ORDER_STATUS.get(made.order_state, (COVERED, "good"))
    away = each.fate is Fate.AWAY
    words = f"{standing.provider_name} is away then. {_ORDERED}" if away else each.words
    return label, tone, words


def _why_not(standing: StandingOrder, each: Occasion, known: _Known) -> str | None:
    """Say why nobody comes; None if nothing is in the way as far as is known."""
    if standing.over_from is not None and each.on >= standing.over_from:
        return known.over_words
    return known.missed.get((each.week_on, each.pattern.number))


def _missed(
    session: Session, ids: Sequence[UUID], *, with_reasons: bool
) -> dict[UUID, dict[tuple[date, int], str]]:
    rows = select(
        StandingMiss.standing_id,
        StandingMiss.week_on,
        StandingMiss.pattern_number,
        StandingMiss.refusal,
    ).where(StandingMiss.standing_id.in_(ids), StandingMiss.covered_at.is_(None))
    found: dict[UUID, dict[tuple[date, int], str]] = {}
    for standing_id, week_on, number, refusal in session.execute(rows):
        words = refusal if with_reasons else ""
        found.setdefault(standing_id, {})[(week_on, number)] = words
    return found


def _workers(session: Session, visit_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = select(Visit.id, Visit.worker).where(Visit.id.in_(visit_ids))
    return dict(session.execute(rows).all())
