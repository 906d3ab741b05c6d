"""The tables of payments."""

from marketplace.payments.models.runs import (
    PaymentInvoice,
    PaymentItem,
    PaymentRun,
    PaymentRunCounter,
)

__all__ = ["PaymentInvoice", "PaymentItem", "PaymentRun", "PaymentRunCounter"]
