"""What must be so before a search is answered: there is an engine, and it has seen what changed."""

from datetime import datetime

from marketplace.database import db, reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.outbox.queries import index_changes
from marketplace.search import commands
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import engine_of
from marketplace.search.adapters.warming import warm
from marketplace.web.site import settings


def the_engine() -> Engine:
    """Return the engine that answers this installation's searches."""
    return engine_of(settings(), db.engine)


def get_ready(*, at: datetime) -> int:
    """Ask this process's engine what is asked most, before anybody asks it."""
    engine = the_engine()
    return warm(engine, on=local_day(at)) if engine.ready() else 0


def catch_up(engine: Engine, *, at: datetime) -> None:
    """See to what changed, where no worker does."""
    if settings().separate_worker:
        return
    with reading() as session:
        waiting = index_changes(session, limit=1)
    if waiting or engine.needs_rebuild():
        with transaction() as session:
            commands.catch_up(session, engine, at=at)
