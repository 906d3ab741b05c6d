"""What of an order's money is for which category and outcome: limits are narrowed to these."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.budgets.rules import Part
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.locked import lines_of
from marketplace.orders.models import Order, Visit


def parts_of(
    session: Session, order: Order, visits: Iterable[Visit], amount: Callable[[Visit], Money]
) -> tuple[Part, ...]:
    """Return what some visits cost, by category and outcome, in the order of the order's lines."""
    lines = lines_of(session, order)
    sums: dict[tuple[str, UUID | None], Money] = {}
    for visit in visits:
        line = lines[visit.line_id]
        about = (line.category, line.outcome_id)
        sums[about] = sums.get(about, ZERO) + amount(visit)
    return tuple(Part(*about, money) for about, money in sums.items() if money)
