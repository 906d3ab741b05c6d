"""Orders that no provider answers: the money does not wait for ever."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.budgets import commands as budgets
from marketplace.orders.commands.letters import About, tell_person, tell_provider
from marketplace.orders.commands.locked import any_order, record_deed
from marketplace.orders.commands.settling import give_back_open
from marketplace.orders.rules import OrderState

_UNANSWERED = frozenset({OrderState.PLACED, OrderState.CHANGE_PROPOSED})


def close_unanswered(session: Session, *, order_id: UUID, at: datetime) -> None:
    """Close an order whose hold has run out, and give its money back; an answered one keeps it.

    Raises:
        NotFoundError: there is no such order.
    """
    order = any_order(session, order_id)
    budgets.keep_hold(session, order_id=order_id)  # either way there is nothing left to run out
    if order.state not in _UNANSWERED:
        return
    order.go_to(OrderState.CANCELLED)
    order.reason = "Nobody answered in time."
    give_back_open(session, order, by=None, at=at)
    about = About(
        template="order_expired", subject="Nobody answered your order", key="expired", values={}
    )
    tell_person(session, order, about, at=at)
    gone = About(
        template="cancelled",
        subject=f"Order {order.number} has ended",
        key="expired",
        values={"what": "The whole order", "reason": order.reason},
    )
    tell_provider(session, order, gone, at=at)
    record_deed(session, order, "order-expired", by=None, at=at)
