"""Taking away what somebody who has left had written; their money's history stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.budgets.commands.forgetting_beside import forget_beside
from marketplace.budgets.models import FundingLine, Outcome, SpendingLimit, SpendRequest
from marketplace.budgets.models.council_views import CouncilView
from marketplace.kernel.retention import FORGOTTEN, SOMEBODY


def forget_person(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Take away somebody's outcomes in words, why limits were set, and what they asked for."""
    lines = select(FundingLine.id).where(FundingLine.person_id == user_id)
    session.execute(
        update(Outcome)
        .where(Outcome.person_id == user_id)
        .values(sentence=FORGOTTEN, ended_at=func.coalesce(Outcome.ended_at, at))
    )
    session.execute(
        update(FundingLine)
        .where(FundingLine.person_id == user_id, FundingLine.holder_name != "")
        .values(holder_name=SOMEBODY)
    )
    session.execute(
        update(SpendingLimit)
        .where(SpendingLimit.line_id.in_(lines))
        .values(reason=FORGOTTEN, second_look="", ended_reason="")
    )
    for who, name in (
        (SpendingLimit.set_by_id, SpendingLimit.set_by_name),
        (SpendingLimit.asks_id, SpendingLimit.asks_name),
    ):
        session.execute(update(SpendingLimit).where(who == user_id).values({name: SOMEBODY}))
    session.execute(
        update(SpendRequest)
        .where(SpendRequest.person_id == user_id)
        .values(what=FORGOTTEN, words="", reason="")
    )
    for who, name in (
        (SpendRequest.asked_by_id, SpendRequest.asked_by_name),
        (SpendRequest.answered_by_id, SpendRequest.answered_by_name),
        (SpendRequest.answerer_id, SpendRequest.answerer_name),
    ):
        session.execute(update(SpendRequest).where(who == user_id).values({name: SOMEBODY}))
    session.execute(delete(CouncilView).where(CouncilView.person_id == user_id))
    forget_beside(session, user_id=user_id)
