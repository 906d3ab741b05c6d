"""The pages of baskets, orders, deliveries and invoices."""

from marketplace.orders.views import basket, invoices, person, work
from marketplace.orders.views.blueprint import orders

__all__ = ["basket", "invoices", "orders", "person", "work"]
