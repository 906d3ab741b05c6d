"""The pages of a person's wallet, and those on which a council opens funding lines."""

from marketplace.budgets.views import (
    alerts,
    audit,
    clawbacks,
    council_views,
    limits,
    lines,
    people,
    pools,
    purchases,
    refunds,
    requests,
    sequence,
    statement,
    wallet,
)
from marketplace.budgets.views.blueprint import budgets

__all__ = [
    "alerts",
    "audit",
    "budgets",
    "clawbacks",
    "council_views",
    "limits",
    "lines",
    "people",
    "pools",
    "purchases",
    "refunds",
    "requests",
    "sequence",
    "statement",
    "wallet",
]
