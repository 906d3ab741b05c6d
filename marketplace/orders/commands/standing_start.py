"""Starting a standing order: its first week is placed, or suggested, and the rest follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.queries import take_turns
from marketplace.access.rules import Actor
from marketplace.budgets.queries import outcomes_of
from marketplace.budgets.queries.pool_spends import why_ask
from marketplace.catalogue.queries import OrderableOffer, offer_for_order
from marketplace.catalogue.queries.holidays import breaks_by_store
from marketplace.catalogue.rules import why_not_chosen, why_too_late
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.basket import may_suggest, not_their_own
from marketplace.orders.commands.drawing_up import NUMBER_TRIES_MAX, NewOrder, draw_up
from marketplace.orders.commands.letters import tell_of_suggestion
from marketplace.orders.commands.locked import record_deed
from marketplace.orders.commands.place import (
    council_to_pay,
    hold_money,
    tell_of_new_order,
    within_ceiling,
)
from marketplace.orders.commands.standing_locked import NOT_FOUND, record_standing
from marketplace.orders.commands.standing_patterns import pattern_row
from marketplace.orders.commands.standing_pool_asks import ask_or_tell_pool
from marketplace.orders.commands.standing_weeks import lines_of_week
from marketplace.orders.errors import PriceChangedError, StandingRefusedError
from marketplace.orders.models import Order, StandingOrder
from marketplace.orders.queries.asking import Asks, asks_of
from marketplace.orders.queries.lately import lately
from marketplace.orders.queries.stopping import last_day_of
from marketplace.orders.rules import NOTE_LENGTH_MAX, first_number
from marketplace.orders.rules.standing import (
    BEGIN_WITHIN,
    Occasion,
    Reply,
    four_weeks,
)
from marketplace.orders.rules.standing_money import cost_of_all
from marketplace.orders.rules.standing_wishes import (
    Weekly,
    check_weekly,
    course_wished,
    first_week,
    pattern_of,
)
from marketplace.orders.rules.stops import stops_words


@dataclass(frozen=True, slots=True, kw_only=True)
class StartStanding:
    """A wish for a standing order. Brings its id: sent twice is once."""

    standing_id: UUID
    offer_id: UUID
    weekly: Weekly
    begins_on: date
    ends_before: date | None = None
    worker_wish: str = ""
    language_wish: str = ""
    gender_wish: str = ""
    outcome_id: UUID | None = None
    note: str = ""
    seen: Money | None = None
    """What four weeks cost on the page."""
    propose: bool = False
    pool_id: UUID | None = None
    """The pool that is to pay; None for the person's own money."""


