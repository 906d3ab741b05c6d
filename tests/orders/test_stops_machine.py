"""Whatever people do when a provider stops: no more is set aside than before and agreed to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.budgets.queries import wallet
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import MoveItem, PlaceOrder
from marketplace.orders.models import Order, StopItem
from marketplace.orders.rules import add_up
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.orders.standing import Going
from tests.orders.stopping import OVER, other_store, say
from tests.pace import in_ci_or_hurry


class World:
    """A person with a standing order and an order at a store that stops, and another store."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session = session
        self.funded: Funded = make.funded_person(to_spend=Money(500_00))
        self.store: Actor = make.provider()
        going = Going(make, funded=self.funded, provider=self.store).accepted()
        going.roll()
        make.accepted(
            make.placed(
                funded=self.funded,
                provider=self.store,
                visits=3,
                late_cancel_percent=100,
            )
        )
        self.other, self.offer_id = other_store(make, self.funded.council_id)
        self.helper = make.supporter(person=self.funded.person, scopes=[Scope.PROPOSE])
        self.old = {order.id for order in self.orders()}
        self.stop_id: UUID = say(make, self.store)
        self.items = [item.id for item in session.query(StopItem).filter_by(stop_id=self.stop_id)]

    def orders(self) -> list[Order]:
        """Return every order of the person."""
        return self.session.query(Order).filter_by(person_id=self.funded.id).all()

    def consented(self) -> Money:
        """Return what new orders cost for which money was set aside."""
        new = [order for order in self.orders() if order.id not in self.old and order.held_at]
        return add_up(order.total for order in new)

    def held(self) -> Money:
        """Return what is set aside."""
        return wallet(self.session, person_id=self.funded.id, at=PAID_IN).held

    def move(self, which: int, by: Actor, at: datetime) -> None:
        """Move one to the other store."""
        item = self.session.get_one(StopItem, self.items[which])
        wish = MoveItem(item_id=item.id, offer_id=self.offer_id)
        if item.standing_id is not None:
            commands.move_standing_order(self.session, wish, by=by, at=at)
        else:
            commands.draft_order_again(self.session, wish, by=by, at=at)

    def place(self, at: datetime) -> None:
        """Place what waits in the basket."""
        basket = queries.basket(self.session, by=self.funded.person, at=at)
        for group in basket.groups:
            wish = PlaceOrder(order_id=group.order_id, provider_id=group.provider_id)
            commands.place_order(self.session, wish, by=self.funded.person, at=at)

    def take_on(self, at: datetime) -> None:
        """Let the other store say yes to all that is new, and the weeks be ordered."""
        for order in self.orders():
            if order.provider_id == self.other.works_for:
                commands.accept_order(self.session, order_id=order.id, by=self.other, at=at)


Deed = Callable[[World, int, datetime], object]
DEEDS: dict[str, Deed] = {
    "move": lambda world, which, at: world.move(which, world.funded.person, at),
    "suggest": lambda world, which, at: world.move(which, world.helper, at),
    "end": lambda world, which, at: commands.end_item(
        world.session, item_id=world.items[which], by=world.funded.person, at=at
    ),
    "nobody": lambda world, which, at: commands.say_nobody(
        world.session, item_id=world.items[which], by=world.funded.person, at=at
    ),
    "place": lambda world, _, at: world.place(at),
    "take on": lambda world, _, at: world.take_on(at),
    "withdraw": lambda world, _, at: commands.withdraw_stop(
        world.session, stop_id=world.stop_id, by=world.store, at=at
    ),
    "look": lambda world, _, at: commands.look_for_more(
        world.session, stop_id=world.stop_id, at=at
    ),
    "stop day": lambda world, _, at: commands.end_stopped(
        world.session, stop_id=world.stop_id, at=max(at, OVER)
    ),
}


@pytest.mark.sqlite_only
@settings(
    max_examples=in_ci_or_hurry(25, 8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 1), st.integers(0, 8)),
        max_size=8,
    )
)
def test_no_more_is_held_than_before_and_agreed_to(
    session: Session, make: Make, moves: list[tuple[str, int, int]]
) -> None:
    world = World(session, make)
    before = world.held()
    assert len(world.items) == 2

    for name, which, days in moves:
        try:
            with session.begin_nested():
                DEEDS[name](world, which, PAID_IN + timedelta(days=days))
        except DomainError:
            pass
        session.flush()
        assert queries.problems(session) == []
        assert world.held() <= before + world.consented()
        found = wallet(session, person_id=world.funded.id, at=PAID_IN)
        assert found.spent == ZERO
        assert found.available + found.held == Money(500_00)
