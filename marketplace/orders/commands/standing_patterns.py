"""When a standing order happens: what was asked for, checked, and kept as a pattern."""

from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.orders.models import StandingPattern
from marketplace.orders.rules.standing import (
    Pattern,
    Reply,
    monday,
)


def pattern_row(pattern: Pattern, *, standing_id: UUID, by: Actor, at: datetime) -> StandingPattern:
    """Return the row that keeps a pattern; nobody has answered it yet."""
    return StandingPattern(
        id=uuid4(),
        standing_id=standing_id,
        number=pattern.number,
        starts_on=pattern.starts_on,
        weekdays=sorted(pattern.weekdays),
        month_day=pattern.month_day,
        minute=pattern.minutes[0] if pattern.minutes else None,
        more_minutes=list(pattern.minutes[1:]),
        every_weeks=pattern.every_weeks,
        counts_from=pattern.counts_from or monday(pattern.starts_on),
        quantity=pattern.quantity,
        quantities=list(pattern.quantities),
        choice=pattern.choice,
        bank_holidays=pattern.bank_holidays,
        said_by_id=by.user_id,
        said_by_name=by.name,
        said_at=at,
        answer=Reply.WAITING,
        reason="",
    )
