"""What councils decide about providers, kept for good; and appeals, which somebody else answers.

Locks are taken in one order: what the council says of the provider → the appeal.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission, Role
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store, tell_staff
from marketplace.catalogue.errors import (
    AppealError,
    OwnDecisionError,
    ReasonMissingError,
    WrongStateError,
)
from marketplace.catalogue.models import Appeal, Decision, Provider, ProviderCouncil
from marketplace.catalogue.rules import (
    AppealState,
    CheckState,
    checked_text,
    last_day_to_appeal,
    may_appeal,
)
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once

REASON_LENGTH_MAX = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """Why a provider thinks that what a council decided is wrong. Sent twice it is one appeal."""

    appeal_id: UUID
    council_id: UUID
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAppeal:
    """What somebody else of the council says: the decision stays, or what is decided instead."""

    appeal_id: UUID
    instead: CheckState | None
    """None: it stays."""
    answer: str


def locked_standing(session: Session, *, provider_id: UUID, council_id: UUID) -> ProviderCouncil:
    """Lock and return what a council says of a provider.

    Raises:
        NotFoundError: the provider has not applied to it.
    """
    row = session.scalar(
        select(ProviderCouncil)
        .where(
            ProviderCouncil.provider_id == provider_id,
            ProviderCouncil.council_id == council_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError
    return row


def decide(
    session: Session,
    row: ProviderCouncil,
    state: CheckState,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> Decision:
    """Write a decision down for good, and let it be what the council says from now on."""
    last = session.scalar(
        select(func.max(Decision.number)).where(
            Decision.provider_id == row.provider_id, Decision.council_id == row.council_id
        )
    )
    decision = Decision(
        id=uuid4(),
        provider_id=row.provider_id,
        council_id=row.council_id,
        number=(last or 0) + 1,
        state=state,
        reason=reason,
        by_user_id=by.user_id,
        by_name=by.name,
        at=at,
    )
    session.add(decision)
    row.state, row.reason, row.since_at = state, reason, at
    note(
        session,
        f"provider-{state}",
        provider_id=row.provider_id,
        subject_id=row.council_id,
        by=by,
        at=at,
    )
    ask_for_store(session, row.provider_id, at=at)
    return decision


def tell_decision(session: Session, decision: Decision, *, at: datetime) -> None:
    """Write to a provider's owners what was decided, why, and what they can do about it."""
    says = council(session, council_id=decision.council_id)
    last = last_day_to_appeal(decision.at, days=says.appeal_days)
    tell_staff(
        session,
        decision.provider_id,
        key=f"provider/{decision.id}",
        subject=f"{says.name} has looked at your store",
        template="provider_decided",
        values={
            "council": says.name,
            "council_id": str(says.id),
            "state": decision.state,
            "reason": decision.reason,
            "last_day": f"{last.day} {last:%B %Y}" if decision.state.needs_reason else "",
        },
        at=at,
    )


def appeal(session: Session, wish: AskAgain, *, by: Actor, at: datetime) -> UUID:
    """Say, for one's own store, that what a council decided is wrong, and tell its moderators.

    Raises:
        NotFoundError: they look after no store, or it has not applied to this council.
        AppealError: there is no refusal to appeal against, it was done already, or it is too late.
        BadWordsError: it does not say why, or the words are too long.
    """
    provider = own_store(session, by)
    words = checked_text(
        wish.words, what="few words about what is wrong", longest=REASON_LENGTH_MAX, needed=True
    )
    locked_standing(session, provider_id=provider.id, council_id=wish.council_id)
    if _same(session, wish, provider):
        return wish.appeal_id
    decision = latest_decision(session, provider_id=provider.id, council_id=wish.council_id)
    says = council(session, council_id=wish.council_id)
    _refuse_late(session, decision, days=says.appeal_days, at=at)
    assert decision is not None
    values = {
        "id": wish.appeal_id,
        "decision_id": decision.id,
        "provider_id": provider.id,
        "council_id": wish.council_id,
        "words": words,
        "asked_by_id": by.user_id,
        "asked_by_name": by.name,
        "asked_at": at,
        "state": AppealState.ASKED,
        "answer": "",
        "answered_by_name": "",
    }
    insert_once(session, Appeal, values)
    note(session, "appeal-made", provider_id=provider.id, subject_id=wish.council_id, by=by, at=at)
    tell_staff(
        session,
        wish.council_id,
        role=Role.MODERATOR,
        key=f"appeal/{wish.appeal_id}",
        subject=f"{provider.name} says that a decision is wrong",
        template="appeal_made",
        values={"store": provider.name, "decided_by": decision.by_name, "words": words},
        at=at,
    )
    return wish.appeal_id


