"""The pages of baskets, orders, deliveries and invoices."""

from marketplace.orders.views import (
    basket,
    billing,
    circle,
    desk,
    invoices,
    payers,
    person,
    standing,
    standing_deeds,
    standing_work,
    work,
)
from marketplace.orders.views.blueprint import orders

__all__ = [
    "basket",
    "billing",
    "circle",
    "desk",
    "invoices",
    "orders",
    "payers",
    "person",
    "standing",
    "standing_deeds",
    "standing_work",
    "work",
]
