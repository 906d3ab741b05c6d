"""Until when a price counts that a store said to the one who chose its answer."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from marketplace.asking.models import Answer, Ask
from marketplace.asking.rules import PRICE_DAYS, AnswerState
from marketplace.catalogue.queries.personal_prices import promised
from marketplace.kernel.clock import local_day


def price_ends_on(session: Session, ask: Ask, answer: Answer | None, *, on: date) -> date | None:
    """Return the last day of a chosen answer's price; None if it does not count, or not any more.

    What the same two agreed later, about the same offer, counts instead.
    """
    if answer is None or answer.state is not AnswerState.CHOSEN or answer.offer_id is None:
        return None
    found = promised(session, offer_ids=[answer.offer_id], person_id=ask.person_id, on=on)
    promise = found.get(answer.offer_id)
    return promise.last_on if promise is not None and promise.most == answer.price else None


def price_over_on(answer: Answer | None, *, on: date) -> date | None:
    """Return the last day of a chosen answer's price that counts no more; None if there is none."""
    if answer is None or answer.price is None or answer.decided_at is None:
        return None
    last_on = answer.price_until or local_day(answer.decided_at) + timedelta(days=PRICE_DAYS)
    return last_on if last_on < on else None
