"""What goes into the index, and the cards that come out of it."""

from marketplace.search.adapters.vocabulary import category_meant
from marketplace.search.queries.indexing import Changed, entries
from marketplace.search.queries.results import Found, found, map_of

__all__ = ["Changed", "Found", "category_meant", "entries", "found", "map_of"]
