"""Reading and proving the audit trail."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, Subquery, func, select, true, tuple_
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEntry, AuditHead, RetentionRun
from marketplace.audit.rules import FIRST_HASH, Link, link_hash
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.kernel.paging import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class DeedRow:
    """One line of "Who did what"."""

    what: str
    subject_id: UUID
    by_user_id: UUID | None
    for_person_id: UUID | None
    at: datetime
    details: str


@dataclass(frozen=True, slots=True)
class Touched:
    """How often something was done to a thing, and when last. It only ever grows."""

    times: int
    last_at: datetime


_AT_ONCE = 5_000
"""How many ids one statement names at most."""

_DEED = (
    AuditEntry.what,
    AuditEntry.subject_id,
    AuditEntry.by_user_id,
    AuditEntry.for_person_id,
    AuditEntry.at,
    AuditEntry.details,
)


def deeds_of(
    session: Session, *, chain_id: UUID, page: int = 1, without: frozenset[str] = frozenset()
) -> list[DeedRow]:
    """Return one page of a chain's deeds, newest first, leaving out some kinds of deed."""
    newest_first = (
        select(*_DEED)
        .where(AuditEntry.chain_id == chain_id, AuditEntry.what.not_in(without))
        .order_by(AuditEntry.sequence.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [DeedRow(*row) for row in session.execute(newest_first)]


def deeds_between(
    session: Session,
    *,
    chain_id: UUID,
    what: Collection[str],
    from_at: datetime,
    to_at: datetime,
) -> list[DeedRow]:
    """Return a chain's deeds of some kinds from one instant to another, both included."""
    rows = (
        _newest(chain_id, what)
        .where(AuditEntry.at >= from_at, AuditEntry.at <= to_at)
        .order_by(AuditEntry.sequence.desc())
    )
    return [DeedRow(*row) for row in session.execute(rows)]


def newest_deeds(chain_id: BindParameter[UUID], *, what: Collection[str], limit: int) -> Subquery:
    """Return a chain's newest deeds of some kinds, as part of a statement of a room above."""
    return (
        _newest(chain_id, what)
        .add_columns(AuditEntry.sequence)
        .order_by(AuditEntry.sequence.desc())
        .limit(limit)
        .subquery()
    )


def _newest(
    chain_id: UUID | BindParameter[UUID], what: Collection[str]
) -> Select[*tuple[Any, ...]]:
    return select(
        AuditEntry.what,
        AuditEntry.subject_id,
        AuditEntry.by_user_id,
        AuditEntry.for_person_id,
        AuditEntry.at,
        AuditEntry.details,
    ).where(AuditEntry.chain_id == chain_id, AuditEntry.what.in_(what))


def count_of_deeds(
    session: Session, *, chain_id: UUID, without: frozenset[str] = frozenset()
) -> int:
    """Return how many deeds a chain has, leaving out some kinds of deed."""
    rows = select(func.count()).where(
        AuditEntry.chain_id == chain_id, AuditEntry.what.not_in(without)
    )
    return session.scalar(rows) or 0


def deeds_about(session: Session, *, subject_id: UUID, what: str | None = None) -> list[DeedRow]:
    """Return all deeds about one thing, oldest first."""
    oldest_first = (
        select(*_DEED)
        .where(AuditEntry.subject_id == subject_id, AuditEntry.what == what if what else true())
        .order_by(AuditEntry.at, AuditEntry.sequence, AuditEntry.id)
    )
    return [DeedRow(*row) for row in session.execute(oldest_first)]


def deeds_with(
    session: Session, *, subject_ids: Collection[UUID], what: Collection[str]
) -> list[DeedRow]:
    """Return the deeds of some kinds about some things, in no order."""
    rows = select(*_DEED).where(AuditEntry.subject_id.in_(subject_ids), AuditEntry.what.in_(what))
    return [DeedRow(*row) for row in session.execute(rows)]


def touched(session: Session, *, subject_ids: Collection[UUID]) -> dict[UUID, Touched]:
    """Return how often something was done to each of some things, and when last."""
    found: dict[UUID, Touched] = {}
    wanted = sorted(subject_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        last = func.max(AuditEntry.at, type_=AuditEntry.at.type)
        rows = (
            select(AuditEntry.subject_id, func.count(), last)
            .where(AuditEntry.subject_id.in_(wanted[start : start + _AT_ONCE]))
            .group_by(AuditEntry.subject_id)
        )
        found |= {id_: Touched(times, at) for id_, times, at in session.execute(rows)}
    return found


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return what was done in somebody's affairs, and that they did something in others'.

    What they did for somebody else, and what it cost, is that other's own to take away.
    """
    theirs = (
        select(*columns_of(AuditEntry, without=["chain_id", "previous_hash", "hash"]))
        .where(AuditEntry.chain_id == user_id)
        .order_by(AuditEntry.sequence)
    )
    elsewhere = (
        select(AuditEntry.what, AuditEntry.at)
        .where(AuditEntry.by_user_id == user_id, AuditEntry.chain_id != user_id)
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    in_theirs = rows_of(session, theirs)
    for row in in_theirs.rows:
        row["details"] = json.loads(str(row["details"]))
    return {
        "deeds-in-your-affairs": in_theirs,
        "deeds-of-yours-elsewhere": rows_of(session, elsewhere),
    }


def last_retention_runs(session: Session) -> dict[str, tuple[date, int]]:
    """Return for each rule on which day it was last kept to, and how much it took away then."""
    last = select(RetentionRun.kind, func.max(RetentionRun.day)).group_by(RetentionRun.kind)
    rows = select(RetentionRun.kind, RetentionRun.day, RetentionRun.removed).where(
        tuple_(RetentionRun.kind, RetentionRun.day).in_(last)
    )
    return {kind: (day, removed) for kind, day, removed in session.execute(rows)}


def broken_chains(session: Session) -> Iterator[str]:
    """Say, in a sentence each, where a chain does not add up; say nothing if all do."""
    heads = {head.id: head for head in session.scalars(select(AuditHead))}
    last: dict[UUID, tuple[int, str]] = {}
    rows = select(AuditEntry).order_by(AuditEntry.chain_id, AuditEntry.sequence)
    for entry in session.scalars(rows.execution_options(yield_per=1000)):
        sequence, previous = last.get(entry.chain_id, (0, FIRST_HASH))
        link = Link(**{name: getattr(entry, name) for name in Link.__slots__})
        whole = (
            entry.sequence == sequence + 1
            and entry.previous_hash == previous
            and entry.hash == link_hash(previous, link)
        )
        if not whole:
            yield f"chain {entry.chain_id} is broken at row {entry.sequence}"
        last[entry.chain_id] = (entry.sequence, entry.hash)
    for chain_id, head in heads.items():
        if last.get(chain_id, (0, FIRST_HASH)) != (head.sequence, head.hash):
            yield f"chain {chain_id} has lost its newest rows"
    for chain_id in last.keys() - heads.keys():
        yield f"chain {chain_id} has lost its head"
