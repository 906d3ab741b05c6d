"""Taking away words that stand beside somebody's lines: purchases, changes, pools, alerts."""

from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from marketplace.budgets.commands.refunds import forget_accounts
from marketplace.budgets.models import FundingLine
from marketplace.budgets.models.alerts import Alert, AlertTold, PriceSeen, SpentWeek
from marketplace.budgets.models.changes import BudgetLineChange, Handover
from marketplace.budgets.models.clawbacks import Clawback, ClawbackAnswer
from marketplace.budgets.models.pools import PoolMember
from marketplace.budgets.models.purchases import Purchase, PurchasePicture
from marketplace.kernel.retention import FORGOTTEN, SOMEBODY


def forget_beside(session: Session, *, user_id: UUID) -> None:
    """Take away what somebody bought in words, why lines changed, and what was watched for them."""
    _purchases(session, user_id)
    _changes(session, user_id)
    _clawbacks(session, user_id)
    forget_accounts(session, person_id=user_id)
    session.execute(
        update(PoolMember).where(PoolMember.person_id == user_id).values(invited_email="")
    )
    alerts = or_(Alert.user_id == user_id, Alert.person_id == user_id)
    theirs = select(Alert.id).where(alerts)
    session.execute(delete(AlertTold).where(AlertTold.alert_id.in_(theirs)))
    session.execute(delete(PriceSeen).where(PriceSeen.alert_id.in_(theirs)))
    session.execute(delete(Alert).where(alerts))
    session.execute(delete(SpentWeek).where(SpentWeek.person_id == user_id))


def _purchases(session: Session, user_id: UUID) -> None:
    session.execute(
        update(Purchase)
        .where(Purchase.person_id == user_id)
        .values(what=FORGOTTEN, outcome="", outside=[], picture_id=None)
    )
    for who, name in (
        (Purchase.recorded_by_id, Purchase.recorded_by_name),
        (Purchase.ended_by_id, Purchase.ended_by_name),
    ):
        session.execute(update(Purchase).where(who == user_id).values({name: SOMEBODY}))
    session.execute(delete(PurchasePicture).where(PurchasePicture.person_id == user_id))


def _changes(session: Session, user_id: UUID) -> None:
    lines = select(FundingLine.id).where(FundingLine.person_id == user_id)
    session.execute(
        update(BudgetLineChange)
        .where(BudgetLineChange.line_id.in_(lines))
        .values(before_name="", after_name="", reason="")
    )
    session.execute(
        update(BudgetLineChange).where(BudgetLineChange.by_id == user_id).values(by_name=SOMEBODY)
    )
    session.execute(
        update(Handover).where(Handover.line_id.in_(lines)).values(reason="", answer="")
    )
    session.execute(
        update(Handover).where(Handover.offered_by_id == user_id).values(offered_by_name=SOMEBODY)
    )


def _clawbacks(session: Session, user_id: UUID) -> None:
    """Take away what the person said; why the council wanted money stays with the council."""
    theirs = select(Clawback.id).where(Clawback.person_id == user_id)
    session.execute(
        update(ClawbackAnswer).where(ClawbackAnswer.clawback_id.in_(theirs)).values(words="")
    )
    session.execute(
        update(ClawbackAnswer).where(ClawbackAnswer.by_id == user_id).values(by_name=SOMEBODY)
    )
