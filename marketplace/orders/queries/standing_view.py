"""One standing order, as those see it whom it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.budgets.queries import lines_of, outcomes_of
from marketplace.catalogue.queries.instead import Instead
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.labels import label
from marketplace.orders.models import (
    Order,
    StandingGap,
    StandingOrder,
    StandingPattern,
    StandingRise,
    Visit,
)
from marketplace.orders.queries.seeing import sees_all
from marketplace.orders.queries.standing_away import Absence, absences, who_else
from marketplace.orders.queries.standing_course import courses
from marketplace.orders.queries.standing_days import days_of
from marketplace.orders.queries.standing_money import money_lasts, more_till_end, plan_ends_before
from marketplace.orders.queries.standing_pages import standing_rows
from marketplace.orders.queries.standing_rows import GapRow, PatternRow, RiseRow, StandingView
from marketplace.orders.queries.standing_stops import last_days_of
from marketplace.orders.queries.standing_together import sees_as_member, together_of
from marketplace.orders.rules import VisitState, price_words
from marketplace.orders.rules.standing import WEEKS_AHEAD, Course, Reply, four_weeks
from marketplace.orders.rules.standing_money import LASTS, Rise, cost_of_all
from marketplace.orders.rules.standing_words import what_words

_NOT_FOUND = "We cannot find that standing order."
_DAYS_A_MONTH_MAX = 31
_WEEK = timedelta(weeks=1)


def standing_for(
    session: Session, *, standing_id: UUID, seen_by: Actor, at: datetime
) -> StandingView:
    """Return a standing order as somebody sees it whom it concerns.

    Raises:
        NotFoundError: it does not concern them.
    """
    standing = session.get(StandingOrder, standing_id, populate_existing=True)
    if standing is None:
        raise NotFoundError(_NOT_FOUND)
    for_person = seen_by.person_id == standing.person_id and _sees(standing, seen_by)
    for_member = not for_person and sees_as_member(session, standing, seen_by, at=at)
    for_provider = (
        seen_by.organisation_id == standing.provider_id
        and seen_by.may(Permission.TAKE_ORDERS)
        and session.get_one(Order, standing.first_order_id).held_at is not None
    )
    if not (for_person or for_provider or for_member):
        raise NotFoundError(_NOT_FOUND)
    sees_money = not for_provider and seen_by.may(Permission.SEE_WALLET)
    view = _view(session, standing, for_person=for_person, sees_money=sees_money, at=at)
    if not (for_person or for_member):
        return view  # who pays is not for the provider
    view = replace(view, together=together_of(session, standing, seen_by=seen_by, at=at))
    return _for_member(view) if for_member else view


def workers_in_month(
    session: Session, *, person_id: UUID, provider_id: UUID, at: datetime
) -> tuple[str, ...]:
    """Return the names of those who came, or are to come, from a provider in this month."""
    return workers_by_month(session, person_id=person_id, provider_id=provider_id, at=at)[0]


def workers_by_month(
    session: Session, *, person_id: UUID, provider_id: UUID, at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who came, or is to come, from a provider in this month, and who came in the last."""
    first = local_day(at).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=_DAYS_A_MONTH_MAX)).replace(day=1)
    begins = local_instant(first, 0, 0)
    rows = (
        select(Visit.worker, Visit.planned_at >= begins)
        .join(Order, Order.id == Visit.order_id)
        .where(
            Order.person_id == person_id,
            Order.provider_id == provider_id,
            Order.held_at.is_not(None),
            Visit.worker != "",
            Visit.state != VisitState.RELEASED,
            Visit.planned_at >= local_instant(before, 0, 0),
            Visit.planned_at < local_instant(after, 0, 0),
        )
        .distinct()
        .order_by(Visit.worker)
    )
    found = session.execute(rows).all()
    this = tuple(worker for worker, is_now in found if is_now)
    return this, tuple(worker for worker, is_now in found if not is_now)


def _view(
    session: Session,
    standing: StandingOrder,
    *,
    for_person: bool,
    sees_money: bool,
    at: datetime,
) -> StandingView:
    found = courses(session, [standing])
    days = days_of(session, [standing], found, with_reasons=for_person, at=at)
    away = absences(session, standing, found[standing.id], at=at)
    sentences = {row.id: row.sentence for row in outcomes_of(session, person_id=standing.person_id)}
    return StandingView(
        row=next(iter(standing_rows(session, [standing], found, at=at))),
        provider_id=standing.provider_id,
        offer_id=standing.offer_id,
        price=price_words(standing.bands, Unit(standing.unit)),
        begins_on=standing.begins_on,
        ends_before=standing.ends_before,
        end_reason=standing.end_reason,
        ended_by_name=standing.ended_by_name,
        first_order_id=standing.first_order_id,
        placed_by_name=standing.placed_by_name,
        placed_at=standing.placed_at,
        by_supporter=standing.placed_by_id != standing.person_id,
        worker=standing.worker,
        wishes=tuple(_wishes(standing)),
        outcome=sentences.get(standing.outcome_id, "") if standing.outcome_id else "",
        note=standing.note,
        patterns=_patterns(session, standing),
        days=days,
        gaps=_gaps(session, standing, today=local_day(at)),
        rise=_rise(session, standing, found[standing.id], at=at),
        workers_this_month=workers_in_month(
            session, person_id=standing.person_id, provider_id=standing.provider_id, at=at
        ),
        absences=away,
        last_day=last_days_of(session, [standing.id]).get(standing.id),
        over_from=standing.over_from,
        over_words=standing.over_words if for_person else "",
        who_else=_who_else(session, standing, found[standing.id], away, at=at)
        if for_person
        else (),
        lasting=money_lasts(session, person_id=standing.person_id, pool_id=standing.pool_id, at=at)
        if sees_money
        else LASTS,
    )


