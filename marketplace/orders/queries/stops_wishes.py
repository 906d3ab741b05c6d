"""The same standing order once more, with somebody else: what it is like and what it costs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import OrderableOffer, offer_for_order
from marketplace.catalogue.queries.holidays import breaks_by_store
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.models import StandingOrder, StandingPattern
from marketplace.orders.rules.standing import Reply, four_weeks
from marketplace.orders.rules.standing_money import cost_of_all
from marketplace.orders.rules.standing_wishes import Weekly, course_wished, pattern_of
from marketplace.orders.rules.standing_words import pattern_words
from marketplace.orders.rules.stops import new_begins_on


@dataclass(frozen=True, slots=True)
class Again:
    """What a standing order would be with somebody else."""

    offer: OrderableOffer
    weekly: Weekly
    begins_on: date
    ends_before: date | None
    four_weeks: Money
    words: str
    """Every Tuesday at 2pm."""


def standing_again(
    session: Session, old: StandingOrder, offer_id: UUID, *, last_on: date, at: datetime
) -> Again:
    """Return the newest pattern of a standing order from after a last day on, at another's price.

    Raises:
        NotFoundError: the offer is not on sale.
    """
    rows = (
        select(StandingPattern)
        .where(StandingPattern.standing_id == old.id, StandingPattern.answer == Reply.YES)
        .order_by(StandingPattern.number.desc())
        .limit(1)
    )
    pattern = session.scalars(rows).one().pattern
    weekly = Weekly(
        weekdays=pattern.weekdays,
        month_day=pattern.month_day,
        minutes=pattern.minutes,
        every_weeks=pattern.every_weeks,
        quantity=pattern.quantity,
        quantities=pattern.quantities,
        bank_holidays=pattern.bank_holidays,
    )
    today = local_day(at)
    begins_on = max(new_begins_on(last_on, today=today), old.begins_on)
    ends_before = old.ends_before if old.ended_at is None else None
    offer = offer_for_order(
        session, offer_id=offer_id, council_id=old.council_id, on=today, person_id=old.person_id
    )
    breaks = breaks_by_store(session, provider_ids=[offer.provider_id])
    away = breaks.get(offer.provider_id, ())
    course = course_wished(weekly, begins_on=begins_on, ends_before=ends_before, away=away)
    return Again(
        offer=offer,
        weekly=weekly,
        begins_on=begins_on,
        ends_before=ends_before,
        four_weeks=cost_of_all(four_weeks(course, today=today), offer.bands),
        words=pattern_words(pattern_of(weekly, number=1, starts_on=begins_on)),
    )
