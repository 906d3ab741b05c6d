"""The embedded engine: words in a Whoosh index on disk, everything else in memory.

Good for one council's market, some ten thousand entries. One process writes at a time; readers
take a new state as soon as there is one.
"""

from marketplace.search.adapters.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
