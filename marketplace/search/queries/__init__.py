"""What goes into the index, and the cards that come out of it."""

from marketplace.search.queries.indexing import Changed, entries, with_councils
from marketplace.search.queries.kinds import kind_looked_for
from marketplace.search.queries.results import Found, found, map_of

__all__ = ["Changed", "Found", "entries", "found", "kind_looked_for", "map_of", "with_councils"]
