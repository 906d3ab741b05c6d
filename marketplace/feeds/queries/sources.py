"""Sources, their readings and their open questions, for the people of a council."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.feeds.models import Question, Reading, Source, SourceEntry
from marketplace.feeds.queries.market import here_now
from marketplace.feeds.rules.answering import Answer
from marketplace.feeds.rules.matching import Here
from marketplace.feeds.rules.planning import EntryState, Part
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source, and how much of it is here."""

    id: UUID
    kind: SourceKind
    name: str
    address: str
    website: str
    licence: str
    taken: int
    open_questions: int
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One time a source was read, and what came of it."""

    id: UUID
    at: datetime
    taken_over: bool
    complete: bool
    counts: dict[str, int]
    lines: list[str]
    remarks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """Something of a source that may be here already, with both sides."""

    id: UUID
    source_id: UUID
    source_name: str
    part: Part
    title: str
    likeness: int
    asked_at: datetime
    answer: Answer | None
    said: dict[str, Any]
    here: Here | None

    @property
    def about_services(self) -> bool:
        """Tell whether it is a service and not an organisation."""
        return self.part is Part.SERVICE


def sources(session: Session, *, by: Actor) -> list[SourceRow]:
    """Return the sources whose questions somebody may answer, by name."""
    council_id = _council_of(by)
    rows = session.scalars(
        select(Source)
        .where(or_(Source.council_id.is_(None), Source.council_id == council_id))
        .order_by(Source.name, Source.id)
    ).all()
    taken = _counted(session, SourceEntry.source_id, SourceEntry.state == EntryState.TAKEN)
    asked = _counted(session, Question.source_id, Question.answer.is_(None))
    read = dict(
        session.execute(
            select(Reading.source_id, func.max(Reading.at)).group_by(Reading.source_id)
        ).all()
    )
    return [
        SourceRow(
            id=row.id,
            kind=row.kind,
            name=row.name,
            address=row.address,
            website=row.website,
            licence=row.licence,
            taken=taken.get(row.id, 0),
            open_questions=asked.get(row.id, 0),
            read_at=read.get(row.id),
        )
        for row in rows
    ]


def source_for(session: Session, *, source_id: UUID, by: Actor) -> SourceRow:
    """Return one source of a council.

    Raises:
        NotFoundError: there is none, or it is another council's.
    """
    found = next((row for row in sources(session, by=by) if row.id == source_id), None)
    if found is None:
        raise NotFoundError
    return found


def mapping_of(session: Session, *, source_id: UUID) -> dict[str, str]:
    """Return what the columns of a table were said to be the last time."""
    return dict(session.get_one(Source, source_id).mapping)


def source_id_at(session: Session, *, address: str) -> UUID | None:
    """Return the source with an address, if there is one."""
    return session.scalar(select(Source.id).where(Source.address == address))


def modified_in(session: Session, *, source_id: UUID) -> dict[str, dict[str, Any]]:
    """Return all that a source's services said last, by the source's own ids."""
    rows = select(SourceEntry.key, SourceEntry.said).where(
        SourceEntry.source_id == source_id, SourceEntry.part == Part.SERVICE
    )
    return dict(session.execute(rows).all())


def readings(session: Session, *, source_id: UUID, limit: int = 10) -> list[ReadingRow]:
    """Return when a source was read last, newest first."""
    rows = (
        select(Reading)
        .where(Reading.source_id == source_id)
        .order_by(Reading.at.desc(), Reading.id)
        .limit(limit)
    )
    names = ReadingRow.__slots__
    return [ReadingRow(*(getattr(row, name) for name in names)) for row in session.scalars(rows)]


def open_questions(session: Session, *, source_id: UUID, limit: int = 100) -> list[QuestionRow]:
    """Return what is asked about a source's entries and not answered, the likeliest first."""
    rows = (
        select(Question, SourceEntry, Source.name)
        .join(SourceEntry, SourceEntry.id == Question.entry_id)
        .join(Source, Source.id == Question.source_id)
        .where(Question.source_id == source_id, Question.answer.is_(None))
        .order_by(Question.likeness.desc(), Question.asked_at, Question.id)
        .limit(limit)
    )
    return _questions(session, session.execute(rows).all())


def question_for(session: Session, *, question_id: UUID, by: Actor) -> QuestionRow:
    """Return one question of a council, answered or not.

    Raises:
        NotFoundError: there is none, or it is another council's.
    """
    rows = (
        select(Question, SourceEntry, Source.name)
        .join(SourceEntry, SourceEntry.id == Question.entry_id)
        .join(Source, Source.id == Question.source_id)
        .where(
            Question.id == question_id,
            or_(Source.council_id.is_(None), Source.council_id == _council_of(by)),
        )
    )
    found = _questions(session, session.execute(rows).all())
    if not found:
        raise NotFoundError
    return found[0]


def _questions(
    session: Session, rows: Sequence[tuple[Question, SourceEntry, str]]
) -> list[QuestionRow]:
    here = here_now(session, [question.here_id for question, _, _ in rows])
    return [
        QuestionRow(
            id=question.id,
            source_id=question.source_id,
            source_name=name,
            part=entry.part,
            title=entry.title,
            likeness=question.likeness,
            asked_at=question.asked_at,
            answer=question.answer,
            said=entry.said,
            here=here.get(question.here_id),
        )
        for question, entry, name in rows
    ]


def _counted(
    session: Session, of: SQLColumnExpression[UUID], which: ColumnElement[bool]
) -> dict[UUID, int]:
    rows = select(of, func.count()).where(which).group_by(of)
    return dict(session.execute(rows).all())


def _council_of(by: Actor) -> UUID:
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    return by.works_for
