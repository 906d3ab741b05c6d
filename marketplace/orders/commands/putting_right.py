"""A note that gave the money back by mistake, put right: the money is set aside once more.

Only a note can be: what somebody cancelled, and what was settled between both sides, stays.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands as budgets
from marketplace.budgets.errors import MoneyGoneError
from marketplace.orders import rules
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.parts import parts_of
from marketplace.orders.commands.settling import again_key, release_key, times_again
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import Dispute, Order, OrderLine, Visit
from marketplace.orders.queries.noted import notes_of_orders
from marketplace.orders.queries.standing_course import DEAD
from marketplace.orders.rules import NoteKind, VisitState


def refuse_what_stays(session: Session, order: Order, visit: Visit, *, at: datetime) -> None:
    """Refuse to put right what was no note, was settled between both sides, or is long ago.

    Raises:
        WrongStateError: it is one of these.
    """
    by_hand = (order.id, visit.noted_at, visit.noted_by_id)
    if by_hand not in notes_of_orders(session, [order.id]):
        raise WrongStateError(
            "This visit was cancelled, and their money is back. They can order it again."
        )
    if not rules.can_put_right(visit.noted_at, at=at):
        raise WrongStateError(
            f"It is too late to put this right: it was noted more than {rules.PUT_RIGHT_DAYS} days "
            "ago, and their money is back. They can order it again."
        )
    if session.scalar(select(exists().where(Dispute.visit_id == visit.id))):
        raise WrongStateError("This was settled between you and them, and stays as it is.")
    if _ordered_since(session, order, visit):
        raise WrongStateError(
            "This time was ordered again since. Say what happened of that visit instead."
        )


def open_again(
    session: Session, order: Order, visit: Visit, to: VisitState, *, by: Actor, at: datetime
) -> None:
    """Set a visit's money aside again, and let it and its order wait for an answer once more.

    Raises:
        WrongStateError: the money is not there any more; nothing is changed.
    """
    if visit.amount:
        times = times_again(session, visit.id)
        try:
            budgets.hold_again(
                session,
                order_id=order.id,
                put_back=release_key(visit.id, times),
                key=again_key(visit.id, times + 1),
                parts=parts_of(session, order, [visit], lambda visit: visit.amount),
                at=at,
                by_user_id=by.user_id,
            )
        except MoneyGoneError as gone:
            raise WrongStateError(
                f"Their money for this visit went back, and cannot be set aside again. {gone} "
                "So the note stays as it is. Talk to them: they can order it again."
            ) from gone
    visit.open_again(to)
    order.open_again()


def tell_put_right(
    session: Session,
    order: Order,
    visit: Visit,
    line: OrderLine,
    before: NoteKind,
    *,
    at: datetime,
) -> None:
    """Write to the person what was said before, what is said now, and which money waits again."""
    now, is_back = visit.note_kind, visit.state is VisitState.RELEASED
    about = About(
        template="note_put_right",
        subject=f"{order.provider_name} put right what they said: {line.title}",
        key=f"put-right/{visit.id}/{at.isoformat()}",
        values={
            "what": line.title,
            "when": rules.when_words(visit.planned_at, line.unit),
            "before": before.label,
            "now": now.label if now else "",
            "words": visit.note,
            "again": "" if is_back or not visit.amount else str(visit.amount),
            "due": str(visit.due) if visit.due else "",
        },
    )
    tell_person(session, order, about, at=at)


def _ordered_since(session: Session, order: Order, visit: Visit) -> UUID | None:
    """Return another visit that a standing order was given for the same time."""
    if order.standing_id is None:
        return None
    return session.scalar(
        select(Visit.id)
        .join(Order, Order.id == Visit.order_id)
        .where(
            Order.standing_id == order.standing_id,
            Order.state.not_in(DEAD),
            Visit.planned_at == visit.planned_at,
            Visit.state != VisitState.RELEASED,
            Visit.id != visit.id,
        )
        .limit(1)
    )
