"""The evidence locker: for a provider's own staff, and for moderators of councils it applied to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, undefer

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import (
    Evidence,
    EvidenceAsk,
    EvidenceCheck,
    EvidencePaper,
    NeededEvidence,
    ProviderCouncil,
)
from marketplace.catalogue.rules import (
    LATE_REMINDER_DAYS,
    REMINDER_DAYS,
    EvidenceKind,
    KindStanding,
    NeededKinds,
    Piece,
    kinds_needed,
    standings,
)
from marketplace.councils.queries import councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class CheckMade:
    """A council accepts a piece of evidence: who said so, when, and on whose word."""

    council_id: UUID
    council_name: str
    by_name: str
    """Empty where it was not written down."""
    at: datetime
    taken_from: str
    """The council whose check was taken over; empty if they looked at it themselves."""


@dataclass(frozen=True, slots=True)
class PaperCard:
    """The paper of a piece of evidence, without its content."""

    name: str
    media_type: str
    size_bytes: int

    @property
    def kilobytes(self) -> int:
        """How big it is; at least one."""
        return max(1, round(self.size_bytes / 1024))


@dataclass(frozen=True, slots=True)
class PaperFile:
    """The paper of a piece of evidence as a browser gets it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One thing in the evidence locker."""

    id: UUID
    kind: EvidenceKind
    note: str
    issued_on: date | None
    expires_on: date | None
    added_at: datetime | None
    added_by_name: str
    paper: PaperCard | None
    checks: tuple[CheckMade, ...]

    @property
    def checked_by(self) -> tuple[UUID, ...]:
        """The councils that accept it."""
        return tuple(check.council_id for check in self.checks)

    @property
    def first_check(self) -> CheckMade | None:
        """The check of a council that looked at it itself: another can take it over."""
        return next((check for check in self.checks if not check.taken_from), None)


@dataclass(frozen=True, slots=True)
class AskRow:
    """A council asks for a piece of evidence."""

    council_id: UUID
    council_name: str
    kind: EvidenceKind
    words: str
    asked_by_name: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class CouncilNeeds:
    """What one council needs of a provider, and how it stands."""

    council_id: UUID
    council_name: str
    kinds: tuple[KindStanding, ...]


def evidence_of(session: Session, *, provider_id: UUID) -> tuple[EvidenceRow, ...]:
    """Return a provider's evidence locker; for its own staff and for moderators."""
    checks = _checks(session, provider_id)
    papers = {
        paper.evidence_id: PaperCard(paper.name, paper.media_type, paper.size_bytes)
        for paper in session.scalars(
            select(EvidencePaper)
            .join(Evidence, Evidence.id == EvidencePaper.evidence_id)
            .where(Evidence.provider_id == provider_id)
        )
    }
    rows = (
        select(Evidence)
        .where(Evidence.provider_id == provider_id, Evidence.taken_out_at.is_(None))
        .order_by(Evidence.kind, Evidence.expires_on.desc(), Evidence.id)
    )
    return tuple(
        EvidenceRow(
            id=row.id,
            kind=row.kind,
            note=row.note,
            issued_on=row.issued_on,
            expires_on=row.expires_on,
            added_at=row.added_at,
            added_by_name=row.added_by_name,
            paper=papers.get(row.id),
            checks=tuple(checks.get(row.id, ())),
        )
        for row in session.scalars(rows)
    )


def evidence_paper(session: Session, *, evidence_id: UUID, by: Actor) -> PaperFile:
    """Return a paper, for the provider's own staff and moderators of councils it applied to.

    Raises:
        NotFoundError: there is none, or it is not for them.
    """
    row = session.execute(
        select(EvidencePaper, Evidence.provider_id)
        .join(Evidence, Evidence.id == EvidencePaper.evidence_id)
        .where(Evidence.id == evidence_id, Evidence.taken_out_at.is_(None))
        .options(undefer(EvidencePaper.content))
    ).first()
    if row is None or not _may_read(session, row.provider_id, by):
        raise NotFoundError
    paper = row.EvidencePaper
    return PaperFile(paper.name, paper.media_type, paper.content)


