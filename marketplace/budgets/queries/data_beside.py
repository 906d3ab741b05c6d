"""More of what this room keeps about somebody: pools, purchases, alerts, changes, clawbacks."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine
from marketplace.budgets.models.alerts import Alert, AlertTold, PriceSeen, SpentWeek
from marketplace.budgets.models.changes import BudgetLineChange, Handover
from marketplace.budgets.models.clawbacks import (
    Clawback,
    ClawbackAnswer,
    ClawbackDecision,
    ClawbackFile,
)
from marketplace.budgets.models.pools import Pool, PoolAsk, PoolConsent, PoolMember
from marketplace.budgets.models.purchases import Purchase, PurchasePicture
from marketplace.budgets.models.refunds import OwedRefund
from marketplace.kernel.exporting import Kept, columns_of, rows_of


def beside(session: Session, user_id: UUID) -> dict[str, Kept]:
    """Return what stands beside somebody's lines, limits and holds."""
    refunds = select(*columns_of(OwedRefund, without=["paid_by_id"])).where(
        OwedRefund.person_id == user_id
    )
    return {
        "own-money-owed-to-you": rows_of(session, refunds.order_by(OwedRefund.owed_at)),
        **_of_changes(session, user_id),
        **_of_purchases(session, user_id),
        **_of_pools(session, user_id),
        **_of_clawbacks(session, user_id),
        **_of_alerts(session, user_id),
    }


def _of_changes(session: Session, user_id: UUID) -> dict[str, Kept]:
    mine = select(FundingLine.id).where(FundingLine.person_id == user_id)
    changes = select(*columns_of(BudgetLineChange)).where(BudgetLineChange.line_id.in_(mine))
    handovers = select(*columns_of(Handover)).where(Handover.line_id.in_(mine))
    return {
        "changes-of-funding-lines": rows_of(
            session, changes.order_by(BudgetLineChange.at, BudgetLineChange.id)
        ),
        "funding-lines-handed-over": rows_of(session, handovers.order_by(Handover.offered_at)),
    }


def _of_purchases(session: Session, user_id: UUID) -> dict[str, Kept]:
    purchases = select(*columns_of(Purchase)).where(Purchase.person_id == user_id)
    pictures = select(*columns_of(PurchasePicture, without=["content"])).where(
        PurchasePicture.person_id == user_id
    )
    return {
        "bought-elsewhere": rows_of(session, purchases.order_by(Purchase.recorded_at, Purchase.id)),
        "receipts-of-what-was-bought-elsewhere": rows_of(
            session, pictures.order_by(PurchasePicture.id)
        ),
    }


def _of_pools(session: Session, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's own part in pools; what the other members said is theirs."""
    memberships = select(*columns_of(PoolMember)).where(PoolMember.person_id == user_id)
    pools = select(*columns_of(Pool, without=["made_for_id", "made_by_id"])).where(
        Pool.id.in_(select(PoolMember.pool_id).where(PoolMember.person_id == user_id))
    )
    consents = select(*columns_of(PoolConsent)).where(PoolConsent.person_id == user_id)
    asks = select(*columns_of(PoolAsk)).where(PoolAsk.person_id == user_id)
    return {
        "pools": rows_of(session, pools.order_by(Pool.made_at, Pool.id)),
        "your-part-in-pools": rows_of(session, memberships.order_by(PoolMember.invited_at)),
        "what-you-said-yes-to-in-pools": rows_of(session, consents.order_by(PoolConsent.at)),
        "what-you-asked-of-pools": rows_of(session, asks.order_by(PoolAsk.asked_at)),
    }


def _of_clawbacks(session: Session, user_id: UUID) -> dict[str, Kept]:
    mine = select(Clawback.id).where(Clawback.person_id == user_id)
    notices = select(*columns_of(Clawback)).where(Clawback.person_id == user_id)
    papers = select(*columns_of(ClawbackFile, without=["content"])).where(ClawbackFile.id.in_(mine))
    answers = select(*columns_of(ClawbackAnswer)).where(ClawbackAnswer.clawback_id.in_(mine))
    decisions = select(*columns_of(ClawbackDecision)).where(ClawbackDecision.clawback_id.in_(mine))
    return {
        "money-wanted-back": rows_of(session, notices.order_by(Clawback.noticed_at)),
        "papers-about-money-wanted-back": rows_of(session, papers.order_by(ClawbackFile.id)),
        "answers-about-money-wanted-back": rows_of(session, answers.order_by(ClawbackAnswer.at)),
        "decisions-about-money-wanted-back": rows_of(
            session, decisions.order_by(ClawbackDecision.at)
        ),
    }


def _of_alerts(session: Session, user_id: UUID) -> dict[str, Kept]:
    alerts = select(*columns_of(Alert)).where(
        or_(Alert.user_id == user_id, Alert.person_id == user_id)
    )
    # What a supporter was told about somebody's money is that other's own to take away.
    told = (
        select(*columns_of(AlertTold))
        .join(Alert, Alert.id == AlertTold.alert_id)
        .where(Alert.person_id == user_id)
    )
    prices = (
        select(*columns_of(PriceSeen))
        .join(Alert, Alert.id == PriceSeen.alert_id)
        .where(Alert.person_id == user_id)
    )
    weeks = select(*columns_of(SpentWeek)).where(SpentWeek.person_id == user_id)
    return {
        "alerts": rows_of(session, alerts.order_by(Alert.chosen_at, Alert.id)),
        "alerts-told": rows_of(session, told.order_by(AlertTold.told_at, AlertTold.id)),
        "prices-watched": rows_of(session, prices.order_by(PriceSeen.seen_at, PriceSeen.id)),
        "spent-each-week": rows_of(session, weeks.order_by(SpentWeek.starts_on)),
    }
