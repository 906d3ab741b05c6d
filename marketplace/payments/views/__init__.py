"""The pages of payments: runs, earnings, and money that comes in."""

from marketplace.payments.views import (
    earnings,
    family,
    items,
    out_lines,
    reconciling,
    runs,
    statements,
    top_ups,
    webhooks,
)
from marketplace.payments.views.blueprint import payments

__all__ = [
    "earnings",
    "family",
    "items",
    "out_lines",
    "payments",
    "reconciling",
    "runs",
    "statements",
    "top_ups",
    "webhooks",
]
