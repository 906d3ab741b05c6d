"""What is kept about somebody in queries about visits: as the person, or as one who wrote."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.orders.models import Dispute, DisputeFile, DisputeStep, ProviderStop, StopItem


def data_of_queries(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return the queries about somebody's visits, and all they said in others', oldest first."""
    said = select(DisputeStep.dispute_id).where(DisputeStep.by_user_id == user_id)
    theirs = Dispute.person_id == user_id
    disputes = select(*columns_of(Dispute)).where(or_(theirs, Dispute.id.in_(said)))
    concerned = or_(theirs, DisputeStep.by_user_id == user_id)
    steps = (
        select(*columns_of(DisputeStep))
        .join(Dispute, Dispute.id == DisputeStep.dispute_id)
        .where(concerned)
        .order_by(Dispute.asked_at, Dispute.id, DisputeStep.number)
    )
    files = (
        select(*columns_of(DisputeFile, without=["content"]))
        .join(DisputeStep, DisputeStep.id == DisputeFile.step_id)
        .join(Dispute, Dispute.id == DisputeStep.dispute_id)
        .where(concerned)
        .order_by(Dispute.asked_at, Dispute.id, DisputeStep.number)
    )
    stops = select(*columns_of(ProviderStop)).where(ProviderStop.said_by_id == user_id)
    items = select(*columns_of(StopItem)).where(
        or_(StopItem.person_id == user_id, StopItem.answered_by_id == user_id)
    )
    return {
        "stores-you-said-stop": rows_of(
            session, stops.order_by(ProviderStop.said_at, ProviderStop.id)
        ),
        "orders-whose-provider-stops": rows_of(
            session, items.order_by(StopItem.told_at, StopItem.id)
        ),
        "visits-something-was-wrong-with": rows_of(
            session, disputes.order_by(Dispute.asked_at, Dispute.id)
        ),
        "what-was-said-of-them": rows_of(session, steps),
        "files-about-them": rows_of(session, files),
    }
