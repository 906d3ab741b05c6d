"""The tables of funding lines, limits and holds."""

from marketplace.budgets.models.alerts import Alert, AlertTold, PriceSeen, SpentWeek
from marketplace.budgets.models.changes import BudgetLineChange, Handover
from marketplace.budgets.models.clawbacks import (
    Clawback,
    ClawbackAnswer,
    ClawbackDecision,
    ClawbackFile,
)
from marketplace.budgets.models.holds import Hold, HoldShare, HoldTaking, Refusal
from marketplace.budgets.models.limits import LimitUse, SpendingLimit, SpendRequest
from marketplace.budgets.models.lines import FundingLine, Instalment, LineOutcome, Outcome
from marketplace.budgets.models.pools import Pool, PoolAsk, PoolConsent, PoolMember
from marketplace.budgets.models.purchases import Purchase, PurchasePicture
from marketplace.budgets.models.refunds import OwedRefund

__all__ = [
    "Alert",
    "AlertTold",
    "BudgetLineChange",
    "Clawback",
    "ClawbackAnswer",
    "ClawbackDecision",
    "ClawbackFile",
    "FundingLine",
    "Handover",
    "Hold",
    "HoldShare",
    "HoldTaking",
    "Instalment",
    "LimitUse",
    "LineOutcome",
    "Outcome",
    "OwedRefund",
    "Pool",
    "PoolAsk",
    "PoolConsent",
    "PoolMember",
    "PriceSeen",
    "Purchase",
    "PurchasePicture",
    "Refusal",
    "SpendRequest",
    "SpendingLimit",
    "SpentWeek",
]
