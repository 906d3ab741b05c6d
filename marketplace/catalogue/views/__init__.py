"""The pages of joining, keeping a store, agreeing prices and checking providers."""

from marketplace.catalogue.views import (
    bank,
    checking,
    claims,
    evidence,
    join,
    moderation,
    offer_tables,
    offers,
    prices,
    showing,
    store,
    times,
)
from marketplace.catalogue.views.blueprint import catalogue

__all__ = [
    "bank",
    "catalogue",
    "checking",
    "claims",
    "evidence",
    "join",
    "moderation",
    "offer_tables",
    "offers",
    "prices",
    "showing",
    "store",
    "times",
]
