"""Keeping the index true. Run by ``flask worker``."""

import logging
from datetime import datetime

from flask import Flask, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.database import db, reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.outbox.queries import index_changes, own_index_changes
from marketplace.search import commands
from marketplace.search.adapters import EngineOfTheDatabase
from marketplace.search.adapters.choose import engine_of
from marketplace.web.site import settings

_log = logging.getLogger(__name__)


def register(_app: Flask) -> None:
    """Let every transaction write its own changes into an index that the database keeps.

    The rooms that change what can be found ask for it (``ask_to_index``) and know no search.
    """
    if not event.contains(Session, "before_commit", index_before_commit):
        event.listen(Session, "before_commit", index_before_commit)


def index_before_commit(session: Session) -> None:
    """Write what a session changed into the index; if that fails, leave it to the worker."""
    if session.in_nested_transaction() or not has_app_context():
        return
    if settings().search != "postgres" or not own_index_changes(session):
        return
    engine = engine_of(settings(), db.engine)
    assert isinstance(engine, EngineOfTheDatabase)
    try:
        with session.begin_nested():
            commands.index_at_once(session, engine)
    except Exception:  # noqa: BLE001 - whatever it is
        # Nobody's listing may be lost for the sake of the index. The changes still wait.
        _log.exception("The search index could not be written with the change; the worker will.")


def keep_index(at: datetime) -> int:
    """See to what changed since the last time; make a lost index anew."""
    engine = engine_of(settings(), db.engine)
    if isinstance(engine, EngineOfTheDatabase):
        engine.tidy(local_day(at))
    with reading() as session:
        waiting = index_changes(session, limit=1)
    if not waiting and not engine.needs_rebuild():
        return 0
    with transaction() as session:
        return commands.catch_up(session, engine, at=at)
