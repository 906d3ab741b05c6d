"""How a process gets to know what was written since it last looked.

A snapshot of PostgreSQL says which transactions were over when it was taken. What is new in a later
one was written by transactions that were not: those it names as running, and those that had not
begun. So one short question, answered by an index, makes the columns as true as the database.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any, NamedTuple, Self
from typing import cast as typed

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from marketplace.kernel.ready import Asked, Ready, Row, rows_of_all
from marketplace.search.adapters.postgres.columns import BETWEEN, Columns, changed
from marketplace.search.adapters.postgres.columns import Row as Entry
from marketplace.search.adapters.postgres.tables import ENTRIES, STAMP

_PURGED = "purged="
_REMEMBERED_CHANGES = 5_000
_VERSIONS = count(1)


class Snapshot(NamedTuple):
    """Which transactions were over: those before ``end`` that are not among the ``running``."""

    end: int = 0
    running: tuple[int, ...] = ()

    @classmethod
    def of(cls, said: str) -> Self:
        """Read a snapshot as PostgreSQL writes it: "10:20:10,14"."""
        _, end, running = said.split(":")
        return cls(int(end), tuple(int(each) for each in running.split(",") if each))


@dataclass(frozen=True, slots=True)
class State:
    """The columns as they were in a snapshot, and which slots changed to come to it."""

    columns: Columns
    snapshot: Snapshot
    stamp: int | None = None
    """The number of the transaction in which the index was finished."""
    version: int = 0
    changes: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """The latest changes: the version each led to, and the slots that were written."""

    def changed_since(self, version: int) -> Sequence[int] | None:
        """Return the slots written since an earlier version; nothing if that is not known."""
        if version == self.version:
            return ()
        first = bisect_right(self.changes, version, key=lambda change: change[0])
        if not self.changes or self.changes[0][0] > version + 1:
            return None
        return tuple(set(chain.from_iterable(slots for _, slots in self.changes[first:])))


BEGINNING = State(Columns(), Snapshot())


def newest(connection: Connection, state: State) -> State:
    """Return the state as this connection's transaction sees the database; it must be its first."""
    return _after(state, connection.execute(_SINCE, _seen(state)).all()) or newest(
        connection, BEGINNING
    )


def newest_at_once(
    connection: Connection, state: State, *beside: Asked
) -> tuple[State, list[list[Row]]]:
    """Return the state as the database is now, and the rows of what is asked in the same breath.

    The connection has no transaction: that saves beginning and ending one.
    """
    session = typed("Session", _Only(connection))
    rows, *others = rows_of_all(session, (_SINCE_READY, _seen(state)), *beside)
    newer = _after(state, rows)
    if newer is None:
        return newest_at_once(connection, BEGINNING, *beside)
    return newer, others


@dataclass(frozen=True, slots=True)
class _Only:
    """What a ready statement wants of a session."""

    bound: Connection

    def connection(self) -> Connection:
        return self.bound


def _seen(state: State) -> Mapping[str, object]:
    running = ",".join(map(str, state.snapshot.running))
    return {"ended": state.snapshot.end, "running": f"{{{running}}}"}


def _after(state: State, rows: Sequence[Sequence[Any]]) -> State | None:
    """Return the state after some rows were read; nothing if it has to be read from the start."""
    said, stamp = rows[0][:2]
    snapshot = Snapshot.of(said)
    if snapshot == state.snapshot or snapshot.end < state.snapshot.end:
        return state  # the second: another server, which is behind; what is known stays known
    written = [Entry(*row[2:]) for row in rows if row[2] is not None]
    marks = [row.tags for row in written if row.id == STAMP]
    missed = any(_purged(tags) > state.snapshot.end for tags in marks)
    if state is not BEGINNING and (missed or (stamp != state.stamp and not marks)):
        # What went has been cleared away before it was seen here; or the tables are other ones.
        return None
    written = [row for row in written if row.id != STAMP]
    if not written:
        return replace(state, snapshot=snapshot, stamp=stamp)
    version = next(_VERSIONS)
    change = (version, tuple(row.slot for row in written))
    return State(
        changed(state.columns, written),
        snapshot,
        stamp,
        version,
        _latest((*state.changes, change)) if state.columns.width else (),
    )


def _latest(
    changes: tuple[tuple[int, tuple[int, ...]], ...],
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    while sum(len(slots) for _, slots in changes) > _REMEMBERED_CHANGES:
        changes = changes[1:]
    return changes


def purged_tag(end: int) -> str:
    """Return how the stamp says that what was gone before a transaction has been cleared away."""
    return f"{_PURGED}{end}"


def _purged(tags: str) -> int:
    said = [tag for tag in tags.split(BETWEEN) if tag.startswith(_PURGED)]
    return int(said[0].removeprefix(_PURGED)) if said else 0


def _since() -> Select[Any]:
    row = ENTRIES.c
    mark = ENTRIES.alias()
    stamp = select(mark.c.written).where(mark.c.id == STAMP).scalar_subquery()
    snapshot = select(
        cast(func.pg_current_snapshot(), Text).label("snapshot"), stamp.label("stamp")
    ).subquery()
    later = or_(
        row.written >= bindparam("ended", type_=BigInteger),
        row.written == func.any(cast(bindparam("running", type_=Text), ARRAY(BigInteger))),
    )
    return select(
        snapshot.c.snapshot,
        snapshot.c.stamp,
        row.slot,
        row.id,
        row.gone,
        row.kind,
        func.array_to_string(row.tags, BETWEEN).label("tags"),
        func.array_to_string(row.councils, BETWEEN).label("councils"),
        row.easting,
        row.northing,
        row.reach_metres,
        row.price_pence,
        row.rating_tenths,
        row.rating_count,
        row.comes_last,
    ).select_from(snapshot.outerjoin(ENTRIES, later))


_SINCE = _since()
_SINCE_READY = Ready(_SINCE)
