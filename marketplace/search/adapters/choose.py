"""Which engine answers is a setting."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import create_engine

from marketplace.config import Settings
from marketplace.search.adapters import Engine
from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine


def open_engine(name: str, *, folder: Path, database: Database, replica_url: str = "") -> Engine:
    """Return the engine of a name: "postgres", or "whoosh" or "tantivy" with a folder each.

    Searches of "postgres" go to another server if an address of one is given.
    """
    if name == "postgres":
        replica = create_engine(replica_url, pool_pre_ping=True) if replica_url else None
        return PostgresEngine(database, everyday_words(), replica)
    if name == "tantivy":
        # Its packages are optional, so its module is imported where it is asked for alone.
        optional = import_module("marketplace.search.adapters.tantivy")
        engine: Engine = optional.TantivyEngine(
            folder.with_name(f"{folder.name}-tantivy"), everyday_words()
        )
        return engine
    return WhooshEngine(folder, everyday_words())


@lru_cache(maxsize=2)
def engine_of(settings: Settings, database: Database) -> Engine:
    """Return the one engine that this process uses for an installation's index."""
    return open_engine(
        settings.search,
        folder=settings.var / "index",
        database=database,
        replica_url=settings.search_replica_url,
    )
