"""Keeping the index true. Run by ``flask worker``."""

from datetime import datetime

from marketplace.database import db, transaction
from marketplace.search import commands
from marketplace.search.adapters.choose import engine_of
from marketplace.web.site import settings


def keep_index(at: datetime) -> int:
    """See to what changed since the last time; make a lost index anew."""
    engine = engine_of(settings().search, folder=settings().var / "index", database=db.engine)
    with transaction() as session:
        if engine.needs_rebuild():
            return commands.rebuild(session, engine, at=at)
        return commands.catch_up(session, engine, at=at)
