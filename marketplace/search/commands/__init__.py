"""Keeping the index true, and counting what people look for."""

from marketplace.search.commands.calls import CallsTaken, TakeCalls, take_calls
from marketplace.search.commands.counting import SearchMade, count_search, forget_counts
from marketplace.search.commands.indexing import catch_up, fill, forget, index_at_once, rebuild

__all__ = [
    "CallsTaken",
    "SearchMade",
    "TakeCalls",
    "catch_up",
    "count_search",
    "fill",
    "forget",
    "forget_counts",
    "index_at_once",
    "rebuild",
    "take_calls",
]
