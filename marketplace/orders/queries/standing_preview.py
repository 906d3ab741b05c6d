"""What a standing order would be like: its days, its cost, and what gets in its way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import lines_of, pool_name
from marketplace.budgets.queries.pool_spends import why_ask
from marketplace.catalogue.queries import OrderableOffer, offer_for_order
from marketplace.catalogue.queries.holidays import breaks_by_store
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import LONDON, local_day
from marketplace.kernel.money import Money
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.queries.payers import council_that_pays
from marketplace.orders.queries.standing_course import DEAD
from marketplace.orders.queries.standing_money import money_lasts, plan_ends_before
from marketplace.orders.rules import VisitState, Wanted, moment_words, visit_times
from marketplace.orders.rules.clock_changes import clock_change_words
from marketplace.orders.rules.overlaps import Booked, overlapping
from marketplace.orders.rules.standing import TIMED, Fate, Occasion, four_weeks
from marketplace.orders.rules.standing_money import Due, Lasting, cost_of, cost_of_all
from marketplace.orders.rules.standing_wishes import (
    Weekly,
    check_weekly,
    course_wished,
    first_week,
)
from marketplace.orders.rules.standing_words import why_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDay:
    """One day it would happen."""

    planned_at: datetime
    amount: Money
    words: str
    """Why it is not as the pattern says; "" if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a standing order would be like."""

    offer: OrderableOffer
    days: tuple[PreviewDay, ...]
    four_weeks: Money
    till_end: Money
    plan_ends_before: date
    clashes: tuple[tuple[Booked, Booked], ...]
    lasting: Lasting
    pool: str = ""
    """The name of the pool that pays, if one does."""
    pool_asks: str = ""
    """Why another member of it has to say yes first; "" if nobody has to."""


def standing_preview(  # noqa: PLR0913 - what, when, from when till when, whose
    session: Session,
    weekly: Weekly,
    *,
    offer_id: UUID,
    begins_on: date,
    ends_before: date | None,
    person_id: UUID,
    pool_id: UUID | None = None,
    at: datetime,
) -> Preview:
    """Return what a standing order would be like.

    Raises:
        NotFoundError: the offer is not on sale.
        StandingRefusedError: it cannot be like this.
    """
    today = local_day(at)
    council_id = council_that_pays(session, person_id=person_id, pool_id=pool_id, at=at)
    offer = offer_for_order(
        session, offer_id=offer_id, council_id=council_id, on=today, person_id=person_id
    )
    check_weekly(weekly, offer.unit)
    breaks = breaks_by_store(session, provider_ids=[offer.provider_id])
    away = breaks.get(offer.provider_id, ())
    course = course_wished(weekly, begins_on=begins_on, ends_before=ends_before, away=away)
    first_week(course, at=at)
    visits = four_weeks(course, today=today)
    plan_ends = plan_ends_before(lines_of(session, person_id=person_id, at=at), today=today)
    till_end = [each for each in course.between(begins_on, plan_ends) if each.planned_at > at]
    cost = cost_of_all(visits, offer.bands)
    due = [Due(on=each.on, amount=cost_of(each, offer.bands)) for each in till_end]
    return Preview(
        offer=offer,
        days=tuple(
            PreviewDay(
                planned_at=each.planned_at,
                amount=cost_of(each, offer.bands),
                words=why_words(each, offer.provider_name),
            )
            for each in visits
            if each.planned_at > at
        ),
        four_weeks=cost,
        till_end=cost_of_all(till_end, offer.bands),
        plan_ends_before=plan_ends,
        clashes=tuple(_clashes(session, visits, offer, person_id=person_id)),
        lasting=money_lasts(session, person_id=person_id, pool_id=pool_id, at=at, besides=due),
        pool=pool_name(session, pool_id=pool_id),
        pool_asks=why_ask(session, pool_id=pool_id, person_id=person_id, amount=cost)
        if pool_id
        else "",
    )


def booked_of(
    session: Session, *, person_id: UUID, since: datetime, until: datetime
) -> list[Booked]:
    """Return who comes to a person between two instants, and what for."""
    rows = (
        select(OrderLine.title, Visit.planned_at, OrderLine.unit, OrderLine.quantity)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(
            Order.person_id == person_id,
            Order.state.not_in(DEAD),
            Order.held_at.is_not(None),
            Visit.state == VisitState.PLANNED,
            Visit.planned_at >= since,
            Visit.planned_at < until,
        )
    )
    return [
        Booked(title=title, at=planned_at, unit=Unit(unit), quantity=quantity)
        for title, planned_at, unit, quantity in session.execute(rows)
        if planned_at is not None
    ]


def about_times(
    session: Session, wanted: Wanted, offer: OrderableOffer, *, person_id: UUID
) -> list[str]:
    """Say what is to be known of the times of something ordered: clock changes, and clashes."""
    if wanted.first_at is None or offer.unit not in TIMED:
        return []
    found = visit_times(wanted.first_at, visits=wanted.visits, every_days=wanted.every_days)
    times = [at for at in found if at is not None]
    new = [
        Booked(title=offer.title, at=at, unit=offer.unit, quantity=wanted.quantity) for at in times
    ]
    day = timedelta(days=1)
    known = booked_of(
        session, person_id=person_id, since=times[0] - day, until=new[-1].ends_at + day
    )
    clock = wanted.first_at.astimezone(LONDON).time()
    changes = {at: clock_change_words(local_day(at), clock) for at in times}
    return [
        *(f"{moment_words(at)}: {words}" for at, words in changes.items() if words),
        *(
            f"{moment_words(each.at)}: you already have {other.title} at that time. "
            "You can order it all the same."
            for each, other in overlapping(new, known)
        ),
    ]


def _clashes(
    session: Session, visits: list[Occasion], offer: OrderableOffer, *, person_id: UUID
) -> list[tuple[Booked, Booked]]:
    new = [
        Booked(
            title=offer.title,
            at=each.planned_at,
            unit=offer.unit,
            quantity=each.quantity,
        )
        for each in visits
        if each.fate is Fate.HAPPENS and each.minute is not None
    ]
    if not new:
        return []
    day = timedelta(days=1)
    known = booked_of(
        session, person_id=person_id, since=new[0].at - day, until=new[-1].ends_at + day
    )
    return overlapping(new, known)
