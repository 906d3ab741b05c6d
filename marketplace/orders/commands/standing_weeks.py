"""Ordering the next week of a standing order: an ordinary order, with its own hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.commands import keep_hold
from marketplace.catalogue.queries import OrderableOffer, offer_for_order
from marketplace.catalogue.rules import why_not_chosen
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.orders.commands.drawing_up import NewLine, NewOrder, draw_up
from marketplace.orders.commands.locked import record_deed
from marketplace.orders.commands.place import hold_money
from marketplace.orders.commands.standing_locked import (
    any_standing,
    course_of,
    made_since,
    state_of,
)
from marketplace.orders.commands.standing_misses import not_covered, now_covered
from marketplace.orders.commands.standing_over import now_over, sold_again
from marketplace.orders.commands.standing_pool_ends import ends_without_pool
from marketplace.orders.commands.standing_prices import price_to_pay
from marketplace.orders.errors import FamilyCarerError, NoMoneyError, OfferOverError
from marketplace.orders.models import Order, OrderLine, StandingOrder
from marketplace.orders.queries.conflicts import conflict_of
from marketplace.orders.queries.payers import council_that_pays
from marketplace.orders.queries.priced import Priced
from marketplace.orders.queries.standing_course import uncovered
from marketplace.orders.queries.standing_together import yes_missing
from marketplace.orders.queries.stopping import last_day_of
from marketplace.orders.rules import OrderState, day_words
from marketplace.orders.rules.standing import Course, Occasion
from marketplace.orders.rules.standing_money import cost_of

_OLD_PRICE = (
    "The price went up, and you have not said yes or no to the new one. Until then no new week "
    "is ordered."
)
_ALL_YESES = (
    "The price went up, and not every member of the pool has said yes to the new one. Until then "
    "no new week is ordered."
)
_NO_YES = (
    "Whoever said yes to this has left the pool. Another member of it has to say yes before a new "
    "week is ordered."
)


def order_week(session: Session, *, standing_id: UUID, week_on: date, at: datetime) -> int:
    """Order what is still to be ordered of one week, and return how many orders that made.

    Twice is once. If the money cannot be set aside, the person is told at once and the week is
    kept as not covered; it is tried again every day. If the offer is over, that is told once.

    Raises:
        NotFoundError: there is no such standing order.
    """
    standing = any_standing(session, standing_id)
    if not state_of(session, standing, at=at).goes_on:
        return 0
    if ends_without_pool(session, standing, at=at):
        return 0
    course = course_of(session, standing)
    made = made_since(session, standing, at=at)
    to_do = uncovered(course, made, weeks=[week_on], at=at)
    last_on = last_day_of(session, provider_id=standing.provider_id, council_id=standing.council_id)
    if last_on is not None:
        to_do = [each for each in to_do if each.on <= last_on]
    to_do = _still_sold(session, standing, to_do, at=at)
    done = 0
    for number, group in groupby(to_do, key=lambda each: each.pattern.number):
        refusal = _try_to_order(session, standing, course, list(group), at=at)
        if refusal is None:
            now_covered(session, standing, week_on, number, at=at)
            done += 1
        else:
            not_covered(session, standing, week_on, number, refusal, at=at)
    return done


def _still_sold(
    session: Session, standing: StandingOrder, to_do: list[Occasion], *, at: datetime
) -> list[Occasion]:
    """Leave out what the offer is over for; the person is told once, until it is sold again."""
    if not to_do:
        return []
    try:
        offer = offer_to_pay(session, standing, at=at)
    except OfferOverError as refusal:
        now_over(session, standing, to_do[0].on, str(refusal), at=at)
        return []
    except DomainError:
        return to_do  # what is in the way is told of with the week
    refusals = {each: _why_not_sold(offer, each) for each in to_do}
    sold = [each for each, words in refusals.items() if not words]
    if any(standing.over_from is not None and each.on >= standing.over_from for each in sold):
        sold_again(session, standing, at=at)
    for each, words in refusals.items():
        if words:
            now_over(session, standing, each.on, words, at=at)
            break
    return sold


def _why_not_sold(offer: OrderableOffer, each: Occasion) -> str:
    """Say why an offer cannot be had on a day with what was chosen; "" if it can."""
    last = offer.on_sale_until
    if last is not None and each.on > last:
        return f"{offer.provider_name} sells {offer.title} until {day_words(last)}."
    choice = each.pattern.choice
    return why_not_chosen(offer.title, offer.menu, choice, must_choose=offer.must_choose)


def _try_to_order(
    session: Session,
    standing: StandingOrder,
    course: Course,
    occasions: Sequence[Occasion],
    *,
    at: datetime,
) -> DomainError | None:
    """Order some visits of one week; return what stands in the way, if anything does."""
    if yes_missing(session, standing):
        return NotAllowedError(_NO_YES)
    try:
        offer = offer_to_pay(session, standing, at=at)
    except DomainError as refusal:
        return refusal
    bands = price_to_pay(session, standing, offer, course=course, at=at)
    if bands is None:
        return NotAllowedError(_ALL_YESES if standing.pool_id else _OLD_PRICE)
    try:
        with session.begin_nested():
            _order(session, standing, occasions, replace(offer, bands=bands), at=at)
    except DomainError as refusal:
        return refusal
    return None


def offer_to_pay(session: Session, standing: StandingOrder, *, at: datetime) -> OrderableOffer:
    """Return the offer at its price of today, on the terms that were agreed to at the beginning.

    Raises:
        OfferOverError: it is not on sale, or the council does not let its money be spent there.
        NoMoneyError: nobody's line could pay.
        FamilyCarerError: the council does not let family be paid.
    """
    council_id = council_that_pays(
        session, person_id=standing.person_id, pool_id=standing.pool_id, at=at
    )
    if council_id is None:
        raise NoMoneyError("There is no money in the wallet to pay for this.")
    conflict = conflict_of(
        session,
        person_id=standing.person_id,
        provider_id=standing.provider_id,
        council_id=council_id,
        at=at,
    )
    if conflict.refusal:
        raise FamilyCarerError(conflict.refusal)
    standing.council_id = council_id
    try:
        offer = offer_for_order(
            session,
            offer_id=standing.offer_id,
            council_id=council_id,
            on=local_day(at),
            person_id=standing.person_id,
        )
    except NotFoundError as refusal:
        raise OfferOverError(str(refusal)) from refusal
    terms = select(OrderLine.notice_hours, OrderLine.late_cancel_percent).where(
        OrderLine.order_id == standing.first_order_id
    )
    # All lines of a week are of one offer, on the same terms.
    notice_hours, late_cancel_percent = session.execute(terms.limit(1)).one()
    return replace(offer, notice_hours=notice_hours, late_cancel_percent=late_cancel_percent)


def lines_of_week(
    standing: StandingOrder, offer: OrderableOffer, occasions: Sequence[Occasion]
) -> tuple[list[NewLine], list[Priced]]:
    """Return what a week asks for and what it costs: a line for each quantity, first come first."""
    by_quantity: dict[int, list[Occasion]] = {}
    for each in occasions:
        by_quantity.setdefault(each.quantity, []).append(each)
    groups = by_quantity.items()
    return (
        [_line_of(standing, quantity, group[0].pattern.choice) for quantity, group in groups],
        [
            Priced(
                offer=offer,
                times=tuple(each.planned_at for each in group),
                amounts=tuple(cost_of(each, offer.bands) for each in group),
            )
            for group in by_quantity.values()
        ],
    )


def _line_of(standing: StandingOrder, quantity: int, choice: str) -> NewLine:
    return NewLine(
        quantity=quantity,
        outcome_id=standing.outcome_id,
        note=standing.note,
        worker_wish=standing.worker_wish,
        language_wish=standing.language_wish,
        gender_wish=standing.gender_wish,
        worker=standing.worker,
        choice=choice,
    )


def _order(
    session: Session,
    standing: StandingOrder,
    occasions: Sequence[Occasion],
    offer: OrderableOffer,
    *,
    at: datetime,
) -> None:
    first = session.get_one(Order, standing.first_order_id)
    new = NewOrder(
        order_id=uuid4(),
        person_id=standing.person_id,
        council_id=standing.council_id,
        placed_by_id=standing.placed_by_id,
        placed_by_name=standing.placed_by_name,
        at=at,
        standing_id=standing.id,
        period_from=occasions[0].week_on,
        pattern_number=occasions[0].pattern.number,
        pool_id=standing.pool_id,
    )
    order = draw_up(session, new, *lines_of_week(standing, offer, occasions))
    order.conflict = first.conflict
    order.approved_by_id, order.approved_by_name = first.approved_by_id, first.approved_by_name
    hold_money(session, order, by=None, at=at)
    order.go_to(OrderState.ACCEPTED)
    order.decided_at = at
    keep_hold(session, order_id=order.id)
    record_deed(session, order, "week-ordered", by=None, at=at, pence=order.total.pence)
