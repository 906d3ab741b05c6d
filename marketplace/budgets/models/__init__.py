"""The tables of funding lines, limits and holds."""

from marketplace.budgets.models.holds import Hold, HoldShare, HoldTaking, Refusal
from marketplace.budgets.models.limits import LimitUse, SpendingLimit, SpendRequest
from marketplace.budgets.models.lines import FundingLine, Instalment, LineOutcome, Outcome

__all__ = [
    "FundingLine",
    "Hold",
    "HoldShare",
    "HoldTaking",
    "Instalment",
    "LimitUse",
    "LineOutcome",
    "Outcome",
    "Refusal",
    "SpendRequest",
    "SpendingLimit",
]
