"""Which engine answers is a setting."""

from pathlib import Path

from sqlalchemy import Engine as Database

from marketplace.search.adapters import Engine
from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine


def open_engine(name: str, *, folder: Path, database: Database) -> Engine:
    """Return the engine of a name: "postgres", or "whoosh" with its index in a folder."""
    if name == "postgres":
        return PostgresEngine(database, everyday_words())
    return WhooshEngine(folder, everyday_words())
