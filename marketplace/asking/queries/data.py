"""What somebody may take with them of what they asked and answered."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.asking.models import Answer, Ask, QuietStore
from marketplace.kernel.exporting import Kept, columns_of, rows_of


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's asks and the answers to them, and what they answered for a store."""
    mine = or_(Ask.person_id == user_id, Ask.asked_by_id == user_id)
    asks = (
        select(*columns_of(Ask, without=["taken_down_by_id"]))
        .where(mine)
        .order_by(Ask.asked_at, Ask.id)
    )
    answers = (
        select(*columns_of(Answer, without=["answered_by_id"]))
        .join(Ask, Ask.id == Answer.ask_id)
        .where(Ask.person_id == user_id)
        .order_by(Answer.answered_at, Answer.id)
    )
    given = (
        select(*columns_of(Answer))
        .where(Answer.answered_by_id == user_id)
        .order_by(Answer.answered_at, Answer.id)
    )
    quiet = (
        select(*columns_of(QuietStore))
        .where(QuietStore.said_by_id == user_id)
        .order_by(QuietStore.said_at, QuietStore.id)
    )
    return {
        "asked-for": rows_of(session, asks),
        "answers-to-what-you-asked-for": rows_of(session, answers),
        "answers-you-gave-for-a-store": rows_of(session, given),
        "stores-without-letters-about-asks": rows_of(session, quiet),
    }
