"""Keeping the index true. Run by ``flask worker``."""

from datetime import datetime

from marketplace.database import db, reading, transaction
from marketplace.outbox.queries import index_changes
from marketplace.search import commands
from marketplace.search.adapters.choose import engine_of
from marketplace.web.site import settings


def keep_index(at: datetime) -> int:
    """See to what changed since the last time; make a lost index anew."""
    engine = engine_of(settings(), db.engine)
    with reading() as session:
        waiting = index_changes(session, limit=1)
    if not waiting and not engine.needs_rebuild():
        return 0
    with transaction() as session:
        return commands.catch_up(session, engine, at=at)
