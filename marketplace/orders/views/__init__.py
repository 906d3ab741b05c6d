"""The pages of baskets, orders, deliveries and invoices."""

from marketplace.orders.views import (
    basket,
    billing,
    bulk,
    circle,
    day,
    desk,
    disputes,
    holidays,
    invoices,
    payers,
    person,
    planned,
    standing,
    standing_deeds,
    standing_work,
    stops,
    work,
)
from marketplace.orders.views.blueprint import orders

__all__ = [
    "basket",
    "billing",
    "bulk",
    "circle",
    "day",
    "desk",
    "disputes",
    "holidays",
    "invoices",
    "orders",
    "payers",
    "person",
    "planned",
    "standing",
    "standing_deeds",
    "standing_work",
    "stops",
    "work",
]
