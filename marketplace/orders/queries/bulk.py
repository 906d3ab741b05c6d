"""This week's visits as a table to fill in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import LONDON, local_day, local_instant
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import OrderState, VisitState, line_words
from marketplace.orders.rules.bulk import LINES_MAX
from marketplace.orders.rules.standing import TIMED

_WEEK = timedelta(days=7)


def week_of_provider(
    session: Session, *, provider_id: UUID, at: datetime
) -> Iterator[tuple[object, ...]]:
    """Yield a provider's visits of this week that are not noted, and of before, oldest first.

    Each as the cells of a table, the last three of them empty.
    """
    today = local_day(at)
    ends = local_instant(today - timedelta(days=today.weekday()) + _WEEK, 0, 0)
    rows = (
        select(Visit, OrderLine, Order.person_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(
            Order.provider_id == provider_id,
            Order.state == OrderState.ACCEPTED,
            Visit.state == VisitState.PLANNED,
            Visit.planned_at < ends,
        )
        .order_by(Visit.planned_at, Visit.id)
        .limit(LINES_MAX)
    )
    found = session.execute(rows).all()
    names = names_of(session, user_ids={person_id for *_, person_id in found})
    for visit, line, person_id in found:
        assert visit.planned_at is not None, "only visits of this week and before are asked for"
        local = visit.planned_at.astimezone(LONDON)
        yield (
            str(visit.id),
            local.date().isoformat(),
            f"{local:%H:%M}" if Unit(line.unit) in TIMED else "",
            names.get(person_id, ""),
            line_words(line.title, line.unit, line.quantity, line.choice),
            visit.amount,
            visit.worker,
            *("", "", ""),
        )
