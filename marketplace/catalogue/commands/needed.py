"""What councils want to see: of whom, again, and in time before it runs out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.catalogue.commands.keeping import note, tell_staff
from marketplace.catalogue.errors import BadEvidenceError
from marketplace.catalogue.models import (
    Evidence,
    EvidenceAsk,
    NeededEvidence,
    ProviderCouncil,
)
from marketplace.catalogue.queries.lockers import reminder_is_due
from marketplace.catalogue.queries.offers import categories
from marketplace.catalogue.rules import EvidenceKind, checked_text, reminder_due
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once

ASK_LENGTH_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForEvidence:
    """What a council wants to see of a provider, and why. Sent twice it is one letter."""

    ask_id: UUID
    provider_id: UUID
    kind: EvidenceKind
    words: str = ""


def set_needed(
    session: Session, needed: Mapping[str, frozenset[EvidenceKind]], *, by: Actor, at: datetime
) -> None:
    """Say which evidence one's council wants, by category; the empty word stands for everybody.

    Raises:
        NotFoundError: it is no moderator.
        BadEvidenceError: there is no such category.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    known = {"", *(row.slug for row in categories(session))}
    if not known.issuperset(needed):
        raise BadEvidenceError("Choose kinds of support from the page.")
    session.execute(delete(NeededEvidence).where(NeededEvidence.council_id == by.works_for))
    for category, kinds in needed.items():
        for kind in kinds:
            values = {
                "id": uuid4(),
                "council_id": by.works_for,
                "category": category,
                "kind": kind,
            }
            insert_once(session, NeededEvidence, values)
    record(
        session,
        what="needed-evidence-set",
        chain_id=by.works_for,
        subject_id=by.works_for,
        by_user_id=by.user_id,
        at=at,
    )


def ask_for_evidence(session: Session, wish: AskForEvidence, *, by: Actor, at: datetime) -> UUID:
    """Ask a provider of one's council for a piece of evidence, and write to its owners.

    Raises:
        NotFoundError: it is no moderator, or the provider has not applied to their council.
        BadWordsError: the words are too long.
    """
    _of_own_council(session, wish.provider_id, by)
    words = checked_text(wish.words, what="message", longest=ASK_LENGTH_MAX)
    values = {
        "id": wish.ask_id,
        "provider_id": wish.provider_id,
        "council_id": by.works_for,
        "kind": wish.kind,
        "words": words,
        "asked_by_id": by.user_id,
        "asked_by_name": by.name,
        "asked_at": at,
    }
    if not insert_once(session, EvidenceAsk, values):
        return wish.ask_id
    says = council(session, council_id=by.works_for)
    note(
        session,
        "evidence-asked-for",
        provider_id=wish.provider_id,
        subject_id=wish.ask_id,
        by=by,
        at=at,
        details={"kind": wish.kind},
    )
    tell_staff(
        session,
        wish.provider_id,
        key=f"evidence-ask/{wish.ask_id}",
        subject=f"{says.name} asks for a paper",
        template="evidence_asked",
        values={"council": says.name, "kind": wish.kind.paper, "words": words},
        at=at,
    )
    return wish.ask_id


def remind_of_evidence(session: Session, *, at: datetime, limit: int = 200) -> int:
    """Write to owners whose evidence runs out soon or today, once for each time; return how many.

    What was replaced by something that lasts longer needs no letter.
    """
    today = local_day(at)
    done = 0
    for evidence in _running_out(session, today, limit):
        days = reminder_due(_last_day(evidence), reminded=evidence.reminded_days, on=today)
        if days is None:
            continue
        evidence.reminded_days = days
        if not _is_replaced(session, evidence):
            _remind(session, evidence, days, today=today, at=at)
            done += 1
    return done


def _running_out(session: Session, today: date, limit: int) -> list[Evidence]:
    due = (
        select(Evidence)
        .where(reminder_is_due(today))
        .order_by(Evidence.expires_on, Evidence.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(due))


def _remind(session: Session, evidence: Evidence, days: int, *, today: date, at: datetime) -> None:
    last = _last_day(evidence)
    if last < today:
        subject = f"{evidence.kind.paper} has run out"
    elif last == today:
        subject = f"{evidence.kind.paper} runs out today"
    else:
        subject = f"{evidence.kind.paper} runs out in {(last - today).days} days"
    tell_staff(
        session,
        evidence.provider_id,
        key=f"evidence/{evidence.id}/{days}",
        subject="Your " + subject,
        template="evidence_runs_out",
        values={
            "kind": evidence.kind.paper,
            "note": evidence.note,
            "last_day": f"{last.day} {last:%B %Y}",
            "is_over": last < today,
        },
        at=at,
    )


def _is_replaced(session: Session, evidence: Evidence) -> bool:
    longer = select(Evidence.id).where(
        Evidence.provider_id == evidence.provider_id,
        Evidence.kind == evidence.kind,
        Evidence.id != evidence.id,
        Evidence.taken_out_at.is_(None),
        (Evidence.expires_on.is_(None)) | (Evidence.expires_on > evidence.expires_on),
    )
    if not evidence.kind.is_renewed:  # another training says nothing of this one
        longer = longer.where(Evidence.note == evidence.note)
    return session.scalar(longer.limit(1)) is not None


def _last_day(evidence: Evidence) -> date:
    assert evidence.expires_on is not None
    return evidence.expires_on


def _of_own_council(session: Session, provider_id: UUID, by: Actor) -> None:
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    applied = select(ProviderCouncil.id).where(
        ProviderCouncil.provider_id == provider_id, ProviderCouncil.council_id == by.works_for
    )
    if session.scalar(applied) is None:
        raise NotFoundError
