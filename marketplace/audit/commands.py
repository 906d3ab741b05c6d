"""Writing the audit trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEntry, AuditHead, RetentionRun
from marketplace.audit.rules import FIRST_HASH, Head, Link, canonical, link_hash, type_of_detail
from marketplace.kernel.ids import ids_in_a_row
from marketplace.kernel.lite import driver, instant, is_lite
from marketplace.kernel.writing import insert_once

_heads, _entries = AuditHead.__table__, AuditEntry.__table__
assert isinstance(_heads, Table)
assert isinstance(_entries, Table)

# Every deed passes through here, so the statements are made once.
_LOCK_HEAD = (
    select(_heads.c.sequence, _heads.c.hash)
    .where(_heads.c.id == bindparam("chain"))
    .with_for_update()
)
_LOCK_HEADS = (
    select(_heads.c.id, _heads.c.sequence, _heads.c.hash)
    .where(_heads.c.id.in_(bindparam("chains", expanding=True)))
    .order_by(_heads.c.id)
    .with_for_update()
)
_NEW = insert(_entries)
_MOVE_HEAD = (
    update(_heads)
    .where(_heads.c.id == bindparam("chain"))
    .values(sequence=bindparam("new_sequence"), hash=bindparam("new_hash"))
)

_LITE_HEAD = "SELECT sequence, hash FROM audit_heads WHERE id = :chain"
_LITE_NEW = """INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id,
        for_person_id, at, details, previous_hash, hash)
    VALUES (:id, :chain_id, :sequence, :what, :subject_id, :by_user_id,
        :for_person_id, :at, :details, :previous_hash, :hash)"""
_LITE_MOVE = "UPDATE audit_heads SET sequence = :sequence, hash = :hash WHERE id = :chain_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One deed of many that are written down together."""

    what: str
    chain_id: UUID
    subject_id: UUID
    by_user_id: UUID | None
    for_person_id: UUID | None
    at: datetime
    details: Mapping[str, type_of_detail]


def record_all(session: Session, deeds: Sequence[Deed]) -> None:
    """Add many deeds to the trails of many people, with a few statements for all of them.

    The trails are locked in the order of their ids, so that two who do this take turns.
    """
    if not deeds:
        return
    heads = _lock_heads(session, sorted({deed.chain_id for deed in deeds}))
    links = []
    for deed in deeds:
        sequence, previous = heads[deed.chain_id]
        link = Link(
            chain_id=deed.chain_id,
            sequence=sequence + 1,
            what=deed.what,
            subject_id=deed.subject_id,
            by_user_id=deed.by_user_id,
            for_person_id=deed.for_person_id,
            at=deed.at,
            details=canonical(deed.details),
        )
        new = link_hash(previous, link)
        links.append((link, previous, new))
        heads[deed.chain_id] = (link.sequence, new)
    if is_lite(session):
        _add_all_to_lite(session, links, heads)
        return
    rows = [
        {
            "id": new_id,
            **{name: getattr(link, name) for name in Link.__slots__},
            "previous_hash": previous,
            "hash": new,
        }
        for new_id, (link, previous, new) in zip(ids_in_a_row(), links, strict=False)
    ]
    session.execute(_NEW, rows)
    moved = [
        {"chain": chain_id, "new_sequence": sequence, "new_hash": new}
        for chain_id, (sequence, new) in heads.items()
    ]
    session.connection().execute(_MOVE_HEAD, moved)


def record(  # noqa: PLR0913 - a deed has this many sides, all of them named
    session: Session,
    *,
    what: str,
    chain_id: UUID,
    subject_id: UUID,
    by_user_id: UUID | None,
    at: datetime,
    for_person_id: UUID | None = None,
    details: Mapping[str, type_of_detail] | None = None,
) -> None:
    """Add a deed to the trail of one person or organisation, in the deed's own transaction."""
    head = lock_head(session, chain_id=chain_id)
    link = Link(
        chain_id=chain_id,
        sequence=head.sequence + 1,
        what=what,
        subject_id=subject_id,
        by_user_id=by_user_id,
        for_person_id=for_person_id,
        at=at,
        details=canonical(details or {}),
    )
    new = link_hash(head.hash, link)
    if is_lite(session):
        _add_to_lite(session, link, previous=head.hash, new=new)
        return
    values = {name: getattr(link, name) for name in Link.__slots__}
    session.execute(_NEW, {"id": uuid4(), **values, "previous_hash": head.hash, "hash": new})
    session.execute(_MOVE_HEAD, {"chain": chain_id, "new_sequence": link.sequence, "new_hash": new})


def _add_to_lite(session: Session, link: Link, *, previous: str, new: str) -> None:
    values = _for_lite(uuid4(), link, previous, new)
    lite = driver(session)
    lite.execute(_LITE_NEW, values)
    lite.execute(_LITE_MOVE, values)


def _add_all_to_lite(
    session: Session,
    links: Sequence[tuple[Link, str, str]],
    heads: Mapping[UUID, tuple[int, str]],
) -> None:
    lite = driver(session)
    new_ids = zip(ids_in_a_row(), links, strict=False)
    lite.executemany(_LITE_NEW, [_for_lite(new_id, *link) for new_id, link in new_ids])
    moved = [
        {"chain_id": chain_id.hex, "sequence": sequence, "hash": new}
        for chain_id, (sequence, new) in heads.items()
    ]
    lite.executemany(_LITE_MOVE, moved)


def _for_lite(new_id: UUID, link: Link, previous: str, new: str) -> dict[str, object]:
    return {
        "id": new_id.hex,
        "chain_id": link.chain_id.hex,
        "sequence": link.sequence,
        "what": link.what,
        "subject_id": link.subject_id.hex,
        "by_user_id": link.by_user_id.hex if link.by_user_id else None,
        "for_person_id": link.for_person_id.hex if link.for_person_id else None,
        "at": instant(link.at),
        "details": link.details,
        "previous_hash": previous,
        "hash": new,
    }


def _lock_heads(session: Session, chain_ids: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    found = session.execute(_LOCK_HEADS, {"chains": chain_ids}).all()
    missing = set(chain_ids) - {row.id for row in found}
    for chain_id in sorted(missing):
        insert_once(session, AuditHead, {"id": chain_id, "sequence": 0, "hash": FIRST_HASH})
    if missing:
        found = session.execute(_LOCK_HEADS, {"chains": chain_ids}).all()
    return {row.id: (row.sequence, row.hash) for row in found}


def lock_head(session: Session, *, chain_id: UUID) -> Head:
    """Return a chain's newest link; writers of one chain take turns from here on."""
    if is_lite(session):
        found = driver(session).execute(_LITE_HEAD, {"chain": chain_id.hex}).fetchone()
        if found:
            return Head(*found)
    head = session.execute(_LOCK_HEAD, {"chain": chain_id}).first()
    if head is None:
        insert_once(session, AuditHead, {"id": chain_id, "sequence": 0, "hash": FIRST_HASH})
        head = session.execute(_LOCK_HEAD, {"chain": chain_id}).one()
    return Head(head.sequence, head.hash)


def note_retention(session: Session, *, kind: str, day: date, removed: int, at: datetime) -> None:
    """Note what a rule took away on one day."""
    values = {"id": uuid4(), "kind": kind, "day": day, "removed": removed, "at": at}
    if not insert_once(session, RetentionRun, values):
        session.execute(
            update(RetentionRun)
            .where(RetentionRun.kind == kind, RetentionRun.day == day)
            .values(removed=RetentionRun.removed + removed, at=at)
        )
