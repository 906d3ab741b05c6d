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
    return summed(
        (lines[visit.line_id].category, lines[visit.line_id].outcome_id, amount(visit))
        for visit in visits
    )


def summed(amounts: Iterable[tuple[str, UUID | None, Money]]) -> tuple[Part, ...]:
    """Return amounts added up by their category and outcome, in the order in which they come."""
    sums: dict[tuple[str, UUID | None], Money] = {}
    for category, outcome_id, money in amounts:
        about = (category, outcome_id)
        sums[about] = sums.get(about, ZERO) + money
    return tuple(Part(*about, money) for about, money in sums.items() if money)
