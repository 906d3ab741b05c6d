"""The evidence locker: what a provider shows, and which councils accept it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.errors import WrongStateError
from marketplace.catalogue.models import Evidence, EvidenceCheck, ProviderCouncil
from marketplace.catalogue.rules import EvidenceKind, checked_text
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """Something a provider can show."""

    evidence_id: UUID
    kind: EvidenceKind
    note: str
    expires_on: date | None = None


def add_evidence(session: Session, wish: AddEvidence, *, by: Actor, at: datetime) -> UUID:
    """Put something in the evidence locker; sent twice it is there once.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadWordsError: the note is missing or too long.
    """
    provider = own_store(session, by)
    values = {
        "id": wish.evidence_id,
        "provider_id": provider.id,
        "kind": wish.kind,
        "note": checked_text(wish.note, what="note", longest=500, needed=True),
        "expires_on": wish.expires_on,
    }
    if insert_once(session, Evidence, values):
        note(
            session,
            "evidence-added",
            provider_id=provider.id,
            subject_id=wish.evidence_id,
            by=by,
            at=at,
            details={"kind": wish.kind},
        )
    return wish.evidence_id


def check_evidence(session: Session, *, evidence_id: UUID, by: Actor, at: datetime) -> None:
    """Accept a piece of evidence for one's own council, once.

    Raises:
        NotFoundError: it is no moderator, or the provider has not applied to their council.
        WrongStateError: it has run out.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    evidence = session.scalar(
        select(Evidence)
        .join(ProviderCouncil, ProviderCouncil.provider_id == Evidence.provider_id)
        .where(Evidence.id == evidence_id, ProviderCouncil.council_id == by.works_for)
    )
    if evidence is None:
        raise NotFoundError
    if evidence.expires_on is not None and evidence.expires_on < local_day(at):
        raise WrongStateError("This has run out. Ask the provider for a newer one.")
    values = {
        "id": uuid4(),
        "evidence_id": evidence.id,
        "council_id": by.works_for,
        "checked_by_id": by.user_id,
        "at": at,
    }
    if insert_once(session, EvidenceCheck, values):
        note(
            session,
            "evidence-accepted",
            provider_id=evidence.provider_id,
            subject_id=evidence.id,
            by=by,
            at=at,
        )
        ask_for_store(session, evidence.provider_id, at=at)
