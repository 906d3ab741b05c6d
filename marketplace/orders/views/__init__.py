"""The pages of baskets, orders, deliveries and invoices."""

from marketplace.orders.views import basket, circle, desk, invoices, person, work
from marketplace.orders.views.blueprint import orders

__all__ = ["basket", "circle", "desk", "invoices", "orders", "person", "work"]
