"""The pages of payments: runs, earnings, and money that comes in."""

from marketplace.payments.views import runs
from marketplace.payments.views.blueprint import payments

__all__ = ["payments", "runs"]