def start_standing(session: Session, wish: StartStanding, *, by: Actor, at: datetime) -> UUID:
    """Start a standing order with its first week; return its id.

    A supporter who may only suggest suggests it; with the yes to the first week all is agreed to.
    The next weeks are ordered once the provider has taken it on. Four weeks of it count as one
    order for a supporter's ceiling and for what the circle, or a pool, wants to say yes to.

    Raises:
        NotFoundError: the offer is not on sale.
        NotAllowedError: the supporter may not suggest orders, or one of the two owns the store.
        StandingRefusedError: it cannot be like this.
        NoMoneyError: no council's line could pay.
        PriceChangedError: four weeks do not cost what was shown.
        CeilingError: it is more than the supporter may spend.
        FamilyCarerError: the council does not let family be paid.
        SpendRefusedError: there is too little money, or a limit stands in the way.
    """
    may_suggest(by)
    if by.acts_for_another:
        take_turns(session, supporter_id=by.user_id, person_id=by.buys_for)
    earlier = session.get(StandingOrder, wish.standing_id, populate_existing=True)
    if earlier is not None:
        return _same(earlier, by)
    council_id = council_to_pay(session, wish.pool_id, by=by, at=at)
    offer = _offer(session, wish, council_id, by=by, at=at)
    not_their_own(session, provider_id=offer.provider_id, by=by)
    check_weekly(wish.weekly, offer.unit)
    breaks = breaks_by_store(session, provider_ids=[offer.provider_id])
    course = course_wished(
        wish.weekly,
        begins_on=wish.begins_on,
        ends_before=wish.ends_before,
        away=breaks.get(offer.provider_id, ()),
    )
    _check(session, wish, offer, by=by, at=at)
    last_on = last_day_of(session, provider_id=offer.provider_id, council_id=council_id)
    if last_on is not None and wish.begins_on > last_on:
        raise StandingRefusedError("begins_on", stops_words(offer.provider_name, last_on))
    first = first_week(course, at=at)
    too_late = why_too_late(offer.title, offer.on_sale_until, [each.on for each in first])
    if too_late:
        raise StandingRefusedError("begins_on", too_late)
    cost = cost_of_all(four_weeks(course, today=local_day(at)), offer.bands)
    if wish.seen is not None and wish.seen != cost:
        raise PriceChangedError(shown=wish.seen, now=cost)
    asks = _asks(session, wish, offer, council_id, cost, by=by, at=at)
    standing = _insert(session, wish, offer, council_id, by=by, at=at)
    if standing is None:
        return _same(session.get_one(StandingOrder, wish.standing_id), by)
    standing.needs_pool_yes = _needs_pool_yes(session, wish, cost, by=by)
    proposes = wish.propose or asks.must_wait
    if standing.needs_pool_yes and not proposes:
        # Nobody of their own circle has to say anything.
        asks, proposes = replace(asks, yeses=0), True
    _place(session, standing, offer, first, asks, proposes=proposes, by=by, at=at)
    ask_or_tell_pool(session, standing, at=at)
    return standing.id


def _offer(
    session: Session, wish: StartStanding, council_id: UUID, *, by: Actor, at: datetime
) -> OrderableOffer:
    return offer_for_order(
        session,
        offer_id=wish.offer_id,
        council_id=council_id,
        on=local_day(at),
        person_id=by.buys_for,
    )


def _needs_pool_yes(session: Session, wish: StartStanding, cost: Money, *, by: Actor) -> bool:
    if wish.pool_id is None:
        return False
    return bool(why_ask(session, pool_id=wish.pool_id, person_id=by.buys_for, amount=cost))


def _check(
    session: Session, wish: StartStanding, offer: OrderableOffer, *, by: Actor, at: datetime
) -> None:
    today, choice = local_day(at), wish.weekly.choice
    refusal = why_not_chosen(offer.title, offer.menu, choice, must_choose=offer.must_choose)
    if refusal:
        raise StandingRefusedError("choice", refusal)
    if wish.begins_on < today:
        raise StandingRefusedError("begins_on", "That day has gone. Choose a day to come.")
    if wish.begins_on > today + BEGIN_WITHIN:
        raise StandingRefusedError("begins_on", "Choose a day within a year.")
    if wish.ends_before is not None and wish.ends_before <= wish.begins_on:
        raise StandingRefusedError("last_on", "The last day must come after the first.")
    if len(wish.note) > NOTE_LENGTH_MAX:
        raise StandingRefusedError("note", f"Use no more than {NOTE_LENGTH_MAX:,} characters.")
    theirs = {outcome.id for outcome in outcomes_of(session, person_id=by.buys_for)}
    if theirs and wish.outcome_id not in theirs:
        raise StandingRefusedError("outcome_id", "Choose one of the outcomes in the list.")


def _asks(  # noqa: PLR0913 - private: what, where, who pays, how much, who, when
    session: Session,
    wish: StartStanding,
    offer: OrderableOffer,
    council_id: UUID,
    cost: Money,
    *,
    by: Actor,
    at: datetime,
) -> Asks:
    before = lately(session, by=by, at=at).of(offer.provider_id)
    asks = asks_of(session, offer.provider_id, council_id, cost, by=by, at=at, before=before)
    if not (wish.propose or asks.must_wait):
        within_ceiling(by, cost, ceiling=by.ceiling, before=before)
    return asks


