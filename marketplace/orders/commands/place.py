"""Placing an order: its price is held, or nothing happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of, take_turns
from marketplace.access.rules import Actor
from marketplace.budgets import commands as budgets
from marketplace.budgets.queries import outcomes_of
from marketplace.budgets.rules import Spend
from marketplace.catalogue.queries import is_council_service
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.commands.basket import may_suggest, not_their_own
from marketplace.orders.commands.drawing_up import NewLine, NewOrder, draw_up
from marketplace.orders.commands.letters import About, tell_of_suggestion, tell_provider
from marketplace.orders.commands.locked import NOT_FOUND, record_deed, visits_of
from marketplace.orders.commands.orderable import check_orderable
from marketplace.orders.commands.parts import parts_of
from marketplace.orders.errors import BadLineError, CeilingError, NoMoneyError, PriceChangedError
from marketplace.orders.models import BasketLine, Order
from marketplace.orders.queries.asking import asks_of
from marketplace.orders.queries.lately import Before, above_ceiling, lately
from marketplace.orders.queries.payers import council_that_pays
from marketplace.orders.queries.priced import Priced, priced
from marketplace.orders.queries.stopping import last_day_of
from marketplace.orders.rules import ANSWER_WITHIN, OrderState, add_up
from marketplace.orders.rules.stops import stops_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """A wish to order all that waits in the basket from one provider."""

    order_id: UUID
    provider_id: UUID
    seen: Money | None = None
    """The price on the page; None means what it was when it was put in the basket."""
    propose: bool = False
    """Suggest it to the person, although it could be placed directly."""


def place_order(session: Session, wish: PlaceOrder, *, by: Actor, at: datetime) -> UUID:
    """Place an order and hold its price, or do neither; return its id.

    The wish brings the order's id, so a form sent twice is one order. A supporter who may only
    suggest makes a proposal that holds nothing; so does one who earns from the store, and one
    whose order is so dear that the circle wants to say yes first. What they ordered from the
    store in the last days counts together with it: a purchase cut into small orders stays one.

    Raises:
        NotFoundError: nothing waits in the basket, or the offer is no longer on sale.
        NotAllowedError: the supporter may not suggest orders, or one of the two owns the store.
        CeilingError: it is more than the supporter may spend at once, or in small orders.
        FamilyCarerError: the council does not let family be paid.
        NoMoneyError: no council's line could pay.
        PriceChangedError: the price is not the one that was shown.
        BadLineError: a time has gone, or it does not say which outcome it is for.
        SpendRefusedError: there is too little money, or a limit stands in the way.
    """
    may_suggest(by)
    # Lock before looking: of two clicks, the second finds the basket empty and the order there.
    waiting = _waiting(session, wish, by)
    earlier = session.get(Order, wish.order_id, populate_existing=True)
    if earlier is not None:
        return _same(session, earlier, by)
    if not waiting:
        raise NotFoundError("This is not in the basket any more.")
    not_their_own(session, provider_id=wish.provider_id, by=by)
    pool_id = waiting[0].pool_id
    council_id = council_to_pay(session, pool_id, by=by, at=at)
    found = _priced(session, waiting, council_id, by=by, at=at)
    _check(session, wish, waiting, found, by=by, at=at)
    _not_after_the_last_day(session, found, council_id)
    before = lately(session, by=by, at=at).of(wish.provider_id)
    asks = asks_of(session, wish.provider_id, council_id, _sum(found), by=by, at=at, before=before)
    proposes = wish.propose or asks.must_wait
    if not proposes:
        within_ceiling(by, _sum(found), ceiling=by.ceiling, before=before)
    new = NewOrder(
        order_id=wish.order_id,
        person_id=by.buys_for,
        council_id=council_id,
        placed_by_id=by.user_id,
        placed_by_name=by.name,
        at=at,
        proposes=proposes,
        pool_id=pool_id,
    )
    order = draw_up(session, new, [_line(line) for line in waiting], found)
    order.yeses_needed, order.conflict = asks.yeses, asks.conflict.words
    order.needs_own_yes = proposes and asks.conflict.concerns(by.user_id)
    for line in waiting:
        session.delete(line)
    if not proposes:
        hold_money(session, order, by=by, at=at)
    _tell(session, order, by=by, at=at)
    what = "order-suggested" if proposes else "order-placed"
    record_deed(session, order, what, by=by, at=at, number=order.number, pence=order.total.pence)
    if order.conflict and not proposes:
        record_deed(session, order, "order-confirmed-knowing", by=by, at=at, knowing=order.conflict)
    return order.id


def within_ceiling(
    by: Actor, amount: Money, *, ceiling: Money | None, before: Before, instead: str = ""
) -> None:
    """Refuse a supporter more than they may set going in one store.

    Raises:
        CeilingError: it is more, by itself or together with what they set going there lately.
    """
    refusal = above_ceiling(by, amount, ceiling=ceiling, before=before, instead=instead)
    if refusal:
        raise CeilingError(refusal)


def hold_money(session: Session, order: Order, *, by: Actor | None, at: datetime) -> None:
    """Set the order's money aside; something free needs none.

    Nobody as ``by`` means the next week of a standing order, which was agreed to before.

    Raises:
        SpendRefusedError: there is too little, or a limit stands in the way.
    """
    order.held_at = at
    if not order.total:
        return
    spend = Spend(
        order_id=order.id,
        council_id=order.council_id,
        provider_id=order.provider_id,
        parts=parts_of(session, order, visits_of(session, order), lambda visit: visit.amount),
        pool_id=order.pool_id,
        from_council=is_council_service(session, provider_id=order.provider_id),
        agreed_before=order.standing_id is not None,
    )
    terms = budgets.Terms(expires_at=at + ANSWER_WITHIN)
    budgets.hold(session, spend=spend, person_id=order.person_id, by=by, at=at, terms=terms)


def tell_of_new_order(session: Session, order: Order, *, at: datetime) -> None:
    """Write to the provider that there is an order."""
    person = names_of(session, user_ids=[order.person_id]).get(order.person_id, "")
    about = About(
        template="order_placed",
        subject=f"A new order from {person}",
        key="placed",
        values={"person": person},
    )
    tell_provider(session, order, about, at=at)


def council_to_pay(session: Session, pool_id: UUID | None, *, by: Actor, at: datetime) -> UUID:
    """Return whose lines pay, of the person themself or of a pool they are in.

    Raises:
        NoMoneyError: there are none.
    """
    council_id = council_that_pays(session, person_id=by.buys_for, pool_id=pool_id, at=at)
    if council_id is not None:
        return council_id
    if pool_id is not None:
        raise NoMoneyError("You are not in this pool any more. Choose who pays.")
    raise NoMoneyError("There is no money in the wallet to pay for this.")


def _waiting(session: Session, wish: PlaceOrder, by: Actor) -> list[BasketLine]:
    if by.acts_for_another:  # what they set going counts together, so it is set going in turns
        take_turns(session, supporter_id=by.user_id, person_id=by.buys_for)
    rows = (
        select(BasketLine)
        .where(BasketLine.person_id == by.buys_for, BasketLine.provider_id == wish.provider_id)
        .order_by(BasketLine.added_at, BasketLine.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(rows))


def _same(session: Session, earlier: Order, by: Actor) -> UUID:
    if earlier.person_id != by.buys_for:
        raise NotFoundError(NOT_FOUND)
    # What was put in while the order was being placed becomes an order of its own.
    session.execute(
        update(BasketLine).where(BasketLine.order_id == earlier.id).values(order_id=uuid4())
    )
    return earlier.id


def _priced(
    session: Session,
    waiting: Sequence[BasketLine],
    council_id: UUID,
    *,
    by: Actor,
    at: datetime,
) -> list[Priced]:
    return [
        priced(session, line.wanted, person_id=by.buys_for, council_id=council_id, at=at)
        for line in waiting
    ]


def _check(
    session: Session,
    wish: PlaceOrder,
    waiting: Sequence[BasketLine],
    found: Sequence[Priced],
    *,
    by: Actor,
    at: datetime,
) -> None:
    if any(line.first_at is not None and line.first_at < at for line in waiting):
        raise BadLineError("A time you chose has gone. Choose a time to come.")
    check_orderable(session, found, [line.choice for line in waiting])
    if outcomes_of(session, person_id=by.buys_for) and not all(line.outcome_id for line in waiting):
        raise BadLineError("Say what each thing is for: choose one of the outcomes.")
    shown = wish.seen if wish.seen is not None else add_up(line.seen_total for line in waiting)
    if shown != _sum(found):
        raise PriceChangedError(shown=shown, now=_sum(found))


def _not_after_the_last_day(session: Session, found: Sequence[Priced], council_id: UUID) -> None:
    offer = found[0].offer
    last_on = last_day_of(session, provider_id=offer.provider_id, council_id=council_id)
    if last_on is not None and any(
        at is not None and local_day(at) > last_on for each in found for at in each.times
    ):
        raise BadLineError(stops_words(offer.provider_name, last_on))


def _line(line: BasketLine) -> NewLine:
    return NewLine(
        quantity=line.quantity,
        outcome_id=line.outcome_id,
        note=line.note,
        worker_wish=line.worker_wish,
        language_wish=line.language_wish,
        gender_wish=line.gender_wish,
        choice=line.choice,
    )


def _sum(found: Sequence[Priced]) -> Money:
    return add_up(each.total for each in found)


def _tell(session: Session, order: Order, *, by: Actor, at: datetime) -> None:
    if order.state is OrderState.PLACED:
        tell_of_new_order(session, order, at=at)
    else:
        tell_of_suggestion(session, order, by=by, at=at)
