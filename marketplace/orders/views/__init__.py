"""The pages of baskets, orders, deliveries and invoices."""

from marketplace.orders.views import basket, circle, invoices, person, work
from marketplace.orders.views.blueprint import orders

__all__ = ["basket", "circle", "invoices", "orders", "person", "work"]
