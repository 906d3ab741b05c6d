"""What a person does when their provider stops: move it, end it, or say that nobody was found."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.commands.basket import PutInBasket, may_suggest, put_in_basket
from marketplace.orders.commands.locked import any_order, lines_of, visits_of
from marketplace.orders.commands.standing_locked import any_standing, record_standing
from marketplace.orders.commands.standing_start import StartStanding, start_standing
from marketplace.orders.commands.stops import locked_stop, record_stop
from marketplace.orders.commands.stops_ending import end_old
from marketplace.orders.commands.stops_letters import tell_council_of_nobody
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import BasketLine, Order, ProviderStop, StandingOrder, StopItem
from marketplace.orders.queries.standing_course import DEAD
from marketplace.orders.queries.stops_wishes import standing_again
from marketplace.orders.rules import VisitState
from marketplace.orders.rules.stops import StopItemState, repeats_every


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveItem:
    """A yes to somebody else. Brings the id of what is new: sent twice is once."""

    item_id: UUID
    offer_id: UUID
    seen: Money | None = None
    """What four weeks of a standing order cost on the page."""
    choice: str = ""
    """What of the menu of the other offer; "" for no choice."""
    new_id: UUID = field(default_factory=uuid4)


def move_standing_order(session: Session, wish: MoveItem, *, by: Actor, at: datetime) -> UUID:
    """Start the same standing order with somebody else; the old one ends on the stop day.

    A supporter who may only suggest suggests it, and the old one stays until its day. Nothing that
    is called off costs anything, and its money is back at once.

    Raises:
        NotFoundError: it is somebody else's, or the offer is not on sale.
        NotAllowedError: the supporter may not suggest orders.
        WrongStateError: the provider goes on, or this was answered.
        PriceChangedError: it does not cost what was shown.
        StandingRefusedError, NoMoneyError, CeilingError, FamilyCarerError, SpendRefusedError: as
            for any standing order.
    """
    stop, item = _mine(session, wish.item_id, by)
    if item.standing_id is None:
        raise NotFoundError
    earlier = session.get(StandingOrder, wish.new_id)
    if earlier is not None and item.new_order_id == earlier.first_order_id:
        return earlier.id
    _open(stop, item)
    _not_chosen(session, item)
    old = any_standing(session, item.standing_id)
    new = _the_same(session, stop, old, wish, at)
    if by.may(Permission.PLACE_ORDERS):
        end_old(session, stop, item, by=by, at=at)
    start_standing(session, new, by=by, at=at)
    started = session.get_one(StandingOrder, wish.new_id)
    _chosen(item, started.first_order_id, started.provider_name, by, at)
    record_standing(session, started, "stop-moved", by=by, at=at)
    return started.id


def draft_order_again(session: Session, wish: MoveItem, *, by: Actor, at: datetime) -> UUID:
    """Put what is left of an order into the basket, with somebody else; return the basket's line.

    What the old provider cannot do any more is called off at once and costs nothing, so that its
    money is free for the new order. That is placed from the basket, by the rules of any order.

    Raises:
        NotFoundError: it is somebody else's, or the offer is not on sale.
        NotAllowedError: the supporter may not suggest orders.
        WrongStateError: the provider goes on, this was answered, or nothing is left to do.
        BadLineError: it cannot be ordered like this.
    """
    stop, item = _mine(session, wish.item_id, by)
    if item.order_id is None:
        raise NotFoundError
    if session.get(BasketLine, wish.new_id) is not None:
        return wish.new_id
    _open(stop, item)
    _not_chosen(session, item)
    new = _again(session, stop, item, wish, at)
    if by.may(Permission.PLACE_ORDERS):
        end_old(session, stop, item, by=by, at=at)
    line_id = put_in_basket(session, new, by=by, at=at)
    line = session.get_one(BasketLine, line_id)
    _chosen(item, line.order_id, "", by, at)
    record_stop(session, stop, "stop-drafted", by=by, at=at)
    return line_id


def end_item(session: Session, *, item_id: UUID, by: Actor, at: datetime) -> None:
    """End what a provider who stops cannot do any more, from that day on and for nothing.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        WrongStateError: the provider goes on, or this was answered otherwise.
    """
    stop, item = _mine(session, item_id, by)
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError(f"{by.person_name} has not given you permission to do this for them.")
    if item.state is StopItemState.ENDED:
        return
    _open(stop, item)
    end_old(session, stop, item, by=by, at=at)
    item.state = StopItemState.ENDED
    _answered(item, by, at)
    record_stop(session, stop, "stop-ended-one", by=by, at=at)


def say_nobody(session: Session, *, item_id: UUID, by: Actor, at: datetime) -> None:
    """Say that nobody was found who could come instead: the council is told.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not suggest orders.
        WrongStateError: the provider goes on, or this was answered otherwise.
    """
    stop, item = _mine(session, item_id, by)
    if item.state is StopItemState.NOBODY:
        return
    _open(stop, item)
    item.state = StopItemState.NOBODY
    _answered(item, by, at)
    tell_council_of_nobody(session, stop, item, at=at)
    record_stop(session, stop, "stop-nobody", by=by, at=at)


def _mine(session: Session, item_id: UUID, by: Actor) -> tuple[ProviderStop, StopItem]:
    found = session.get(StopItem, item_id)
    if found is None or by.person_id is None or found.person_id != by.person_id:
        raise NotFoundError
    may_suggest(by)
    stop = locked_stop(session, found.stop_id)
    return stop, session.get_one(StopItem, item_id, populate_existing=True)


def _open(stop: ProviderStop, item: StopItem) -> None:
    if stop.withdrawn:
        raise WrongStateError(f"{stop.provider_name} goes on after all. Nothing has to move.")
    if item.state is StopItemState.ENDED:
        raise WrongStateError("This has ended. You can order anew whenever you like.")


def _not_chosen(session: Session, item: StopItem) -> None:
    """Refuse a second choice while the first one lives."""
    if item.new_order_id is None:
        return
    placed = session.get(Order, item.new_order_id)
    if placed is not None and placed.state not in DEAD:
        raise WrongStateError("Somebody new is chosen already. Look at your orders.")
    waits = select(BasketLine.id).where(BasketLine.order_id == item.new_order_id).limit(1)
    if placed is None and session.scalar(waits):
        raise WrongStateError("It waits in the basket already. Place the order there.")


def _the_same(
    session: Session, stop: ProviderStop, old: StandingOrder, wish: MoveItem, at: datetime
) -> StartStanding:
    again = standing_again(session, old, wish.offer_id, last_on=stop.last_on, at=at)
    return StartStanding(
        standing_id=wish.new_id,
        offer_id=wish.offer_id,
        weekly=replace(again.weekly, choice=wish.choice),
        begins_on=again.begins_on,
        ends_before=again.ends_before,
        language_wish=old.language_wish,
        gender_wish=old.gender_wish,
        outcome_id=old.outcome_id,
        note=old.note,
        seen=wish.seen,
        pool_id=old.pool_id,
    )


def _again(
    session: Session, stop: ProviderStop, item: StopItem, wish: MoveItem, at: datetime
) -> PutInBasket:
    assert item.order_id is not None
    order = any_order(session, item.order_id)
    line = lines_of(session, order)[item.line_id] if item.line_id else None
    assert line is not None, "an item of an order names its line"
    left = [
        visit
        for visit in visits_of(session, order)
        if visit.line_id == line.id
        and visit.state in {VisitState.PLANNED, VisitState.RELEASED}
        and (visit.planned_at is None or local_day(visit.planned_at) > stop.last_on)
    ]
    times = [visit.planned_at for visit in left if visit.planned_at and visit.planned_at > at]
    if not left or (not times and any(visit.planned_at for visit in left)):
        raise WrongStateError("Nothing of this is left to do.")
    return PutInBasket(
        line_id=wish.new_id,
        offer_id=wish.offer_id,
        quantity=line.quantity,
        visits=len(times) or len(left),
        first_at=min(times, default=None),
        every_days=repeats_every(local_day(each) for each in times),
        outcome_id=line.outcome_id,
        choice=wish.choice,
        note=line.note,
    )


def _chosen(item: StopItem, order_id: UUID, provider: str, by: Actor, at: datetime) -> None:
    item.state, item.new_order_id = StopItemState.CHOSEN, order_id
    item.new_provider_name = provider
    _answered(item, by, at)


def _answered(item: StopItem, by: Actor, at: datetime) -> None:
    item.answered_by_id, item.answered_by_name, item.answered_at = by.user_id, by.name, at