def asks_of(session: Session, *, provider_id: UUID) -> tuple[AskRow, ...]:
    """Return what councils still ask a provider for, oldest first."""
    names = {card.id: card.name for card in councils(session)}
    rows = (
        select(EvidenceAsk)
        .where(EvidenceAsk.provider_id == provider_id, EvidenceAsk.answered_at.is_(None))
        .order_by(EvidenceAsk.asked_at, EvidenceAsk.id)
    )
    return tuple(
        AskRow(
            row.council_id,
            names[row.council_id],
            row.kind,
            row.words,
            row.asked_by_name,
            row.asked_at,
        )
        for row in session.scalars(rows)
    )


def needed_of(session: Session, *, council_ids: Collection[UUID]) -> Mapping[UUID, NeededKinds]:
    """Return which evidence some councils want, by category."""
    found: dict[UUID, dict[str, set[EvidenceKind]]] = {each: {} for each in council_ids}
    rows = select(NeededEvidence).where(NeededEvidence.council_id.in_(council_ids))
    for row in session.scalars(rows):
        found[row.council_id].setdefault(row.category, set()).add(row.kind)
    return {
        council_id: {category: frozenset(kinds) for category, kinds in needed.items()}
        for council_id, needed in found.items()
    }


def needs_of(
    session: Session,
    *,
    council_ids: Collection[UUID],
    categories: Collection[str],
    evidence: Iterable[EvidenceRow],
    on: date,
) -> tuple[CouncilNeeds, ...]:
    """Return what some councils need of whoever sells something, and how it stands."""
    needed = needed_of(session, council_ids=council_ids)
    rows = tuple(evidence)
    return tuple(
        CouncilNeeds(
            card.id,
            card.name,
            standings(
                kinds_needed(needed[card.id], categories),
                [Piece(row.kind, row.expires_on, card.id in row.checked_by) for row in rows],
                on=on,
            ),
        )
        for card in councils(session)
        if card.id in needed
    )


def reminder_is_due(on: date) -> ColumnElement[bool]:
    """Return what is true of evidence of which a provider is to be reminded on a day."""
    steps = [
        and_(
            Evidence.expires_on <= on + timedelta(days=days),
            or_(Evidence.reminded_days.is_(None), Evidence.reminded_days > days),
        )
        for days in REMINDER_DAYS
    ]
    return and_(
        Evidence.taken_out_at.is_(None),
        Evidence.expires_on >= on - timedelta(days=LATE_REMINDER_DAYS),
        or_(*steps),
    )


def reminders_are_due(session: Session, *, at: datetime) -> bool:
    """Tell whether somebody is to be reminded of evidence that runs out."""
    row = select(Evidence.id).where(reminder_is_due(local_day(at))).limit(1)
    return session.scalar(row) is not None


def _checks(session: Session, provider_id: UUID) -> Mapping[UUID, list[CheckMade]]:
    names = {card.id: card.name for card in councils(session)}
    found: dict[UUID, list[CheckMade]] = defaultdict(list)
    rows = (
        select(EvidenceCheck)
        .join(Evidence, Evidence.id == EvidenceCheck.evidence_id)
        .where(Evidence.provider_id == provider_id)
        .order_by(EvidenceCheck.at, EvidenceCheck.id)
    )
    for row in session.scalars(rows):
        taken_from = names.get(row.taken_from_id, "") if row.taken_from_id else ""
        made = CheckMade(
            row.council_id, names[row.council_id], row.checked_by_name, row.at, taken_from
        )
        found[row.evidence_id].append(made)
    return found


def _may_read(session: Session, provider_id: UUID, by: Actor) -> bool:
    if by.may(Permission.KEEP_STORE):
        return by.works_for == provider_id
    if not by.may(Permission.MODERATE):
        return False
    applied = select(ProviderCouncil.id).where(
        ProviderCouncil.provider_id == provider_id, ProviderCouncil.council_id == by.works_for
    )
    return session.scalar(applied) is not None
