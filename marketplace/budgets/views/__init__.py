"""The pages of a person's wallet, and those on which a council opens funding lines."""

from marketplace.budgets.views import (
    alerts,
    council_views,
    limits,
    people,
    pools,
    purchases,
    requests,
    statement,
    wallet,
)
from marketplace.budgets.views.blueprint import budgets

__all__ = [
    "alerts",
    "budgets",
    "council_views",
    "limits",
    "people",
    "pools",
    "purchases",
    "requests",
    "statement",
    "wallet",
]
