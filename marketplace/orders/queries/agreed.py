"""What was agreed about a visit, as the rules of delivering want to know it."""

from marketplace.catalogue.rules import Unit
from marketplace.orders.models import OrderLine, Visit
from marketplace.orders.rules import Agreed


def agreed_of(visit: Visit, line: OrderLine) -> Agreed:
    """Return what was agreed about a visit when it was ordered."""
    return Agreed(
        unit=Unit(line.unit),
        quantity=line.quantity,
        amount=visit.amount,
        planned_at=visit.planned_at,
        notice_hours=line.notice_hours,
        late_percent=line.late_cancel_percent,
    )
