"""A standing order with a store that stops, and a store with room that could take it on."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.queries import wallet
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import SayStop
from marketplace.orders.queries import PersonStop
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.orders.standing import Going

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


def money(session: Session, funded: Funded) -> tuple[Money, Money]:
    """Return what somebody has to spend and set aside; the books must fit."""
    assert queries.problems(session) == []
    found = wallet(session, person_id=funded.id, at=PAID_IN)
    return found.available, found.held


def page(session: Session, stop_id: UUID, by: Actor) -> PersonStop:
    """Return the page of a person."""
    return queries.stop_for_person(session, stop_id=stop_id, seen_by=by, at=PAID_IN)


def going(make: Make) -> Going:
    """Let a standing order go on: £30.00 every Tuesday, four weeks set aside."""
    funded = make.funded_person(to_spend=Money(500_00))
    one = Going(make, funded=funded, provider=make.provider(name="Green Hands")).accepted()
    one.roll()
    return one
