"""The pages of payments: runs, earnings, and money that comes in."""

from marketplace.payments.views import (
    accounts,
    connect,
    disputes,
    earnings,
    family,
    items,
    out_lines,
    reconciling,
    regulars,
    runs,
    statements,
    top_ups,
    webhooks,
)
from marketplace.payments.views.blueprint import payments

__all__ = [
    "accounts",
    "connect",
    "disputes",
    "earnings",
    "family",
    "items",
    "out_lines",
    "payments",
    "reconciling",
    "regulars",
    "runs",
    "statements",
    "top_ups",
    "webhooks",
]
