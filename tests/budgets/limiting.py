"""Sets limits, and buys things under them."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.budgets import commands
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.rules import LimitWindow, Narrowing, Spend
from marketplace.kernel.money import Money
from tests.factories.money import PAID_IN, Funded

DAY = timedelta(days=1)


def a_limit(**more: object) -> NewLimit:
    """Say what limit to set: £30.00 for one week."""
    values: dict[str, object] = {
        "window": LimitWindow.WEEK,
        "amount": Money(30_00),
        "reason": "It is to last.",
    }
    return NewLimit(**(values | more))  # type: ignore[arg-type]


def about(narrowed: Narrowing, *named: object, **more: object) -> NewLimit:
    """Say what limit to set on some things alone."""
    return a_limit(narrowed=narrowed, narrowed_to=tuple(map(str, named)), **more)


def set_on(session: Session, funded: Funded, wish: NewLimit, **more: object) -> UUID:
    """Set a limit as the practitioner, if nobody else is named."""
    values: dict[str, object] = {"by": funded.practitioner, "at": PAID_IN} | more
    return commands.set_limit(session, line_id=funded.line_id, limit=wish, **values)  # type: ignore[arg-type]


def buy(
    session: Session, funded: Funded, amount: Money, category: str = "company", **more: object
) -> UUID:
    """Set money aside for an order of one category."""
    values: dict[str, object] = {"provider_id": uuid4(), "order_id": uuid4()} | more
    at = values.pop("at", PAID_IN)
    spend = Spend.of(amount, council_id=funded.council_id, category=category, **values)  # type: ignore[arg-type]
    commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)  # type: ignore[arg-type]
    return spend.order_id
