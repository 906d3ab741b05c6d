"""Deliveries that nobody has answered yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.councils.queries import councils
from marketplace.orders.models import Order, Visit
from marketplace.orders.rules import Silence, VisitState, next_step

BATCH = 500
"""How many orders are confirmed in one transaction: others wait to write for that long."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The orders for whose noted visits something is due now, oldest note first."""

    to_tell: Sequence[UUID]
    to_confirm: Sequence[UUID]

    def batches(self) -> Iterator[Sequence[UUID]]:
        """Return the orders to be confirmed, so many at a time."""
        for start in range(0, len(self.to_confirm), BATCH):
            yield self.to_confirm[start : start + BATCH]

    def progress(self, batches: int) -> str:
        """Say how far the confirming is after so many batches."""
        done = min(batches * BATCH, len(self.to_confirm))
        return f"Confirmed and invoiced: {done:,} of {len(self.to_confirm):,} orders."


def unanswered_orders(session: Session, *, at: datetime) -> Unanswered:
    """Return the orders of which somebody is to be told, and those that confirm themselves."""
    days = {card.id: card.auto_confirm_days for card in councils(session)}
    rows = (
        select(
            Order.id, Order.council_id, Visit.noted_at, Visit.told_first_at, Visit.told_second_at
        )
        .join(Visit, Visit.order_id == Order.id)
        .where(Visit.state == VisitState.NOTED, Visit.noted_at < at)
        .order_by(Visit.noted_at, Order.id)
    )
    # Kept in the order in which they come, each once.
    to_tell: dict[UUID, None] = {}
    to_confirm: dict[UUID, None] = {}
    session.flush()  # the statement that follows is not the session's own
    # Row by row: there may be a hundred thousand, and a session would keep them all.
    found = session.connection().execute(rows)
    for order_id, council_id, noted_at, told_first_at, told_second_at in found:
        assert noted_at is not None, "a noted visit says when"
        step = next_step(
            noted_at=noted_at,
            told_first_at=told_first_at,
            told_second_at=told_second_at,
            days=days[council_id],
            at=at,
        )
        if step is Silence.CONFIRM:
            to_confirm[order_id] = None
        elif step is not Silence.WAIT:
            to_tell[order_id] = None
    return Unanswered(list(to_tell), list(to_confirm))
