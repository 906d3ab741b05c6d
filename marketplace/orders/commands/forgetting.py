"""Taking away what somebody who has left had written; what was ordered and paid stays."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.retention import SOMEBODY
from marketplace.orders.models import (
    Approval,
    BasketLine,
    Order,
    OrderLine,
    StandingGap,
    StandingOrder,
    StandingPattern,
    StandingRise,
    Visit,
)
from marketplace.orders.rules import Verdict


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
    session.execute(
        update(StandingOrder)
        .where(StandingOrder.person_id == user_id)
        .values(
            note="",
            end_reason="",
            worker_wish="",
            language_wish="",
            gender_wish="",
            next_look_at=None,  # nothing more is ordered for somebody who has left
        )
    )
    mine = select(StandingOrder.id).where(StandingOrder.person_id == user_id)
    session.execute(update(StandingGap).where(StandingGap.standing_id.in_(mine)).values(reason=""))
    _forget_names(session, user_id)
    _forget_yeses(session, user_id)


def _forget_yeses(session: Session, user_id: UUID) -> None:
    """Let what somebody said to suggested orders stay, without their name and their words."""
    theirs = select(Order.id).where(Order.person_id == user_id)
    said = select(Approval.order_id).where(Approval.user_id == user_id)
    session.execute(
        update(Approval)
        .where(Approval.user_id == user_id)
        .values(user_name=SOMEBODY, words="", knowing="")
    )
    session.execute(
        update(Approval).where(Approval.order_id.in_(theirs)).values(words="", knowing="")
    )
    # Whose yeses placed an order is written on it too, several names in one.
    orders = select(Order).where(Order.id.in_(said), Order.approved_by_id.is_not(None))
    for order in session.scalars(orders.execution_options(populate_existing=True)):
        yeses = session.scalars(
            select(Approval.user_name)
            .where(Approval.order_id == order.id, Approval.verdict == Verdict.YES)
            .order_by(Approval.number)
        )
        order.approved_by_name = " and ".join(yeses)
    session.flush()


def _forget_names(session: Session, user_id: UUID) -> None:
    """Take somebody's name away where they said something about a standing order."""
    for model, who, name in (
        (StandingOrder, StandingOrder.placed_by_id, "placed_by_name"),
        (StandingOrder, StandingOrder.ended_by_id, "ended_by_name"),
        (StandingPattern, StandingPattern.said_by_id, "said_by_name"),
        (StandingGap, StandingGap.said_by_id, "said_by_name"),
        (StandingRise, StandingRise.answered_by_id, "answered_by_name"),
    ):
        session.execute(update(model).where(who == user_id).values({name: SOMEBODY}))
