"""One big purchase in several small orders: what a supporter may do alone counts it together."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.database import reading, transaction
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.errors import CeilingError
from marketplace.orders.rules import OrderState
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import Deal
from tests.orders.circles import Circle
from tests.orders.test_races import together

NOW = PAID_IN


class Shop:
    """A circle whose supporter Pat may pay, and a store where everything costs £30.00."""

    def __init__(
        self, make: Make, *, asks_from: Money | None = None, ceiling: Money | None = None
    ) -> None:
        self.make = make
        self.circle = Circle(make, to_spend=Money(400_00))
        self.pat = make.supporter(
            person=self.circle.person, scopes=[Scope.PAY], ceiling=ceiling, name="Pat Dean"
        )
        self.provider = make.provider(name="Amber Lane Help")
        if asks_from is not None:
            self.circle.choose(1, asks_from)

    def buys(
        self,
        *,
        by: Actor | None = None,
        provider: Actor | None = None,
        at: datetime = NOW,
    ) -> Deal:
        return self.make.placed(
            funded=self.circle.funded,
            by=by or self.pat,
            first_at=at + timedelta(days=1),
            provider=provider or self.provider,
            price=Money(30_00),
            quantity=1,
            at=at,
        )

    def state(self, deal: Deal) -> OrderState:
        return self.make.order(deal).state


class TestOrdersThatWaitForAYes:
    def test_wait_when_several_from_one_store_come_to_the_amount(
        self, session: Session, make: Make
    ) -> None:
        shop = Shop(make, asks_from=Money(60_00))

        assert [shop.state(shop.buys()) for _ in range(2)] == [
            OrderState.PLACED,
            OrderState.PROPOSED,
        ]

    def test_do_not_wait_for_another_store_or_another_supporter(
        self, session: Session, make: Make
    ) -> None:
        shop = Shop(make, asks_from=Money(60_00))
        shop.buys()
        other = make.supporter(person=shop.circle.person, scopes=[Scope.PAY])

        assert shop.state(shop.buys(provider=make.provider())) is OrderState.PLACED
        assert shop.state(shop.buys(by=other)) is OrderState.PLACED
        assert shop.state(shop.buys(by=shop.circle.person)) is OrderState.PLACED

    @pytest.mark.parametrize(("days", "state"), [(6, OrderState.PROPOSED), (7, OrderState.PLACED)])
    def test_count_for_seven_days_so_that_a_weekly_order_stands_alone(
        self, session: Session, make: Make, days: int, state: OrderState
    ) -> None:
        shop = Shop(make, asks_from=Money(60_00))
        shop.buys()

        assert shop.state(shop.buys(at=NOW + timedelta(days=days))) is state

    def test_do_not_count_what_was_called_off_or_somebody_said_yes_to(
        self, session: Session, make: Make
    ) -> None:
        shop = Shop(make, asks_from=Money(60_00))
        gone = shop.buys()
        commands.cancel_order(
            session, order_id=gone.order_id, reason="Not now.", by=shop.pat, at=NOW
        )
        suggested = make.placed(
            funded=shop.circle.funded,
            by=shop.pat,
            provider=shop.provider,
            price=Money(90_00),
            quantity=1,
        )
        assert shop.circle.yes(suggested, shop.circle.mo).placed

        assert shop.state(shop.buys()) is OrderState.PLACED

    def test_say_so_in_the_basket(self, session: Session, make: Make) -> None:
        shop = Shop(make, asks_from=Money(60_00))
        shop.buys()
        make.in_basket(shop.pat, make.offer(provider=shop.provider, price=Money(31_00)), quantity=1)

        waits = queries.basket(session, by=shop.pat, at=NOW).groups[0].waits

        assert waits == (
            "In this circle an order from £60.00 on waits for a yes, whoever places it. With the "
            "£30.00 you ordered from this store in the last 7 days, this comes to £61.00. Orders "
            "from one store within 7 days count together."
        )


class TestCeiling:
    def test_holds_for_several_orders_from_one_store(self, session: Session, make: Make) -> None:
        shop = Shop(make, ceiling=Money(50_00))
        shop.buys()

        with pytest.raises(CeilingError) as refusal:
            shop.buys()

        assert str(refusal.value) == (
            "This costs £30.00. With the £30.00 you ordered from this store in the last 7 days it "
            "is £60.00. Ann Hill lets you spend up to £50.00, and orders from one store within "
            "7 days count together. You can suggest it to Ann Hill instead."
        )
        group = queries.basket(session, by=shop.pat, at=NOW).groups[0]
        assert group.only_suggested
        assert group.above_ceiling == str(refusal.value)
        assert shop.state(shop.buys(provider=make.provider())) is OrderState.PLACED

    def test_counts_what_they_said_yes_to_as_well(self, session: Session, make: Make) -> None:
        circle = Circle(make, to_spend=Money(400_00))
        circle.change(circle.mo, {Scope.APPROVE}, Money(50_00))
        provider = make.provider()
        first, second = (circle.suggested(provider=provider) for _ in range(2))

        assert circle.yes(first, circle.mo).placed
        with pytest.raises(CeilingError, match=r"it is £60\.00.*Somebody else must say yes"):
            circle.yes(second, circle.mo)
        assert circle.yes(second, circle.bea).placed


@pytest.mark.parametrize(("asks_from", "ceiling"), [(Money(60_00), None), (None, Money(50_00))])
def test_two_orders_at_once_do_not_slip_through(
    app: Flask, make: Make, asks_from: Money | None, ceiling: Money | None
) -> None:
    shop = Shop(make, asks_from=asks_from, ceiling=ceiling)
    offers = [make.offer(provider=shop.provider, price=Money(30_00)) for _ in range(6)]

    def buy(offer: UUID) -> UUID | None:
        # Each puts one thing in and orders at once what waits: as many orders as can be.
        make.in_basket(shop.pat, offer)
        wish = PlaceOrder(order_id=uuid4(), provider_id=shop.provider.works_for)
        try:
            with transaction() as session:
                return commands.place_order(session, wish, by=shop.pat, at=NOW)
        except (CeilingError, NotFoundError):  # what they put in went with another order
            return None

    deeds: list[Callable[[], object]] = [partial(buy, offer) for offer in offers]
    together(deeds)

    with reading() as session:
        rows = queries.orders_of_person(session, by=shop.circle.person).rows
        alone = [row.total.pence for row in rows if row.state is OrderState.PLACED]
        assert queries.problems(session) == []
    assert sum(alone) <= 50_00
