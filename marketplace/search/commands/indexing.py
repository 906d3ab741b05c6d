"""Keeping the index true."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.outbox.commands import forget_index_changes
from marketplace.outbox.queries import IndexChangeRow, index_changes, own_index_changes
from marketplace.search import queries
from marketplace.search.adapters import Engine, EngineOfTheDatabase

BATCH = 200


def catch_up(session: Session, engine: Engine, *, at: datetime) -> int:
    """Bring the index up to date with the oldest changes; return how many were seen to.

    The index is written before the changes are forgotten: after a crash they are seen to again.
    An index that was lost is made anew.
    """
    if engine.needs_rebuild():
        return rebuild(session, engine, at=at)
    changes = index_changes(session, limit=BATCH)
    if not changes:
        return 0
    if isinstance(engine, EngineOfTheDatabase):
        _write_within(session, engine, changes, at)
        return len(changes)
    changed = queries.with_councils(session, _by_kind(changes))
    entries = list(queries.entries(session, changed=changed, at=at))
    found = {entry.id for entry in entries}
    engine.remove(_subjects(changed) - found)
    engine.add(entries)
    forget_index_changes(session, change_ids=[change.id for change in changes])
    return len(changes)


def index_at_once(session: Session, engine: EngineOfTheDatabase) -> int:
    """Write what this session changed into the index, in its own transaction; return how much."""
    changes = own_index_changes(session)
    if changes:
        at = max(change.asked_at for change in changes)
        _write_within(session, engine, changes, at)
    return len(changes)


def rebuild(session: Session, engine: Engine, *, at: datetime) -> int:
    """Make the whole index anew; return how many changes it made needless."""
    needless = fill(session, engine, at=at)
    forget_index_changes(session, change_ids=needless)
    return len(needless)


def fill(session: Session, engine: Engine, *, at: datetime) -> Sequence[UUID]:
    """Make the whole index anew from what a session reads; return the changes that are in it.

    It writes nothing into the database, so others can write there for as long as it takes.
    """
    waiting = index_changes(session, limit=1_000_000)
    engine.rebuild(queries.entries(session, changed=None, at=at))
    return [change.id for change in waiting]


def forget(session: Session, change_ids: Sequence[UUID]) -> int:
    """Forget changes that are in the index; return how many there were."""
    forget_index_changes(session, change_ids=list(change_ids))
    return len(change_ids)


def _write_within(
    session: Session,
    engine: EngineOfTheDatabase,
    changes: Sequence[IndexChangeRow],
    at: datetime,
) -> None:
    """Write changes into the index in this session's transaction.

    Whoever changes the same entries waits here, before reading: the later one has seen both
    changes. Providers come first, so that nobody waits in a circle: their offers go with them.
    """
    changed = queries.with_councils(session, _by_kind(changes))
    subjects = _subjects(changed)
    connection = session.connection()
    engine.lock(connection, changed.get("provider", ()))
    engine.lock(connection, subjects)
    # What the session read before it came here may have changed since: it is read anew.
    with Session(connection) as fresh:
        entries = list(queries.entries(fresh, changed=changed, at=at))
    engine.write(connection, entries, subjects - {entry.id for entry in entries})
    forget_index_changes(session, change_ids=[change.id for change in changes])


def _subjects(changed: queries.Changed) -> set[UUID]:
    return set().union(*changed.values())


def _by_kind(changes: Iterable[IndexChangeRow]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for change in changes:
        found.setdefault(change.kind, set()).add(change.subject_id)
    return found
