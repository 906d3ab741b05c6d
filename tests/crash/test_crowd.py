"""Many forms at once, over HTTP, to a website of several processes: each order happens once."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.budgets import queries
from marketplace.budgets.queries import LineRow
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.models import Order
from marketplace.orders.queries import basket
from tests.crash.conftest import Market
from tests.crash.promises import faults
from tests.crash.visiting import Answer, Visitor
from tests.factories import Make
from tests.factories.money import Funded

THIRTY = Money(30_00)
TIMES = 8
PROVIDERS = 12


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 since today; no more comes while the test runs."""
    at = clock.now()
    return make.funded_person(to_spend=Money(100_00), starts_on=local_day(at), at=at)


def test_one_form_sent_eight_times_at_once_is_one_order(
    app: Flask, make: Make, market: Market, funded: Funded
) -> None:
    fill_basket(make, funded, providers=1)
    market.open()
    visitors = [market.visitor(funded.person) for _ in range(TIMES)]
    forms = [visitor.get("/basket").fields for visitor in visitors]
    assert len({form["orders-0"] for form in forms}) == 1

    answers = place_at_once(visitors, forms)

    assert {answer.status for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert order_ids() == [UUID(answers[0].location.split("order=")[1])]
    line = line_of(funded)
    assert (line.available, line.held) == (Money(70_00), THIRTY)
    assert faults(app, {}) == []


def test_twelve_orders_of_thirty_at_once_are_three_of_a_hundred(
    app: Flask, make: Make, market: Market, funded: Funded
) -> None:
    fill_basket(make, funded, providers=PROVIDERS)
    market.open()
    visitors = [market.visitor(funded.person) for _ in range(PROVIDERS)]
    forms = [
        {"csrf_token": visitor.get("/basket").fields["csrf_token"], "orders-0": ticket}
        for visitor, ticket in zip(visitors, tickets_of(funded), strict=True)
    ]

    answers = place_at_once(visitors, forms)

    assert sum("order=" in answer.location for answer in answers) == 3
    assert sum("left=" in answer.location for answer in answers) == 9
    assert len(order_ids()) == 3
    line = line_of(funded)
    assert (line.available, line.held) == (Money(10_00), Money(90_00))
    assert faults(app, {}) == []


def fill_basket(make: Make, funded: Funded, *, providers: int) -> None:
    """Put two hours for £30.00 in the basket from each of some providers."""
    for _ in range(providers):
        offer_id = make.offer(provider=make.provider(), price=Money(15_00))
        make.in_basket(funded.person, offer_id, first_at=None, at=clock.now())


def tickets_of(funded: Funded) -> list[str]:
    """Return what a form carries for each order of the basket, affordable or not."""
    with reading() as session:
        view = basket(session, by=funded.person, at=clock.now())
    return [f"{group.order_id}/{group.provider_id}/{group.total.pence}" for group in view.groups]


def place_at_once(visitors: Sequence[Visitor], forms: Sequence[Mapping[str, str]]) -> list[Answer]:
    """Send a form from each visitor, all at the same moment; return the answers."""
    barrier = Barrier(len(visitors))

    def wait_then_send(visitor: Visitor, form: Mapping[str, str]) -> Answer:
        barrier.wait()
        return visitor.post_once("/basket/place", form)

    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(wait_then_send, visitors, forms))


def order_ids() -> list[UUID]:
    """Return the ids of all orders there are."""
    with reading() as session:
        return list(session.scalars(select(Order.id)))


def line_of(funded: Funded) -> LineRow:
    """Return the person's one line."""
    with reading() as session:
        return queries.lines_of(session, person_id=funded.id, at=clock.now())[0]
