"""What a supporter suggested: agreed to, or not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.orders.commands.locked import persons_order, record_deed, visits_of
from marketplace.orders.commands.place import hold_money, tell_of_new_order, within_ceiling
from marketplace.orders.commands.settling import give_back_open
from marketplace.orders.errors import BadLineError, SameHandsError
from marketplace.orders.models import Order
from marketplace.orders.queries.orders import sees_order
from marketplace.orders.rules import WORDS_LENGTH_MAX, OrderState


def approve_order(session: Session, *, order_id: UUID, by: Actor, at: datetime) -> None:
    """Say yes to a suggested order: its money is held and the provider is told. Twice is once.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say yes.
        SameHandsError: whoever suggested it does not approve it.
        CeilingError: it is more than the supporter may spend at once.
        BadLineError: its first time has gone.
        WrongStateError: it is not waiting for a yes.
        SpendRefusedError: there is too little money, or a limit stands in the way.
    """
    order = persons_order(session, order_id, by, Permission.APPROVE_ORDERS)
    if order.approved_by_id == by.user_id:
        return
    _other_hands(order, by)
    order.go_to(OrderState.PLACED)
    if any(v.planned_at is not None and v.planned_at < at for v in visits_of(session, order)):
        raise BadLineError(
            "A time in this order has gone. Say no to it, and put it in the basket again."
        )
    within_ceiling(by, order.total)
    order.approved_by_id, order.approved_by_name = by.user_id, by.name
    hold_money(session, order, by=by, at=at)
    tell_of_new_order(session, order, at=at)
    record_deed(session, order, "order-approved", by=by, at=at, pence=order.total.pence)


def refuse_proposal(
    session: Session, *, order_id: UUID, reason: str, by: Actor, at: datetime
) -> None:
    """Say no to a suggested order, or take back one's own suggestion.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say no, and did not suggest it.
        WrongStateError: it is not waiting for a yes.
    """
    order = persons_order(session, order_id, by, Permission.SIGNED_IN)
    if not by.may(Permission.APPROVE_ORDERS) and order.placed_by_id != by.user_id:
        if not sees_order(order, by):
            raise NotFoundError("We cannot find that order.")
        raise NotAllowedError(f"Only {by.person_name} can say no to this.")
    order.go_to(OrderState.REFUSED)
    order.reason, order.decided_at = reason.strip()[:WORDS_LENGTH_MAX], at
    give_back_open(session, order, by=by, at=at)
    record_deed(session, order, "suggestion-turned-down", by=by, at=at)


def _other_hands(order: Order, by: Actor) -> None:
    if order.placed_by_id == by.user_id:
        raise SameHandsError("You suggested this, so somebody else must say yes to it.")
