"""The pages of payments: runs, earnings, and money that comes in."""

from marketplace.payments.views import (
    earnings,
    family,
    items,
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
    "payments",
    "runs",
    "statements",
    "top_ups",
    "webhooks",
]
