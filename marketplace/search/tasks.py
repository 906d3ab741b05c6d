"""Keeping the index true. Run by ``flask worker``."""

import logging
from datetime import date, datetime

from flask import Flask, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.database import db, reading, transaction
from marketplace.kernel.clock import local_day, local_instant
from marketplace.outbox.queries import index_changes, own_index_changes
from marketplace.search import commands
from marketplace.search.adapters import Engine, EngineOfTheDatabase
from marketplace.search.adapters.choose import engine_of
from marketplace.web.site import settings

REFRESHED_AT = 3
"""The hour of the night, by the clock on the wall."""

_refreshed: set[date] = set()
"""The night on which this process has done so last."""

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
    lost = engine.needs_rebuild()
    if lost and settings().separate_worker:
        return _make_anew(engine, at)
    if not waiting and not lost:
        return 0
    with transaction() as session:
        return commands.catch_up(session, engine, at=at)


def refresh_index(at: datetime) -> int:
    """Make the index anew once a night, so that nothing of what was removed stays on the disk.

    Removing only marks; the words stand in the files until these are written again.
    """
    night = local_day(at)
    due = local_instant(night, REFRESHED_AT, 0) <= at < local_instant(night, REFRESHED_AT + 1, 0)
    if not due or night in _refreshed or not settings().separate_worker:
        return 0
    _refreshed.clear()
    _refreshed.add(night)
    return _make_anew(engine_of(settings(), db.engine), at)


def _make_anew(engine: Engine, at: datetime) -> int:
    """Make the whole index anew while others go on writing to the database."""
    with reading(of_one_instant=True) as session:
        needless = commands.fill(session, engine, at=at)
    with transaction() as session:
        return commands.forget(session, needless)
