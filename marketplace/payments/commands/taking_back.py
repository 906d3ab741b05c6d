"""Money that was given back to a card by others leaves the wallet, as far as it is still there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.commands import TakeOut, locked_available, take_out
from marketplace.kernel.money import ZERO, Money, total
from marketplace.payments.models import CardRefund, TopUp
from marketplace.payments.rules import EventOutcome, TopUpState, given_by_others, to_take_back


def take_back(session: Session, top_up: TopUp, at: datetime) -> EventOutcome:
    """Take a refund out of the line as far as it is still there; the rest is for a human.

    What we gave back ourselves left the line before, when it was owed to the person.
    """
    refunded = given_by_others(refunded=top_up.refunded, counted=_by_us(session, top_up))
    if top_up.state is not TopUpState.PAID or top_up.taken_back >= refunded:
        return EventOutcome.NOTED
    assert top_up.line_id is not None, "only what was paid in can be taken back"
    available = locked_available(session, line_id=top_up.line_id)
    amount = to_take_back(refunded=refunded, taken=top_up.taken_back, available=available)
    if amount > ZERO:
        take_out(
            session,
            line_id=top_up.line_id,
            key=f"top-up/{top_up.id}/back/{(top_up.taken_back + amount).pence}",
            amount=amount,
            why=TakeOut.CARD_REFUND,
            by_user_id=None,
            at=at,
        )
        top_up.taken_back += amount
    short = refunded - top_up.taken_back
    if short > ZERO:
        top_up.trouble = (
            f"{refunded} was given back to the card. {short} of it was spent or set aside "
            "before, so it was not taken out of the wallet. Decide what to do about it."
        )
    return EventOutcome.TAKEN_BACK


def _by_us(session: Session, top_up: TopUp) -> Money:
    mine = session.scalars(select(CardRefund).where(CardRefund.top_up_id == top_up.id)).all()
    return total(each.amount for each in mine if each.state.is_counted)
