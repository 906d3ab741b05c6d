"""The tables of baskets, orders, standing orders, visits, queries about them, and invoices."""

from marketplace.orders.models.billing import SelfBillingAgreement, VatRegistration
from marketplace.orders.models.deliveries import PhoneDeed, VisitPhoto
from marketplace.orders.models.disputes import Dispute, DisputeFile, DisputeStep
from marketplace.orders.models.invoices import Invoice, InvoiceCounter, InvoiceLine
from marketplace.orders.models.orders import Approval, BasketLine, Order, OrderLine, Visit
from marketplace.orders.models.standing import (
    StandingGap,
    StandingMiss,
    StandingOrder,
    StandingPattern,
    StandingRise,
    StandingYes,
)
from marketplace.orders.models.stops import ProviderStop, StopItem

__all__ = [
    "Approval",
    "BasketLine",
    "Dispute",
    "DisputeFile",
    "DisputeStep",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "Order",
    "OrderLine",
    "PhoneDeed",
    "ProviderStop",
    "SelfBillingAgreement",
    "StandingGap",
    "StandingMiss",
    "StandingOrder",
    "StandingPattern",
    "StandingRise",
    "StandingYes",
    "StopItem",
    "VatRegistration",
    "Visit",
    "VisitPhoto",
]
