"""Counting the market of one council. The one room that reads other rooms' tables."""

from marketplace.reports.queries.dashboard import TABLES, Dashboard, dashboard, scope_of, table
from marketplace.reports.queries.demand import Demand, demand
from marketplace.reports.queries.market import category_names
from marketplace.reports.queries.near import LookedFor, Nearby, looked_for_near

__all__ = [
    "TABLES",
    "Dashboard",
    "Demand",
    "LookedFor",
    "Nearby",
    "category_names",
    "dashboard",
    "demand",
    "looked_for_near",
    "scope_of",
    "table",
]
