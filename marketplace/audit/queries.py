"""Reading and proving the audit trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEntry, AuditHead
from marketplace.audit.rules import FIRST_HASH, Link, link_hash
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


def deeds_of(
    session: Session, *, chain_id: UUID, page: int = 1, without: frozenset[str] = frozenset()
) -> list[DeedRow]:
    """Return one page of a chain's deeds, newest first, leaving out some kinds of deed."""
    newest_first = (
        select(
            AuditEntry.what,
            AuditEntry.subject_id,
            AuditEntry.by_user_id,
            AuditEntry.for_person_id,
            AuditEntry.at,
            AuditEntry.details,
        )
        .where(AuditEntry.chain_id == chain_id, AuditEntry.what.not_in(without))
        .order_by(AuditEntry.sequence.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [DeedRow(*row) for row in session.execute(newest_first)]


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
        select(
            AuditEntry.what,
            AuditEntry.subject_id,
            AuditEntry.by_user_id,
            AuditEntry.for_person_id,
            AuditEntry.at,
            AuditEntry.details,
        )
        .where(AuditEntry.subject_id == subject_id, AuditEntry.what == what if what else true())
        .order_by(AuditEntry.at, AuditEntry.sequence, AuditEntry.id)
    )
    return [DeedRow(*row) for row in session.execute(oldest_first)]


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
