"""The tables of baskets, orders, visits and invoices."""

from marketplace.orders.models.invoices import Invoice, InvoiceCounter, InvoiceLine
from marketplace.orders.models.orders import Approval, BasketLine, Order, OrderLine, Visit

__all__ = [
    "Approval",
    "BasketLine",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "Order",
    "OrderLine",
    "Visit",
]
