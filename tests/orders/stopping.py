"""A standing order with a store that stops, and a store with room that could take it on."""

from datetime import timedelta
from uuid import UUID

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import SayStop
from tests.factories import Make
from tests.factories.money import PAID_IN

TODAY = local_day(PAID_IN)
LAST_ON = TODAY + timedelta(days=9)
"""Friday 13 March 2026."""
OVER = PAID_IN + timedelta(days=10)
"""The day after."""


def other_store(
    make: Make, council_id: UUID, *, price: Money = Money(12_00), name: str = "Blue Door"
) -> tuple[Actor, UUID]:
    """Make a store with room that the council's portal shows."""
    other = make.provider(name=name)
    make.standing(provider=other, council_id=council_id)
    return other, make.offer(provider=other, price=price, title="Tea and talk")


def say(make: Make, by: Actor, *, store: Actor | None = None, days: int = 9) -> UUID:
    """Let somebody say that a store stops: itself, unless it is named."""
    wish = SayStop(
        provider_id=(store or by).works_for,
        last_on=TODAY + timedelta(days=days),
        reason="I retire.",
    )
    with make.block() as session:
        return commands.say_stop(session, wish, by=by, at=PAID_IN)
