"""Ending what a provider who stops cannot do any more: from that day on, and it costs nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.orders.commands.cancelling import free_visits
from marketplace.orders.commands.locked import any_order, record_deed, visits_of
from marketplace.orders.commands.settling import finish, give_back_open
from marketplace.orders.commands.standing_locked import any_standing, record_standing
from marketplace.orders.commands.standing_off import Days, each_order
from marketplace.orders.commands.stops import items_of, locked_stop, record_stop
from marketplace.orders.commands.stops_letters import tell_of_stop
from marketplace.orders.models import Order, ProviderStop, StandingOrder, StopItem, Visit
from marketplace.orders.rules import OrderState, VisitState, day_words
from marketplace.orders.rules.stops import StopItemState

_DAY = timedelta(days=1)
_ANSWERED = frozenset({StopItemState.CHOSEN, StopItemState.ENDED})
_NOT_ACCEPTED = frozenset({OrderState.PROPOSED, OrderState.PLACED, OrderState.CHANGE_PROPOSED})


def end_old(
    session: Session, stop: ProviderStop, item: StopItem, *, by: Actor | None, at: datetime
) -> None:
    """Call off what lies after the last day of a locked stop, without a late fee; once is enough.

    Nobody as ``by`` means that the day has come.
    """
    if item.standing_id is not None:
        _end_standing(session, stop, any_standing(session, item.standing_id), by=by, at=at)
    else:
        assert item.order_id is not None, "an item is of one or the other"
        _end_order(session, stop, item.order_id, item.line_id, by=by, at=at)


def end_stopped(session: Session, *, stop_id: UUID, at: datetime) -> int:
    """End what is left of a provider's orders once their last day has gone; return how many."""
    stop = locked_stop(session, stop_id)
    if stop.ended_at is not None or stop.last_on >= local_day(at):
        return 0
    done = 0
    for item in items_of(session, stop):
        end_old(session, stop, item, by=None, at=at)
        if item.state in _ANSWERED:
            continue
        if item.state is StopItemState.WAITING:
            item.state, item.answered_at = StopItemState.ENDED, at
        sentences = [
            f"{stop.provider_name} came for the last time on {day_words(stop.last_on)}.",
            f"{item.title} has ended. It costs nothing, and its money is back.",
        ]
        subject = f"{stop.provider_name} has stopped"
        tell_of_stop(session, stop, item, subject, sentences, key="over", at=at)
        done += 1
    stop.ended_at, stop.live_key = at, None
    record_stop(session, stop, "stop-over", by=None, at=at)
    return done


def _end_standing(
    session: Session,
    stop: ProviderStop,
    standing: StandingOrder,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    after = stop.last_on + _DAY
    if standing.ended_at is not None and (standing.ends_before or after) <= after:
        return
    first = session.get_one(Order, standing.first_order_id)
    if first.state in _NOT_ACCEPTED:
        _call_off(session, first.id, stop, by=by, at=at)

    def free(order: Order, visits: list[Visit]) -> None:
        free_visits(session, order, visits, by=by, at=at)
        record_deed(session, order, "visit-cancelled", by=by, at=at, visits=len(visits))

    each_order(session, standing, Days(after), free, at=at)
    standing.ends_before = max(after, standing.begins_on)
    standing.end_reason = f"{stop.provider_name} stops. {stop.reason}".strip()
    standing.ended_at = at
    standing.ended_by_id = by.user_id if by else None
    standing.ended_by_name = by.name if by else ""
    standing.next_look_at = at
    record_standing(
        session, standing, "standing-ended", by=by, at=at, last=stop.last_on.isoformat()
    )


def _end_order(
    session: Session,
    stop: ProviderStop,
    order_id: UUID,
    line_id: UUID | None,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    order = any_order(session, order_id)
    visits = visits_of(session, order)
    left = [
        visit
        for visit in visits
        if visit.line_id == line_id
        and visit.state is VisitState.PLANNED
        and (visit.planned_at is None or local_day(visit.planned_at) > stop.last_on)
    ]
    if not left:
        return
    if order.state in _NOT_ACCEPTED:
        if len(left) == len(visits) or by is None:
            _call_off(session, order.id, stop, by=by, at=at)
        return
    if order.state is OrderState.ACCEPTED:
        free_visits(session, order, left, by=by, at=at)
        finish(session, order, at=at)
        record_deed(session, order, "visit-cancelled", by=by, at=at, visits=len(left))


def _call_off(
    session: Session, order_id: UUID, stop: ProviderStop, *, by: Actor | None, at: datetime
) -> None:
    """Call off an order that the provider has not taken on."""
    order = any_order(session, order_id)
    if order.state not in _NOT_ACCEPTED:
        return
    order.go_to(OrderState.CANCELLED)
    give_back_open(session, order, by=by, at=at)
    order.reason = f"{stop.provider_name} stops."
    record_deed(session, order, "order-cancelled", by=by, at=at)