def _for_member(view: StandingView) -> StandingView:
    """Leave out what only the person and their circle are to know: why, what for, and who."""
    assert view.together is not None, "a member has a pool"
    return replace(
        view,
        note="",
        outcome="",
        wishes=(),
        who_else=(),
        placed_by_name=view.together.whose,
        ended_by_name="",
        days=tuple(replace(day, order_id=None, can_skip=False) for day in view.days),
        gaps=tuple(replace(gap, reason="", said_by_name=view.together.whose) for gap in view.gaps),
        patterns=tuple(
            replace(row, said_by_name=view.together.whose, reason="") for row in view.patterns
        ),
    )


def _who_else(
    session: Session,
    standing: StandingOrder,
    course: Course,
    away: Sequence[Absence],
    *,
    at: datetime,
) -> tuple[Instead, ...]:
    """Return who else could come on the days that are not planned, or are over."""
    days = [local_day(when) for absence in away for when in absence.times]
    if standing.over_from is not None:
        over = max(standing.over_from, local_day(at))
        days += [each.on for each in course.between(over, over + WEEKS_AHEAD * _WEEK)]
    return who_else(session, standing, days, at=at) if days else ()


def _wishes(standing: StandingOrder) -> Iterable[tuple[str, str]]:
    if standing.worker_wish:
        yield "Who", standing.worker_wish
    if standing.language_wish:
        yield "Language", label("languages", standing.language_wish)
    if standing.gender_wish:
        yield "Who it should be", label("genders", standing.gender_wish)


def _patterns(session: Session, standing: StandingOrder) -> tuple[PatternRow, ...]:
    rows = (
        select(StandingPattern)
        .where(StandingPattern.standing_id == standing.id)
        .order_by(StandingPattern.number.desc())
    )
    return tuple(
        PatternRow(
            number=row.number,
            pattern=row.pattern,
            what=what_words(standing.title, standing.unit, row.pattern),
            said_by_name=row.said_by_name,
            said_at=row.said_at,
            answer=row.answer,
            reason=row.reason,
        )
        for row in session.scalars(rows.execution_options(populate_existing=True))
    )


def _gaps(session: Session, standing: StandingOrder, *, today: date) -> tuple[GapRow, ...]:
    rows = (
        select(StandingGap)
        .where(StandingGap.standing_id == standing.id, StandingGap.ends_before > today)
        .order_by(StandingGap.starts_on, StandingGap.id)
    )
    return tuple(
        GapRow(
            id=row.id,
            starts_on=row.starts_on,
            ends_before=row.ends_before,
            minute=row.minute,
            reason=row.reason,
            said_by_name=row.said_by_name,
        )
        for row in session.scalars(rows)
    )


def _rise(
    session: Session, standing: StandingOrder, course: Course, *, at: datetime
) -> RiseRow | None:
    rows = select(StandingRise).where(
        StandingRise.standing_id == standing.id, StandingRise.answer == Reply.WAITING
    )
    rise = session.scalars(rows).one_or_none()
    if rise is None:
        return None
    today, unit = local_day(at), Unit(standing.unit)
    visits = four_weeks(course, today=today)
    lines = lines_of(session, person_id=standing.person_id, at=at)
    ends_before = plan_ends_before(lines, today=today)
    return RiseRow(
        price=price_words(rise.bands, unit),
        old_price=price_words(standing.bands, unit),
        four_weeks=Rise(
            before=cost_of_all(visits, standing.bands),
            after=cost_of_all(visits, rise.bands),
            till_end=more_till_end(
                course,
                old=standing.bands,
                new=rise.bands,
                first_on=_after_ordered(session, standing, today),
                ends_before=ends_before,
            ),
        ),
        plan_ends_before=ends_before,
        old_price_kept=rise.old_price_kept,
        seen_at=rise.seen_at,
    )


def _after_ordered(session: Session, standing: StandingOrder, today: date) -> date:
    """Return the first day that is not ordered at the old price yet."""
    rows = (
        select(func.max(Order.period_from, type_=Order.period_from.type))
        .where(Order.standing_id == standing.id)
        .limit(1)
    )
    last = session.scalar(rows)
    return max(today, last + timedelta(days=7)) if last else today


def _sees(standing: StandingOrder, by: Actor) -> bool:
    return sees_all(by) or standing.placed_by_id == by.user_id
