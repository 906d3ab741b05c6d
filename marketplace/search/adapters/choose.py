"""Which engine answers is a setting."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine as Database

from marketplace.config import Settings
from marketplace.search.adapters import Engine
from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine


def open_engine(name: str, *, folder: Path, database: Database) -> Engine:
    """Return the engine of a name: "postgres", or "whoosh" with its index in a folder."""
    if name == "postgres":
        return PostgresEngine(database, everyday_words())
    return WhooshEngine(folder, everyday_words())


@lru_cache(maxsize=2)
def engine_of(settings: Settings, database: Database) -> Engine:
    """Return the one engine that this process uses for an installation's index."""
    return open_engine(settings.search, folder=settings.var / "index", database=database)
