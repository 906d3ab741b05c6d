"""Keeping the index true, and counting what people look for."""

from marketplace.search.commands.calls import CallsTaken, TakeCalls, take_calls
from marketplace.search.commands.counting import (
    WORDS_KEPT_AFTER,
    SearchMade,
    count_emptied,
    count_search,
    forget_counts,
    note_step,
)
from marketplace.search.commands.indexing import catch_up, fill, forget, index_at_once, rebuild

__all__ = [
    "WORDS_KEPT_AFTER",
    "CallsTaken",
    "SearchMade",
    "TakeCalls",
    "catch_up",
    "count_emptied",
    "count_search",
    "fill",
    "forget",
    "forget_counts",
    "index_at_once",
    "note_step",
    "rebuild",
    "take_calls",
]
