"""Family who are paid for their support: declared by the person, decided by the council."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.errors import DeclarationError
from marketplace.access.models import FamilyCarer, FamilyDecision, User
from marketplace.access.queries import NamedStore
from marketplace.access.rules import NAME_LENGTH_MAX, Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFamily:
    """A council's yes or no to a person's family being paid by a store."""

    person_id: UUID
    provider_id: UUID
    agreed: bool
    reason: str


def declare_family_carer(
    session: Session, *, carer_id: UUID, store: NamedStore, who: str, by: Actor, at: datetime
) -> UUID:
    """Say that somebody of the person's family is paid by a store; sent twice it is once.

    Raises:
        NotAllowedError: the supporter may not look after the circle.
        DeclarationError: there is no name.
    """
    _may_manage(by)
    name = who.strip()[:NAME_LENGTH_MAX]
    if not name:
        raise DeclarationError("Say who of the family it is.")
    made = insert_once(
        session,
        FamilyCarer,
        {
            "id": carer_id,
            "person_id": by.buys_for,
            "provider_id": store.id,
            "provider_name": store.name,
            "who": name,
            "declared_by_id": by.user_id,
            "declared_at": at,
        },
    )
    if made:
        _record(session, "family-declared", carer_id, by.buys_for, by, at)
    return carer_id


def end_family_carer(session: Session, *, carer_id: UUID, by: Actor, at: datetime) -> None:
    """Say that somebody of the family is no longer paid.

    Raises:
        NotAllowedError: the supporter may not look after the circle.
        NotFoundError: it is not theirs.
    """
    _may_manage(by)
    row = session.get(FamilyCarer, carer_id, with_for_update=True)
    if row is None or row.person_id != by.person_id:
        raise NotFoundError
    if row.ended_at is None:
        row.ended_at = at
        _record(session, "family-ended", carer_id, row.person_id, by, at)


def decide_on_family(session: Session, wish: DecideFamily, *, by: Actor, at: datetime) -> None:
    """Say as the council whether a person's family may be paid by a store.

    That the person is the council's own is for the caller to know.

    Raises:
        NotAllowedError: they do not decide for the council.
        DeclarationError: there is no reason.
    """
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of the council decides this.")
    reason = wish.reason.strip()[:NAME_LENGTH_MAX]
    if not reason:
        raise DeclarationError("Give the reason. The person reads it.")
    session.get_one(User, wish.person_id, with_for_update=True)  # decisions take turns
    theirs = (
        (FamilyDecision.person_id == wish.person_id)
        & (FamilyDecision.provider_id == wish.provider_id)
        & (FamilyDecision.council_id == by.works_for)
    )
    newest_first = select(FamilyDecision).where(theirs).order_by(FamilyDecision.number.desc())
    last = session.scalar(newest_first.limit(1))
    if last is not None and (last.agreed, last.reason) == (wish.agreed, reason):
        return
    decision = FamilyDecision(
        person_id=wish.person_id,
        provider_id=wish.provider_id,
        council_id=by.works_for,
        number=(last.number if last else 0) + 1,
        agreed=wish.agreed,
        reason=reason,
        decided_by_id=by.user_id,
        decided_by_name=by.name,
        decided_at=at,
    )
    session.add(decision)
    session.flush()
    what = "family-agreed" if wish.agreed else "family-refused"
    _record(session, what, decision.id, wish.person_id, by, at)


def _may_manage(by: Actor) -> None:
    if not by.may(Permission.MANAGE_CIRCLE):
        raise NotAllowedError(f"{by.person_name} has not let you change their circle.")


def _record(
    session: Session, what: str, subject_id: UUID, person_id: UUID, by: Actor, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=person_id,
        subject_id=subject_id,
        by_user_id=by.user_id,
        for_person_id=person_id,
        at=at,
    )
