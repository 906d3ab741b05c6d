"""What a person wants to be true in their life."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission, Scope
from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine, LineOutcome, Outcome
from marketplace.budgets.rules import OUTCOMES_MAX, check_words
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once


def add_outcome(
    session: Session, *, person_id: UUID, sentence: str, by: Actor, at: datetime
) -> UUID:
    """Add an outcome of a person and return its id; the same sentence again is the same outcome.

    Raises:
        NotFoundError: the person's affairs are none of theirs.
        NotAllowedError: the person has not asked this supporter to help with the plan.
        BadLineError: there are no words, too many, or too many outcomes.
    """
    _check_may_add(session, person_id, by)
    return _add(session, person_id, sentence, by_user_id=by.user_id, at=at)


def link_outcomes(
    session: Session, line: FundingLine, sentences: Iterable[str], *, at: datetime
) -> None:
    """Say which outcomes a line is for, adding those the person does not have yet."""
    for sentence in sentences:
        outcome_id = _add(session, line.person_id, sentence, by_user_id=line.opened_by_id, at=at)
        values = {"line_id": line.id, "outcome_id": outcome_id}
        insert_once(session, LineOutcome, {"id": uuid4(), **values})


def _check_may_add(session: Session, person_id: UUID, by: Actor) -> None:
    if by.may(Permission.OPEN_FUNDING_LINES):
        if not councils.belongs(session, council_id=by.works_for, person_id=person_id):
            raise NotFoundError
        return
    if by.person_id != person_id:
        raise NotFoundError
    if by.acts_for_another and Scope.PLAN not in by.scopes:
        raise NotAllowedError(f"{by.person_name} has not asked you to help with their plan.")


def _add(
    session: Session, person_id: UUID, sentence: str, *, by_user_id: UUID | None, at: datetime
) -> UUID:
    words = check_words("outcomes", sentence, sentence="Say what you want to be true.")
    there = queries.outcomes_of(session, person_id=person_id)
    same = next((row.id for row in there if row.sentence.lower() == words.lower()), None)
    if same is not None:
        return same
    if len(there) >= OUTCOMES_MAX:
        raise BadLineError("outcomes", f"There can be at most {OUTCOMES_MAX} outcomes.")
    last = session.scalar(select(func.max(Outcome.sort)).where(Outcome.person_id == person_id))
    outcome = Outcome(
        id=uuid4(), person_id=person_id, sentence=words, sort=(last or 0) + 1, added_at=at
    )
    session.add(outcome)
    session.flush()  # the next sentence may be the same one
    record(
        session,
        what="outcome-added",
        chain_id=person_id,
        subject_id=outcome.id,
        by_user_id=by_user_id,
        for_person_id=person_id,
        at=at,
    )
    return outcome.id
