"""Keeping note of what people wanted and did not get."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.budgets.models import Refusal
from marketplace.budgets.rules import Answer, Spend


def record_refusal(
    session: Session, *, person_id: UUID, spend: Spend, answer: Answer, at: datetime
) -> None:
    """Keep note of a spend that was refused: it is market intelligence too."""
    assert answer.why is not None, "only a no is recorded"
    session.add(
        Refusal(
            id=uuid4(),
            person_id=person_id,
            council_id=spend.council_id,
            line_id=answer.line_id,
            limit_id=answer.limit_id,
            why=answer.why,
            wanted=spend.amount,
            remaining=answer.remaining,
            category=spend.category,
            at=at,
        )
    )
