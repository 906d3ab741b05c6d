"""The price of a standing order: a rise waits for the person's yes; a fall counts at once."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.queries import OrderableOffer
from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from marketplace.orders.commands.place import within_ceiling
from marketplace.orders.commands.standing_agreeing import (
    agree_as_member,
    end_over_price,
    note_yes,
    take_price,
)
from marketplace.orders.commands.standing_letters import tell_person_of, tell_provider_of
from marketplace.orders.commands.standing_locked import (
    course_of,
    must_go_on,
    persons_standing,
    providers_standing,
    record_standing,
)
from marketplace.orders.errors import PriceChangedError, WrongStateError
from marketplace.orders.models import StandingOrder, StandingRise
from marketplace.orders.queries.asking import asks_of
from marketplace.orders.queries.lately import lately
from marketplace.orders.queries.standing_together import rise_missing
from marketplace.orders.rules.standing import (
    Course,
    Reply,
    four_weeks,
)
from marketplace.orders.rules.standing_money import cost_of_all, is_dearer

LOOKED_AT = timedelta(weeks=8)
"""Bands that the pattern meets within so much time count for telling whether it is dearer."""


_WHOSE_NO = {False: "you say", True: "one of you says"}
_WHO = {False: "you say yes", True: "every member of the pool has said yes"}


def price_to_pay(
    session: Session,
    standing: StandingOrder,
    offer: OrderableOffer,
    *,
    course: Course,
    at: datetime,
) -> PriceBands | None:
    """Return the price for the next weeks; None while a rise waits for the person's answer.

    A new rise is told of at once. What is cheaper, or as dear, is taken over.
    """
    today = local_day(at)
    ahead = course.between(today, today + LOOKED_AT)
    waiting = waiting_rise(session, standing.id)
    if is_dearer(ahead, agreed=standing.bands, now=offer.bands):
        if waiting is None or waiting.bands != offer.bands:
            kept = waiting is not None and waiting.old_price_kept
            if waiting is not None:
                waiting.answer, waiting.answered_at = Reply.WITHDRAWN, at
            waiting = _note_rise(session, standing, offer.bands, kept=kept, at=at)
            _tell_of_rise(session, standing, waiting, course, at=at)
        if standing.pool_id is not None and not rise_missing(session, standing, waiting.id):
            # Whoever had not said yes has left.
            take_price(session, standing, waiting, by=None, at=at)
            return standing.bands
        return standing.bands if waiting.old_price_kept else None
    if waiting is not None:
        waiting.answer, waiting.answered_at = Reply.WITHDRAWN, at
    standing.agree_to(offer.bands)
    return standing.bands


def agree_to_price(
    session: Session, *, standing_id: UUID, seen: Money, by: Actor, at: datetime
) -> None:
    """Say yes to a higher price: the next weeks are ordered at it. ``seen`` is that of four weeks.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders, or this needs another's yes.
        CeilingError: it is more than the supporter may spend.
        WrongStateError: no price waits for an answer.
        PriceChangedError: it is not the price that was shown.
    """
    standing = persons_standing(session, standing_id, by)
    must_go_on(session, standing, at=at)
    rise = _waiting(session, standing)
    now = _four_weeks(session, standing, rise, at=at)
    if now != seen:
        raise PriceChangedError(shown=seen, now=now)
    may_spend(session, standing, now, by=by, at=at)
    if standing.pool_id is None:
        take_price(session, standing, rise, by=by, at=at)
    else:
        agree_as_member(session, standing, rise, seen, by=by, at=at)


def turn_down_price(session: Session, *, standing_id: UUID, by: Actor, at: datetime) -> None:
    """Say no to a higher price: what is ordered at the old one still happens, then it ends.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        WrongStateError: no price waits for an answer.
    """
    standing = persons_standing(session, standing_id, by)
    must_go_on(session, standing, at=at)
    rise = _waiting(session, standing)
    if standing.pool_id is not None:
        amount = _four_weeks(session, standing, rise, at=at)
        note_yes(session, standing, agrees=False, amount=amount, rise_id=rise.id, by=by, at=at)
    end_over_price(session, standing, rise, by=by, at=at)


def keep_old_price(session: Session, *, standing_id: UUID, by: Actor, at: datetime) -> None:
    """Charge the old price until the person has answered, so that no week is left out.

    Raises:
        NotFoundError: it is another provider's.
        WrongStateError: no price waits for an answer.
    """
    standing = providers_standing(session, standing_id, by)
    rise = _waiting(session, standing)
    if rise.old_price_kept:
        return
    rise.old_price_kept = True
    standing.next_look_at = at
    words = (
        f"{standing.provider_name} charges you the old price of {standing.price} until you have "
        "said yes or no to the new one. No week is left out."
    )
    key = f"price-kept/{rise.id}"
    tell_person_of(session, standing, "The old price for now", [words], key=key, at=at)
    record_standing(session, standing, "old-price-kept", by=by, at=at)


def waiting_rise(session: Session, standing_id: UUID) -> StandingRise | None:
    """Return the price that waits for an answer, if one does."""
    rows = select(StandingRise).where(
        StandingRise.standing_id == standing_id, StandingRise.answer == Reply.WAITING
    )
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def may_spend(
    session: Session, standing: StandingOrder, cost: Money, *, by: Actor, at: datetime
) -> None:
    """Refuse a supporter a standing order that is more than they may set going alone.

    Raises:
        CeilingError: it is more than they may spend.
        NotAllowedError: this circle wants to say yes to it first.
        FamilyCarerError: the council does not let family be paid.
    """
    before = lately(session, by=by, at=at).of(standing.provider_id)
    asks = asks_of(
        session,
        standing.provider_id,
        standing.council_id,
        cost,
        by=by,
        at=at,
        before=before,
    )
    if asks.must_wait:
        raise NotAllowedError(f"{asks.why} Ask {by.person_name} to do this.".strip())
    within_ceiling(by, cost, ceiling=by.ceiling, before=before)


def _note_rise(
    session: Session, standing: StandingOrder, bands: PriceBands, *, kept: bool, at: datetime
) -> StandingRise:
    rows = select(func.max(StandingRise.number)).where(StandingRise.standing_id == standing.id)
    session.flush()  # the one that waited is over before another waits
    rise = StandingRise(
        id=uuid4(),
        standing_id=standing.id,
        number=(session.scalar(rows) or 0) + 1,
        price=bands.price,
        evening_price=bands.evening,
        weekend_price=bands.weekend,
        bank_holiday_price=bands.bank_holiday,
        seen_at=at,
        old_price_kept=kept,
        answer=Reply.WAITING,
        answered_by_name="",
    )
    session.add(rise)
    session.flush()
    record_standing(session, standing, "price-rise-seen", by=None, at=at, pence=bands.price.pence)
    return rise


def _tell_of_rise(
    session: Session, standing: StandingOrder, rise: StandingRise, course: Course, *, at: datetime
) -> None:
    visits = four_weeks(course, today=local_day(at))
    old, new = cost_of_all(visits, standing.bands), cost_of_all(visits, rise.bands)
    sentences = [
        f"The price goes up from {standing.price} to {rise.price}.",
        f"Four weeks cost {new} then, and not {old}: that is {new - old} more.",
        f"Nothing is ordered at the new price before {_WHO[bool(standing.pool_id)]}.",
        "The weeks that are ordered already keep the old price.",
        f"If {_WHOSE_NO[bool(standing.pool_id)]} no, the standing order ends after them.",
    ]
    subject = f"{standing.provider_name} puts the price up: please say yes or no"
    tell_person_of(session, standing, subject, sentences, key=f"price/{rise.id}", at=at)
    mine = [
        f"Your new price of {rise.price} waits for a yes. Until then no new week is ordered.",
        "You can charge the old price until they answer. Then no week is left out.",
    ]
    tell_provider_of(
        session, standing, "Your new price waits for a yes", mine, key=f"price/{rise.id}", at=at
    )


def _waiting(session: Session, standing: StandingOrder) -> StandingRise:
    rise = waiting_rise(session, standing.id)
    if rise is None:
        raise WrongStateError("No new price waits for an answer any more.")
    return rise


def _four_weeks(
    session: Session, standing: StandingOrder, rise: StandingRise, *, at: datetime
) -> Money:
    visits = four_weeks(course_of(session, standing), today=local_day(at))
    return cost_of_all(visits, rise.bands)
