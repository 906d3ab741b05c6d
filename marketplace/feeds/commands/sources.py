"""Sources, and noting when they were read and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.feeds.models import Reading, Source
from marketplace.feeds.rules.sources import SourceKind, usual_name
from marketplace.kernel.writing import insert_once

LINES_KEPT = 500
READINGS_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PutSource:
    """Another catalogue; what is not said stays as it was."""

    kind: SourceKind
    address: str
    name: str = ""
    website: str = ""
    licence: str = ""
    council_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReading:
    """One time a source was read, and what came of it."""

    source_id: UUID
    taken_over: bool
    complete: bool
    counts: Mapping[str, int]
    lines: Sequence[str]
    remarks: Sequence[str]


def put_source(session: Session, wish: PutSource, *, at: datetime) -> UUID:
    """Note a source, or what is new about the one with this address; return its id."""
    made = {
        "id": uuid4(),
        "kind": wish.kind,
        "address": wish.address,
        "name": wish.name or usual_name(wish.address),
        "website": wish.website,
        "licence": wish.licence,
        "council_id": wish.council_id,
        "mapping": {},
        "made_at": at,
    }
    if insert_once(session, Source, made):
        return UUID(str(made["id"]))
    found = session.scalars(
        select(Source).where(Source.address == wish.address).with_for_update()
    ).one()
    found.kind = wish.kind
    for name in ("name", "website", "licence"):
        setattr(found, name, getattr(wish, name) or getattr(found, name))
    found.council_id = wish.council_id or found.council_id
    return found.id


def remember_mapping(session: Session, *, source_id: UUID, mapping: Mapping[str, str]) -> None:
    """Remember what the columns of a table say, for the next time."""
    session.get_one(Source, source_id, with_for_update=True).mapping = dict(mapping)


def note_reading(session: Session, wish: NoteReading, *, at: datetime) -> UUID:
    """Note that a source was read; the oldest readings go."""
    reading = Reading(
        id=uuid4(),
        source_id=wish.source_id,
        at=at,
        taken_over=wish.taken_over,
        complete=wish.complete,
        counts=dict(wish.counts),
        lines=list(wish.lines[:LINES_KEPT]),
        remarks=list(wish.remarks[:LINES_KEPT]),
    )
    session.add(reading)
    session.flush()  # the newest one must be there before the oldest are counted
    kept = (
        select(Reading.id)
        .where(Reading.source_id == wish.source_id)
        .order_by(Reading.at.desc(), Reading.id)
        .limit(READINGS_KEPT)
    )
    session.execute(
        delete(Reading)
        .where(Reading.source_id == wish.source_id, Reading.id.not_in(kept))
        .execution_options(synchronize_session=False)
    )
    return reading.id
