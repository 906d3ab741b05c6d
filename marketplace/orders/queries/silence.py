"""Deliveries that nobody has answered yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.councils.queries import councils
from marketplace.orders.models import Order, Visit
from marketplace.orders.rules import Silence, VisitState, next_step


def unanswered_orders(session: Session, *, at: datetime) -> list[UUID]:
    """Return the orders for whose noted visits something is due now, oldest note first."""
    days = {card.id: card.auto_confirm_days for card in councils(session)}
    rows = (
        select(
            Order.id, Order.council_id, Visit.noted_at, Visit.told_first_at, Visit.told_second_at
        )
        .join(Visit, Visit.order_id == Order.id)
        .where(Visit.state == VisitState.NOTED, Visit.noted_at < at)
        .order_by(Visit.noted_at, Order.id)
    )
    due = (
        order_id
        for order_id, council_id, noted_at, told_first_at, told_second_at in session.execute(rows)
        if noted_at is not None
        and next_step(
            noted_at=noted_at,
            told_first_at=told_first_at,
            told_second_at=told_second_at,
            days=days[council_id],
            at=at,
        )
        is not Silence.WAIT
    )
    return list(dict.fromkeys(due))
