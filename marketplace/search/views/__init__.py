"""Finding support: the results, a store, an offer, and offers side by side."""

from marketplace.search.views import feeds, find, near_me, stores
from marketplace.search.views.blueprint import search

__all__ = ["feeds", "find", "near_me", "search", "stores"]
