"""Taking away what somebody who has left had written; what was ordered and paid stays."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.retention import SOMEBODY
from marketplace.orders.models import BasketLine, Order, OrderLine, Visit


def forget_person(session: Session, *, user_id: UUID) -> None:
    """Take away somebody's basket, notes, reasons and their name as the one who ordered."""
    theirs = select(Order.id).where(Order.person_id == user_id)
    session.execute(delete(BasketLine).where(BasketLine.person_id == user_id))
    session.execute(
        update(BasketLine).where(BasketLine.added_by_id == user_id).values(added_by_name=SOMEBODY)
    )
    session.execute(update(Order).where(Order.person_id == user_id).values(reason="", conflict=""))
    session.execute(
        update(Order).where(Order.placed_by_id == user_id).values(placed_by_name=SOMEBODY)
    )
    session.execute(
        update(Order).where(Order.approved_by_id == user_id).values(approved_by_name=SOMEBODY)
    )
    session.execute(
        update(OrderLine)
        .where(OrderLine.order_id.in_(theirs))
        .values(note="", outcome="", worker_wish="")
    )
    session.execute(update(Visit).where(Visit.order_id.in_(theirs)).values(note="", query=""))
