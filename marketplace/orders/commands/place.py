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
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.basket import may_suggest, not_their_own
from marketplace.orders.commands.letters import About, tell_of_suggestion, tell_provider
from marketplace.orders.commands.locked import NOT_FOUND, record_deed, visits_of
from marketplace.orders.commands.parts import parts_of
from marketplace.orders.errors import BadLineError, CeilingError, NoMoneyError, PriceChangedError
from marketplace.orders.models import BasketLine, Order, OrderLine, Visit
from marketplace.orders.queries.asking import asks_of
from marketplace.orders.queries.lately import Before, above_ceiling, lately
from marketplace.orders.queries.payers import council_that_pays
from marketplace.orders.queries.priced import Priced, priced
from marketplace.orders.rules import ANSWER_WITHIN, OrderState, VisitState, add_up, first_number

NUMBER_TRIES_MAX = 20


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
    if by.acts_for_another:
        take_turns(session, supporter_id=by.user_id, person_id=by.buys_for)
    # Lock before looking: of two clicks, the second finds the basket empty and the order there.
    waiting = _waiting(session, wish, by)
    earlier = session.get(Order, wish.order_id, populate_existing=True)
    if earlier is not None:
        return _same(session, earlier, by)
    if not waiting:
        raise NotFoundError("This is not in the basket any more.")
    not_their_own(session, provider_id=wish.provider_id, by=by)
    pool_id = waiting[0].pool_id
    council_id = _council(session, pool_id, by=by, at=at)
    found = [priced(session, line.wanted, council_id=council_id, at=at) for line in waiting]
    _check(session, wish, waiting, found, by=by, at=at)
    before = lately(session, by=by, at=at).of(wish.provider_id)
    asks = asks_of(session, wish.provider_id, council_id, _sum(found), by=by, at=at, before=before)
    proposes = wish.propose or asks.must_wait
    if not proposes:
        within_ceiling(by, _sum(found), ceiling=by.ceiling, before=before)
    order = _insert(session, wish, found, council_id=council_id, proposes=proposes, by=by, at=at)
    order.pool_id = pool_id
    order.yeses_needed, order.conflict = asks.yeses, asks.conflict.words
    order.needs_own_yes = proposes and asks.conflict.concerns(by.user_id)
    _add_lines(session, order, waiting, found)
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


def hold_money(session: Session, order: Order, *, by: Actor, at: datetime) -> None:
    """Set the order's money aside; something free needs none.

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


def _council(session: Session, pool_id: UUID | None, *, by: Actor, at: datetime) -> UUID:
    council_id = council_that_pays(session, person_id=by.buys_for, pool_id=pool_id, at=at)
    if council_id is not None:
        return council_id
    if pool_id is not None:
        raise NoMoneyError("You are not in this pool any more. Choose who pays.")
    raise NoMoneyError("There is no money in the wallet to pay for this.")


def _waiting(session: Session, wish: PlaceOrder, by: Actor) -> list[BasketLine]:
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
    if outcomes_of(session, person_id=by.buys_for) and not all(line.outcome_id for line in waiting):
        raise BadLineError("Say what each thing is for: choose one of the outcomes.")
    shown = wish.seen if wish.seen is not None else add_up(line.seen_total for line in waiting)
    if shown != _sum(found):
        raise PriceChangedError(shown=shown, now=_sum(found))


def _sum(found: Sequence[Priced]) -> Money:
    return add_up(each.total for each in found)


def _insert(  # noqa: PLR0913 - private: an order has this many sides
    session: Session,
    wish: PlaceOrder,
    found: Sequence[Priced],
    *,
    council_id: UUID,
    proposes: bool,
    by: Actor,
    at: datetime,
) -> Order:
    values = {
        "id": wish.order_id,
        "person_id": by.buys_for,
        "provider_id": wish.provider_id,
        "provider_name": found[0].offer.provider_name,
        "council_id": council_id,
        "state": OrderState.PROPOSED if proposes else OrderState.PLACED,
        "total": _sum(found),
        "placed_by_id": by.user_id,
        "placed_by_name": by.name,
        "placed_at": at,
        "reason": "",
    }
    first = first_number(wish.order_id)
    for number in range(first, first + NUMBER_TRIES_MAX):
        if insert_once(session, Order, {**values, "number": number}):
            return session.get_one(Order, wish.order_id)
    raise AssertionError("so many order numbers in a row cannot be taken")


def _add_lines(
    session: Session, order: Order, waiting: Sequence[BasketLine], found: Sequence[Priced]
) -> None:
    sentences = {row.id: row.sentence for row in outcomes_of(session, person_id=order.person_id)}
    lines = []
    for position, (wanted, each) in enumerate(zip(waiting, found, strict=True)):
        outcome = sentences.get(wanted.outcome_id, "") if wanted.outcome_id else ""
        lines.append(_line(order, position, wanted, each, outcome))
    session.add_all(lines)
    session.flush()  # the visits point at their lines
    for line, each in zip(lines, found, strict=True):
        session.add_all(_visits(line, each))
    session.flush()


def _line(
    order: Order, position: int, wanted: BasketLine, found: Priced, outcome: str
) -> OrderLine:
    offer = found.offer
    return OrderLine(
        id=uuid4(),
        order_id=order.id,
        position=position,
        offer_id=offer.offer_id,
        title=offer.title,
        category=offer.category,
        unit=offer.unit.value,
        unit_price=offer.bands.price,
        evening_price=offer.bands.evening,
        weekend_price=offer.bands.weekend,
        quantity=wanted.quantity,
        visits=wanted.visits,
        outcome_id=wanted.outcome_id if outcome else None,
        outcome=outcome,
        worker_wish=wanted.worker_wish,
        notice_hours=offer.notice_hours,
        late_cancel_percent=offer.late_cancel_percent,
        note=wanted.note,
    )


def _visits(line: OrderLine, found: Priced) -> list[Visit]:
    pairs = zip(found.times, found.amounts, strict=True)
    return [
        Visit(
            order_id=line.order_id,
            line_id=line.id,
            number=number,
            planned_at=planned_at,
            amount=amount,
            worker=line.worker_wish,
            state=VisitState.PLANNED,
            note="",
            query="",
            settled_by_silence=False,
        )
        for number, (planned_at, amount) in enumerate(pairs, start=1)
    ]


def _tell(session: Session, order: Order, *, by: Actor, at: datetime) -> None:
    if order.state is OrderState.PLACED:
        tell_of_new_order(session, order, at=at)
    else:
        tell_of_suggestion(session, order, by=by, at=at)
