"""The tables of baskets, orders, standing orders, visits and invoices."""

from marketplace.orders.models.billing import SelfBillingAgreement, VatRegistration
from marketplace.orders.models.invoices import Invoice, InvoiceCounter, InvoiceLine
from marketplace.orders.models.orders import Approval, BasketLine, Order, OrderLine, Visit
from marketplace.orders.models.standing import (
    StandingGap,
    StandingMiss,
    StandingOrder,
    StandingPattern,
    StandingRise,
)

__all__ = [
    "Approval",
    "BasketLine",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "Order",
    "OrderLine",
    "SelfBillingAgreement",
    "StandingGap",
    "StandingMiss",
    "StandingOrder",
    "StandingPattern",
    "StandingRise",
    "VatRegistration",
    "Visit",
]
