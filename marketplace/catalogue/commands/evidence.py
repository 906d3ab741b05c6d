"""The evidence locker: what a provider shows, and which councils accept it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.adapters.papers import clean_paper
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.errors import BadEvidenceError, WrongStateError
from marketplace.catalogue.models import (
    Evidence,
    EvidenceAsk,
    EvidenceCheck,
    EvidencePaper,
    ProviderCouncil,
)
from marketplace.catalogue.rules import EvidenceKind, checked_text
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once

PIECES_MAX = 100
NOTE_LENGTH_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """Something a provider can show."""

    evidence_id: UUID
    kind: EvidenceKind
    note: str
    expires_on: date | None = None
    issued_on: date | None = None
    paper_name: str = ""
    paper: bytes | None = None


def add_evidence(session: Session, wish: AddEvidence, *, by: Actor, at: datetime) -> UUID:
    """Put something in the evidence locker; sent twice it is there once.

    Councils that asked for something of this kind have it now.

    Raises:
        NotFoundError: the one who asks looks after no store, or the id is another store's.
        BadWordsError: the note is missing or too long.
        BadEvidenceError: its days cannot be, or there are too many things in the locker.
        BadDocumentError: the paper is none that may be kept.
    """
    provider = own_store(session, by)
    words = checked_text(wish.note, what="note", longest=NOTE_LENGTH_MAX, needed=True)
    _check_days(wish, at)
    earlier = session.get(Evidence, wish.evidence_id)
    if earlier is not None:
        if earlier.provider_id != provider.id:
            raise NotFoundError
        return earlier.id
    kept = select(func.count()).where(
        Evidence.provider_id == provider.id, Evidence.taken_out_at.is_(None)
    )
    if (session.scalar(kept) or 0) >= PIECES_MAX:
        raise BadEvidenceError(
            f"There are {PIECES_MAX} things in your locker. Take an old one out first."
        )
    evidence = Evidence(
        id=wish.evidence_id,
        provider_id=provider.id,
        kind=wish.kind,
        note=words,
        issued_on=wish.issued_on,
        expires_on=wish.expires_on,
        added_at=at,
        added_by_name=by.name,
    )
    session.add(evidence)
    session.flush()  # the paper names it, and no relationship says which comes first
    if wish.paper is not None:
        _keep_paper(session, evidence, wish.paper_name, wish.paper)
    _answer_asks(session, evidence, at)
    _note(session, "evidence-added", evidence, by, at)
    return evidence.id


def take_out_evidence(session: Session, *, evidence_id: UUID, by: Actor, at: datetime) -> None:
    """Take something out of the locker: nobody is shown it any more, its paper is gone.

    Raises:
        NotFoundError: it is not in their locker.
    """
    provider = own_store(session, by)
    evidence = session.get(Evidence, evidence_id, with_for_update=True, populate_existing=True)
    if evidence is None or evidence.provider_id != provider.id:
        raise NotFoundError
    if evidence.taken_out_at is not None:
        return
    evidence.taken_out_at = at
    paper = session.scalar(select(EvidencePaper).where(EvidencePaper.evidence_id == evidence_id))
    if paper is not None:
        session.delete(paper)
    _note(session, "evidence-taken-out", evidence, by, at)
    ask_for_store(session, provider.id, at=at)


def check_evidence(
    session: Session,
    *,
    evidence_id: UUID,
    taken_from_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Accept a piece of evidence for one's own council, once.

    It was looked at, or the check of another council is taken over, named and dated.

    Raises:
        NotFoundError: it is no moderator, the provider has not applied to their council, or the
            other council has not accepted it.
        WrongStateError: it has run out.
    """
    evidence = _asked_for(session, evidence_id, by)
    if evidence.expires_on is not None and evidence.expires_on < local_day(at):
        raise WrongStateError("This has run out. Ask the provider for a newer one.")
    first = _first_check(session, evidence_id, taken_from_id) if taken_from_id else None
    values = {
        "id": uuid4(),
        "evidence_id": evidence.id,
        "council_id": by.works_for,
        "checked_by_id": by.user_id,
        "checked_by_name": by.name,
        "taken_from_id": first.council_id if first else None,
        "at": at,
    }
    if insert_once(session, EvidenceCheck, values):
        what = "evidence-check-taken-over" if first else "evidence-accepted"
        _note(session, what, evidence, by, at)
        ask_for_store(session, evidence.provider_id, at=at)


def _check_days(wish: AddEvidence, at: datetime) -> None:
    if wish.issued_on is not None and wish.issued_on > local_day(at):
        raise BadEvidenceError("That day is still to come. When was it issued?", field="issued_on")
    if wish.issued_on and wish.expires_on and wish.expires_on < wish.issued_on:
        raise BadEvidenceError("It cannot run out before it was issued.", field="expires_on")


def _keep_paper(session: Session, evidence: Evidence, name: str, content: bytes) -> None:
    clean = clean_paper(name, content)
    session.add(
        EvidencePaper(
            id=uuid4(),
            evidence_id=evidence.id,
            name=clean.name,
            media_type=clean.media_type,
            content=clean.content,
            size_bytes=len(clean.content),
        )
    )


def _answer_asks(session: Session, evidence: Evidence, at: datetime) -> None:
    session.execute(
        update(EvidenceAsk)
        .where(
            EvidenceAsk.provider_id == evidence.provider_id,
            EvidenceAsk.kind == evidence.kind,
            EvidenceAsk.answered_at.is_(None),
        )
        .values(answered_at=at)
    )


def _asked_for(session: Session, evidence_id: UUID, by: Actor) -> Evidence:
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    evidence = session.scalar(
        select(Evidence)
        .join(ProviderCouncil, ProviderCouncil.provider_id == Evidence.provider_id)
        .where(
            Evidence.id == evidence_id,
            Evidence.taken_out_at.is_(None),
            ProviderCouncil.council_id == by.works_for,
        )
    )
    if evidence is None:
        raise NotFoundError
    return evidence


def _first_check(session: Session, evidence_id: UUID, council_id: UUID) -> EvidenceCheck:
    """Return the check of a council, which must have looked at it itself."""
    found = session.scalar(
        select(EvidenceCheck).where(
            EvidenceCheck.evidence_id == evidence_id,
            EvidenceCheck.council_id == council_id,
            EvidenceCheck.taken_from_id.is_(None),
        )
    )
    if found is None:
        raise NotFoundError
    return found


def _note(session: Session, what: str, evidence: Evidence, by: Actor, at: datetime) -> None:
    note(
        session,
        what,
        provider_id=evidence.provider_id,
        subject_id=evidence.id,
        by=by,
        at=at,
        details={"kind": evidence.kind},
    )
