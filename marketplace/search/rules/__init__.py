"""What can be found, what can be asked, and how typed words are understood. Pure."""

from marketplace.search.rules.entries import (
    REGULATED,
    SHOWN_FACETS,
    YES,
    Entry,
    EntryKind,
    Facet,
    PriceBand,
    facet_values,
    price_band,
)
from marketplace.search.rules.query import (
    PAGE_SIZE,
    PAGE_SIZE_MAX,
    Counts,
    Hit,
    Query,
    Results,
    Selections,
    Sort,
    Suggestion,
)
from marketplace.search.rules.vocabulary import Concept, Group, Vocabulary
from marketplace.search.rules.words import spellings

__all__ = [
    "PAGE_SIZE",
    "PAGE_SIZE_MAX",
    "REGULATED",
    "SHOWN_FACETS",
    "YES",
    "Concept",
    "Counts",
    "Entry",
    "EntryKind",
    "Facet",
    "Group",
    "Hit",
    "PriceBand",
    "Query",
    "Results",
    "Selections",
    "Sort",
    "Suggestion",
    "Vocabulary",
    "facet_values",
    "price_band",
    "spellings",
]
