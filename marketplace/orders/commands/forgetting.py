"""Taking away what somebody who has left had written; what was ordered and paid stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.retention import FORGOTTEN, SOMEBODY
from marketplace.orders.models import (
    Approval,
    BasketLine,
    Dispute,
    DisputeFile,
    DisputeStep,
    Order,
    OrderLine,
    ProviderStop,
    StandingGap,
    StandingOrder,
    StandingPattern,
    StandingRise,
    StopItem,
    Visit,
    VisitPhoto,
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
        .values(note="", outcome="", worker_wish="", choice="")
    )
    session.execute(update(Visit).where(Visit.order_id.in_(theirs)).values(note="", query=""))
    seen = select(Visit.id).where(Visit.order_id.in_(theirs))
    session.execute(delete(VisitPhoto).where(VisitPhoto.visit_id.in_(seen)))
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
    _forget_queries(session, user_id)
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


def _forget_queries(session: Session, user_id: UUID) -> None:
    """Take away what somebody said in queries about visits, and who they were."""
    said = select(DisputeStep.id).where(DisputeStep.by_user_id == user_id)
    session.execute(delete(DisputeFile).where(DisputeFile.step_id.in_(said)))
    session.execute(
        update(DisputeStep)
        .where(DisputeStep.by_user_id == user_id)
        .values(words=FORGOTTEN, by_name=SOMEBODY)
    )
    session.execute(update(Dispute).where(Dispute.person_id == user_id).values(words=FORGOTTEN))
    for who, name in (
        (Dispute.asked_by_id, "asked_by_name"),
        (Dispute.ended_by_id, "ended_by_name"),
    ):
        session.execute(update(Dispute).where(who == user_id).values({name: SOMEBODY}))
    session.execute(
        update(ProviderStop)
        .where(ProviderStop.said_by_id == user_id)
        .values(said_by_name=SOMEBODY, reason=FORGOTTEN)
    )
    session.execute(
        update(StopItem).where(StopItem.answered_by_id == user_id).values(answered_by_name=SOMEBODY)
    )


def forget_query_files(session: Session, *, before: datetime) -> int:
    """Take away the files of queries that ended before an instant; return how many."""
    steps = (
        select(DisputeStep.id)
        .join(Dispute, Dispute.id == DisputeStep.dispute_id)
        .where(Dispute.ended_at < before)
    )
    gone = delete(DisputeFile).where(DisputeFile.step_id.in_(steps)).returning(DisputeFile.id)
    return len(session.execute(gone).all())


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
