"""What a store did lately, as far as it helps to work out what an hour costs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import Unit
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import NoteKind
from marketplace.orders.rules.overlaps import Booked

WEEKS = 12
_DELIVERED = (NoteKind.FULL, NoteKind.PART)


@dataclass(frozen=True, slots=True)
class Worked:
    """Visits and hours of the last weeks, and visits that were paid and did not happen."""

    weeks: int
    visits: int
    minutes: int
    lost: int
    """Called off or missed: time that was kept free."""

    @property
    def visits_a_week(self) -> int:
        """Visits of a week, on average."""
        return round(self.visits / self.weeks)

    @property
    def hours_a_week(self) -> int:
        """Hours of a week, on average."""
        return round(self.minutes / self.weeks / 60)

    @property
    def lost_of_hundred(self) -> int:
        """Of a hundred visits that were planned, how many did not happen."""
        planned = self.visits + self.lost
        return round(100 * self.lost / planned) if planned else 0


def worked(session: Session, *, provider_id: UUID, at: datetime) -> Worked:
    """Return what a store did in the last weeks."""
    rows = session.execute(
        select(
            Visit.note_kind,
            Visit.planned_at,
            OrderLine.unit,
            OrderLine.quantity,
            func.count().label("times"),
        )
        .join(Order, Order.id == Visit.order_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .where(
            Order.provider_id == provider_id,
            Visit.note_kind.is_not(None),
            Visit.noted_at >= at - timedelta(weeks=WEEKS),
            Visit.noted_at <= at,
        )
        .group_by(Visit.note_kind, Visit.planned_at, OrderLine.unit, OrderLine.quantity)
    )
    visits = minutes = lost = 0
    for kind, planned_at, unit, quantity, times in rows:
        if kind not in _DELIVERED:
            lost += times
            continue
        booked = Booked(title="", at=planned_at or at, unit=Unit(unit), quantity=quantity)
        visits += times
        minutes += times * ((booked.ends_at - booked.at) // timedelta(minutes=1))
    return Worked(WEEKS, visits, minutes, lost)