def _insert(
    session: Session,
    wish: StartStanding,
    offer: OrderableOffer,
    council_id: UUID,
    *,
    by: Actor,
    at: datetime,
) -> StandingOrder | None:
    values = {
        "id": wish.standing_id,
        "person_id": by.buys_for,
        "provider_id": offer.provider_id,
        "provider_name": offer.provider_name,
        "council_id": council_id,
        "offer_id": offer.offer_id,
        "title": offer.title,
        "unit": offer.unit.value,
        "price": offer.bands.price,
        "evening_price": offer.bands.evening,
        "weekend_price": offer.bands.weekend,
        "bank_holiday_price": offer.bands.bank_holiday,
        "outcome_id": wish.outcome_id,
        "worker": wish.worker_wish.strip(),
        "worker_wish": wish.worker_wish.strip(),
        "language_wish": wish.language_wish,
        "gender_wish": wish.gender_wish,
        "note": wish.note.strip(),
        "begins_on": wish.begins_on,
        "ends_before": wish.ends_before,
        "first_order_id": uuid4(),
        "placed_by_id": by.user_id,
        "placed_by_name": by.name,
        "placed_at": at,
        "pool_id": wish.pool_id,
        "end_reason": "",
        "ended_by_name": "",
    }
    first = first_number(wish.standing_id)
    for number in range(first, first + NUMBER_TRIES_MAX):
        if insert_once(session, StandingOrder, {**values, "number": number}):
            break
        if session.get(StandingOrder, wish.standing_id, populate_existing=True) is not None:
            return None  # the same form, sent at the same moment
    pattern = pattern_of(wish.weekly, number=1, starts_on=wish.begins_on)
    row = pattern_row(pattern, standing_id=wish.standing_id, by=by, at=at)
    # The provider says yes or no to the first week, and with it to this.
    row.answer = Reply.YES
    session.add(row)
    session.flush()
    return session.get_one(StandingOrder, wish.standing_id)


def _place(  # noqa: PLR0913 - private: what, of whom, for how much, by whom, when
    session: Session,
    standing: StandingOrder,
    offer: OrderableOffer,
    occasions: Sequence[Occasion],
    asks: Asks,
    *,
    proposes: bool,
    by: Actor,
    at: datetime,
) -> Order:
    new = NewOrder(
        order_id=standing.first_order_id,
        person_id=standing.person_id,
        council_id=standing.council_id,
        placed_by_id=by.user_id,
        placed_by_name=by.name,
        at=at,
        proposes=proposes,
        standing_id=standing.id,
        period_from=occasions[0].week_on,
        pattern_number=occasions[0].pattern.number,
        pool_id=standing.pool_id,
    )
    order = draw_up(session, new, *lines_of_week(standing, offer, occasions))
    order.yeses_needed, order.conflict = asks.yeses, asks.conflict.words
    order.needs_own_yes = proposes and asks.conflict.concerns(by.user_id)
    if proposes and order.yeses_needed:
        tell_of_suggestion(session, order, by=by, at=at)
    elif not proposes:
        hold_money(session, order, by=by, at=at)
        tell_of_new_order(session, order, at=at)
    what = "order-suggested" if proposes else "order-placed"
    record_deed(session, order, what, by=by, at=at, number=order.number, pence=order.total.pence)
    if order.conflict and not proposes:
        record_deed(session, order, "order-confirmed-knowing", by=by, at=at, knowing=order.conflict)
    record_standing(session, standing, "standing-started", by=by, at=at, number=standing.number)
    return order


def _same(earlier: StandingOrder, by: Actor) -> UUID:
    if earlier.person_id != by.buys_for:
        raise NotFoundError(NOT_FOUND)
    return earlier.id
