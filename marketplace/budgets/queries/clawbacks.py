"""Money that was asked back: what the council wants, what the person said, what was decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.budgets.models import FundingLine
from marketplace.budgets.models.clawbacks import (
    Clawback,
    ClawbackAnswer,
    ClawbackDecision,
    ClawbackFile,
)
from marketplace.budgets.rules import ClawbackEnd, Funder
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ClawbackRow:
    """A notice, and what became of it."""

    id: UUID
    person_id: UUID
    person_name: str
    council_id: UUID
    council_name: str
    line_id: UUID
    funder: Funder
    amount: Money
    reason: str
    evidence: str
    file_name: str
    window_days: int
    objects_until: datetime
    noticed_by_id: UUID
    noticed_by_name: str
    noticed_at: datetime
    agrees: bool | None
    """Whether the person agreed; None if nobody has answered."""
    words: str
    answered_by_name: str
    answered_at: datetime | None
    end: ClawbackEnd | None
    wanted: Money
    taken: Money
    decision: str
    decided_by_name: str
    decided_at: datetime | None

    @property
    def label(self) -> str:
        """Which money it is about."""
        return self.funder.label

    @property
    def last_day_to_answer(self) -> date:
        """The last day on which they may object."""
        return local_day(self.noticed_at) + timedelta(days=self.window_days)

    @property
    def not_taken(self) -> Money:
        """What was to be taken and was not there."""
        return self.wanted - self.taken

    def may_be_decided(self, at: datetime) -> bool:
        """Tell whether somebody may decide now: after the time to object, or once answered."""
        waited = at >= self.objects_until or self.agrees is not None
        return self.end is None and waited


_Rows = Select[Clawback, ClawbackAnswer, ClawbackDecision, str, Funder]
_ROWS = (
    select(Clawback, ClawbackAnswer, ClawbackDecision, ClawbackFile.name, FundingLine.funder)
    .join(FundingLine, FundingLine.id == Clawback.line_id)
    .outerjoin(ClawbackAnswer, ClawbackAnswer.clawback_id == Clawback.id)
    .outerjoin(ClawbackDecision, ClawbackDecision.clawback_id == Clawback.id)
    .outerjoin(ClawbackFile, ClawbackFile.id == Clawback.id)
    .order_by(Clawback.noticed_at.desc(), Clawback.id)
)


def clawbacks_of(
    session: Session, *, person_id: UUID, only_open: bool = False
) -> list[ClawbackRow]:
    """Return what councils asked back from a person, newest first."""
    rows = _ROWS.where(Clawback.person_id == person_id)
    if only_open:
        rows = rows.where(ClawbackDecision.id.is_(None))
    return _found(session, rows)


def clawbacks_of_council(session: Session, *, council_id: UUID) -> list[ClawbackRow]:
    """Return what a council asked back, newest first."""
    return _found(session, _ROWS.where(Clawback.council_id == council_id))


def clawback_for(session: Session, *, clawback_id: UUID, seen_by: Actor) -> ClawbackRow:
    """Return a notice, for the person it went to and for the council that gave it.

    Raises:
        NotFoundError: there is none for them.
    """
    found = _found(session, _ROWS.where(Clawback.id == clawback_id))
    mine = {seen_by.person_id, seen_by.organisation_id} - {None}
    if not found or not mine & {found[0].person_id, found[0].council_id}:
        raise NotFoundError
    return found[0]


def clawback_file(session: Session, *, clawback_id: UUID, seen_by: Actor) -> tuple[str, str, bytes]:
    """Return the paper that came with a notice: its name, what it is, and its content.

    Raises:
        NotFoundError: there is none for them.
    """
    clawback_for(session, clawback_id=clawback_id, seen_by=seen_by)
    row = select(ClawbackFile.name, ClawbackFile.media_type, ClawbackFile.content)
    found = session.execute(row.where(ClawbackFile.id == clawback_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return found.name, found.media_type, found.content


def has_open_notice(session: Session, *, line_id: UUID) -> bool:
    """Tell whether a part of a line's money was asked back, and nobody has decided yet."""
    decided = exists().where(ClawbackDecision.clawback_id == Clawback.id)
    there = exists().where(Clawback.line_id == line_id, ~decided)
    return bool(session.scalar(select(there)))


def _found(session: Session, rows: _Rows) -> list[ClawbackRow]:
    found = session.execute(rows).all()
    if not found:
        return []
    people = access.names_of(session, user_ids=[row[0].person_id for row in found])
    names = _council_names(session, {row[0].council_id for row in found})
    return [_row(row, people, names) for row in found]


def _council_names(session: Session, council_ids: Iterable[UUID]) -> dict[UUID, str]:
    return {
        council_id: councils.council(session, council_id=council_id).name
        for council_id in council_ids
    }


def _row(row: Sequence[object], people: dict[UUID, str], names: dict[UUID, str]) -> ClawbackRow:
    notice, answer, decision, file_name, funder = row
    assert isinstance(notice, Clawback)
    assert answer is None or isinstance(answer, ClawbackAnswer)
    assert decision is None or isinstance(decision, ClawbackDecision)
    return ClawbackRow(
        id=notice.id,
        person_id=notice.person_id,
        person_name=people.get(notice.person_id, ""),
        council_id=notice.council_id,
        council_name=names[notice.council_id],
        line_id=notice.line_id,
        funder=Funder(str(funder)),
        amount=notice.amount,
        reason=notice.reason,
        evidence=notice.evidence,
        file_name=str(file_name or ""),
        window_days=notice.window_days,
        objects_until=notice.objects_until,
        noticed_by_id=notice.noticed_by_id,
        noticed_by_name=notice.noticed_by_name,
        noticed_at=notice.noticed_at,
        agrees=answer.agrees if answer else None,
        words=answer.words if answer else "",
        answered_by_name=answer.by_name if answer else "",
        answered_at=answer.at if answer else None,
        end=decision.end if decision else None,
        wanted=decision.wanted if decision else ZERO,
        taken=decision.taken if decision else ZERO,
        decision=decision.reason if decision else "",
        decided_by_name=decision.by_name if decision else "",
        decided_at=decision.at if decision else None,
    )
