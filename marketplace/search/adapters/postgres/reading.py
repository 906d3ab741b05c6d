"""How a process gets to know what was written since it last looked.

A snapshot of PostgreSQL says which transactions were over when it was taken. What is new in a later
one was written by transactions that were not: those it names as running, and those that had not
begun. So one short question, answered by an index, makes the columns as true as the database.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any, NamedTuple, Self

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

from marketplace.search.adapters.postgres.columns import BETWEEN, Columns, Row, changed
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
    rows = connection.execute(
        _SINCE, {"ended": state.snapshot.end, "running": list(state.snapshot.running)}
    ).all()
    snapshot = Snapshot.of(rows[0].snapshot)
    if snapshot == state.snapshot or snapshot.end < state.snapshot.end:
        return state  # the second: another server, which is behind; what is known stays known
    stamp: int | None = rows[0].stamp
    marks = [row.tags for row in rows if row.id == STAMP]
    missed = any(_purged(tags) > state.snapshot.end for tags in marks)
    if state is not BEGINNING and (missed or (stamp != state.stamp and not marks)):
        # What went has been cleared away before it was seen here; or the tables are other ones.
        return newest(connection, BEGINNING)
    written = [Row(*row[2:]) for row in rows if row.slot is not None and row.id != STAMP]
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
        row.written == func.any(bindparam("running", type_=ARRAY(BigInteger))),
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
