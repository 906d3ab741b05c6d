"""The engine for more than one council: PostgreSQL's own full text search.

Its words come ready made from ``rules``, so the database neither splits nor stems anything.
"""

from marketplace.search.adapters.postgres.engine import PostgresEngine

__all__ = ["PostgresEngine"]