def answer_appeal(session: Session, wish: AnswerAppeal, *, by: Actor, at: datetime) -> None:
    """Answer an appeal for one's own council, and tell the provider. Both decisions are kept.

    Raises:
        NotFoundError: it is no moderator, or not an appeal to their council.
        OwnDecisionError: they made the decision themselves.
        WrongStateError: it was answered already.
        ReasonMissingError: it does not say why.
        BadWordsError: the words are too long.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    found = session.get(Appeal, wish.appeal_id)
    if found is None or found.council_id != by.works_for:
        raise NotFoundError
    row = locked_standing(session, provider_id=found.provider_id, council_id=found.council_id)
    session.refresh(found, with_for_update=True)
    decision = session.get_one(Decision, found.decision_id)
    if found.state is not AppealState.ASKED:
        raise WrongStateError("This appeal has been answered already.")
    if decision.by_user_id == by.user_id:
        raise OwnDecisionError
    answer = checked_text(wish.answer, what="answer", longest=REASON_LENGTH_MAX)
    if not answer:
        raise ReasonMissingError("Say why. The provider reads it.")
    found.state = AppealState.CHANGED if wish.instead else AppealState.UPHELD
    found.answer, found.answered_at = answer, at
    found.answered_by_id, found.answered_by_name = by.user_id, by.name
    if wish.instead is not None:
        decide(session, row, wish.instead, answer, by=by, at=at)
    _tell_answer(session, found, decision, row.state, by=by, at=at)


def has_open_appeal(session: Session, *, provider_id: UUID, council_id: UUID) -> bool:
    """Tell whether an appeal to a council waits for its answer."""
    waiting = select(Appeal.id).where(
        Appeal.provider_id == provider_id,
        Appeal.council_id == council_id,
        Appeal.state == AppealState.ASKED,
    )
    return session.scalar(waiting.limit(1)) is not None


def latest_decision(session: Session, *, provider_id: UUID, council_id: UUID) -> Decision | None:
    """Return what a council decided last about a provider, if it ever did."""
    rows = select(Decision).where(
        Decision.provider_id == provider_id, Decision.council_id == council_id
    )
    return session.scalar(rows.order_by(Decision.number.desc()).limit(1))


def _same(session: Session, wish: AskAgain, provider: Provider) -> bool:
    earlier = session.get(Appeal, wish.appeal_id)
    if earlier is None:
        return False
    if earlier.provider_id != provider.id:
        raise NotFoundError
    return True


def _refuse_late(session: Session, decision: Decision | None, *, days: int, at: datetime) -> None:
    if decision is None or not decision.state.needs_reason:
        raise AppealError("There is no decision that you could appeal against.")
    appealed = session.scalar(select(Appeal.id).where(Appeal.decision_id == decision.id))
    if may_appeal(
        decision.state,
        decided_at=decision.at,
        days=days,
        at=at,
        appealed=appealed is not None,
    ):
        return
    if appealed is not None:
        raise AppealError("You have appealed against this decision already.")
    last = last_day_to_appeal(decision.at, days=days)
    raise AppealError(
        f"You could appeal until {last.day} {last:%B %Y}. Ask the council what you can do now."
    )


def _tell_answer(
    session: Session,
    found: Appeal,
    decision: Decision,
    now: CheckState,
    *,
    by: Actor,
    at: datetime,
) -> None:
    what = f"appeal-{found.state}"
    note(
        session,
        what,
        provider_id=found.provider_id,
        subject_id=found.council_id,
        by=by,
        at=at,
    )
    says = council(session, council_id=found.council_id)
    decided_on = local_day(decision.at)
    tell_staff(
        session,
        found.provider_id,
        key=f"appeal-answered/{found.id}",
        subject=f"{says.name} has answered your appeal",
        template="appeal_answered",
        values={
            "council": says.name,
            "council_id": str(says.id),
            "changed": found.state is AppealState.CHANGED,
            "state": now,
            "answer": found.answer,
            "answered_by": found.answered_by_name,
            "decided_on": f"{decided_on.day} {decided_on:%B %Y}",
        },
        at=at,
    )
