"""The pages of payments: runs, earnings, and money that comes in."""

from marketplace.payments.views import family, runs, statements, top_ups, webhooks
from marketplace.payments.views.blueprint import payments

__all__ = ["family", "payments", "runs", "statements", "top_ups", "webhooks"]
