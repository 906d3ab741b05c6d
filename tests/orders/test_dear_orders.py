"""Orders that wait because they are dear, and yeses that are said at the same time."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access.commands import ChooseCircleRule
from marketplace.access.rules import Actor, Scope
from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules import (
    OrderState,
)
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW, Deal
from tests.orders.circles import Circle, held
from tests.orders.test_races import together

NOW = PAID_IN


class TestDearOrders:
    def placed(self, make: Make, asks_from: Money | None, price: Money) -> OrderState:
        funded = make.funded_person()
        payer = make.supporter(person=funded.person, scopes=[Scope.PAY])
        with make.block() as session:
            access.choose_circle_rule(
                session,
                ChooseCircleRule(yeses=1, asks_from=asks_from),
                by=funded.person,
                at=NOW,
            )
        deal = make.placed(funded=funded, by=payer, price=price, quantity=1)
        return make.order(deal).state

    @pytest.mark.parametrize(
        ("asks_from", "price", "state"),
        [
            (None, Money(90_00), OrderState.PLACED),
            (Money(50_00), Money(49_99), OrderState.PLACED),
            (Money(50_00), Money(50_00), OrderState.PROPOSED),
            (ZERO, Money(1_00), OrderState.PROPOSED),
        ],
    )
    def test_wait_for_a_yes_from_the_amount_that_was_chosen(
        self,
        session: Session,
        make: Make,
        asks_from: Money | None,
        price: Money,
        state: OrderState,
    ) -> None:
        assert self.placed(make, asks_from, price) is state

    def test_of_the_person_never_wait(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        circle.choose(1, ZERO)

        deal = make.placed(funded=circle.funded)

        assert make.order(deal).state is OrderState.PLACED

    def test_say_in_the_basket_why_they_wait(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        payer = make.supporter(person=funded.person, scopes=[Scope.PAY])
        access.choose_circle_rule(
            session, ChooseCircleRule(yeses=1, asks_from=Money(20_00)), by=funded.person, at=NOW
        )
        make.in_basket(payer, make.offer(provider=make.provider(), price=Money(15_00)))

        group = queries.basket(session, by=payer, at=NOW).groups[0]

        assert group.only_suggested
        assert "from £20.00 on waits for a yes" in group.waits


def agreed(deal: Deal, by: Actor) -> bool | None:
    try:
        with transaction() as session:
            answer = commands.approve_order(session, order_id=deal.order_id, by=by, at=NOW)
    except WrongStateError:
        return None
    return answer.placed


def test_two_last_yeses_at_once_place_one_order_with_one_hold(app: Flask, make: Make) -> None:
    circle = Circle(make, yeses=2)
    deal = circle.suggested()
    deeds: list[Callable[[], object]] = [
        partial(agreed, deal, by) for by in (circle.person, circle.mo, circle.bea) for _ in range(2)
    ]

    answers = together(deeds)

    with reading() as session:
        order = queries.order_for(
            session, order_id=deal.order_id, seen_by=circle.person, at=TOMORROW
        )
        assert held(session, circle.funded) == Money(30_00)
        assert queries.problems(session) == []
    assert order.state is OrderState.PLACED
    assert True in answers
    assert len({one.user_id for one in order.approvals}) == len(order.approvals) == 2


def test_yeses_and_the_end_of_a_supporter_at_once_never_place_with_one_yes(
    app: Flask, make: Make
) -> None:
    circle = Circle(make, yeses=2)
    deal = circle.suggested()
    agreed(deal, circle.mo)

    together([partial(circle.end, circle.mo), partial(agreed, deal, circle.bea)])

    with reading() as session:
        order = queries.order_for(
            session, order_id=deal.order_id, seen_by=circle.person, at=TOMORROW
        )
        placed = order.state is OrderState.PLACED
        assert held(session, circle.funded) == (Money(30_00) if placed else ZERO)
    assert placed == (order.approved_by_name == "Mo Reed and Bea Lane")


def test_placing_twice_a_dear_order_is_one_suggestion(app: Flask, make: Make) -> None:
    circle = Circle(make)
    circle.choose(1, ZERO)
    payer = make.supporter(person=circle.person, scopes=[Scope.PAY])
    provider = make.provider()
    make.in_basket(payer, make.offer(provider=provider))
    wish = PlaceOrder(order_id=UUID(int=77), provider_id=provider.works_for)

    def place() -> UUID:
        with transaction() as session:
            return commands.place_order(session, wish, by=payer, at=NOW)

    assert set(together([place] * 4)) == {wish.order_id}
    with reading() as session:
        assert held(session, circle.funded) == ZERO
