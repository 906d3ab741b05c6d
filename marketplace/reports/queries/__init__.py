"""Counting the market of one council. The one room that reads other rooms' tables."""

from marketplace.reports.queries.dashboard import TABLES, Dashboard, dashboard, scope_of, table
from marketplace.reports.queries.market import category_names

__all__ = ["TABLES", "Dashboard", "category_names", "dashboard", "scope_of", "table"]
