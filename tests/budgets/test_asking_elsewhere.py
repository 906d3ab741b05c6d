"""Asking to go past a limit once, begun elsewhere than in the basket."""

from datetime import timedelta

import pytest

from marketplace.access.rules import Actor, Scope
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders.rules import OrderState
from tests.browser import Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

TODAY = clock.local_day(clock.now())


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 who may spend £20.00 in a week."""
    limits = [make.limit(Money(20_00), window=LimitWindow.WEEK)]
    return make.funded_person(name="Maya Singh", limits=limits, starts_on=TODAY, at=clock.now())


@pytest.fixture
def seller(make: Make) -> Actor:
    """Return a provider of company for £15.00 an hour."""
    return make.provider(name="Kettle Kitchen")


def is_about_this(page: Page) -> None:
    """Assert that a page asks about £30.00 of gardening from this store."""
    assert page.heading == "Ask to allow something once"
    assert "Kettle Kitchen" in page.text
    assert "Gardening" in page.html
    assert 'value="30.00"' in page.html


def test_begins_where_an_order_could_not_be_placed(
    make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
) -> None:
    at = clock.now()
    offer_id = make.offer(provider=seller, price=Money(15_00), title="Gardening")
    make.in_basket(funded.person, offer_id, first_at=at + timedelta(days=1), at=at)
    browser = sign_in(funded.person)

    page = browser.follow(browser.submit(browser.get("orders.basket"), "Place"))

    assert "Kettle Kitchen: not placed" in page.text
    is_about_this(browser.click(page, "to allow this once"))


def test_begins_where_a_yes_could_set_no_money_aside(
    make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
) -> None:
    at = clock.now()
    ali = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
    deal = make.placed(
        funded=funded, by=ali, provider=seller, first_at=at + timedelta(days=1), at=at
    )
    browser, council = sign_in(funded.person), sign_in(funded.practitioner)

    said = browser.submit(browser.get("orders.show", order_id=deal.order_id), "Say yes")
    form = browser.follow(said)
    assert "The yes is kept. You can ask for it to be allowed once." in form.text
    is_about_this(form)
    asked = browser.follow(browser.submit(form, "Ask Priya Nair", words="It is my birthday."))
    answer = council.get("budgets.answer_request", request_id=asked.url.split("/")[2])
    council.submit(answer, "Send the answer", answer="yes", reason="Happy birthday.")
    browser.submit(browser.get("orders.show", order_id=deal.order_id), "Say yes")

    assert make.order(deal, at=clock.now()).state is OrderState.PLACED
