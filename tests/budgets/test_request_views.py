"""The pages on which somebody asks to go past a limit once, and is answered."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from marketplace.access.rules import Actor, Scope
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

TODAY = clock.local_day(clock.now())
UNTIL = TODAY + timedelta(days=14)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 who may spend £20.00 in a week."""
    limits = [make.limit(Money(20_00), window=LimitWindow.WEEK)]
    return make.funded_person(name="Maya Singh", limits=limits, starts_on=TODAY, at=clock.now())


@pytest.fixture
def seller(make: Make) -> Actor:
    """Return a provider of company for £15.00 an hour."""
    return make.provider(name="Kettle Kitchen")


def fill_basket(make: Make, funded: Funded, seller: Actor) -> None:
    """Put two hours of company in the basket, for tomorrow: £30.00."""
    at = clock.now()
    offer_id = make.offer(provider=seller, price=Money(15_00), title="Supper club")
    make.in_basket(funded.person, offer_id, first_at=at + timedelta(days=1), at=at)


def ask(browser: Browser, make: Make, funded: Funded, seller: Actor) -> Page:
    """Ask to be allowed the basket once."""
    fill_basket(make, funded, seller)
    form = browser.click(browser.get("orders.basket"), "Ask Priya Nair (Ashdale Council) to allow")
    return browser.follow(browser.submit(form, "Ask Priya Nair", words="It is my birthday."))


def request_id_of(page: Page) -> UUID:
    """Return which request a page is about."""
    return UUID(page.url.split("/")[2])


class TestAsking:
    def test_begins_in_the_basket_and_shows_that_it_waits(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        browser = sign_in(funded.person)

        page = ask(browser, make, funded, seller)

        assert page.heading == "Asked: Supper club"
        assert "It waits for an answer from Priya Nair" in page.text
        assert "£30.00" in page.text
        basket = browser.get("orders.basket")
        assert "You asked Priya Nair" in basket.text
        assert "to allow this once" not in basket.text
        assert "waits for Priya Nair" in browser.get("budgets.wallet").text

    def test_keeps_what_was_typed_beside_what_is_wrong(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        fill_basket(make, funded, seller)
        browser = sign_in(funded.person)
        form = browser.click(browser.get("orders.basket"), "to allow this once")

        page = browser.submit(form, "Ask Priya Nair", what="Supper with Sam", amount="x", words="")

        assert page.errors == [
            "Enter an amount in pounds, using the digits 0 to 9, like 12.50.",
            "Say why you need it.",
        ]
        assert "Supper with Sam" in page.html

    def test_twice_says_that_it_waits(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        fill_basket(make, funded, seller)
        browser = sign_in(funded.person)
        forms = [
            browser.click(browser.get("orders.basket"), "to allow this once") for _ in range(2)
        ]
        browser.submit(forms[0], "Ask Priya Nair", words="It is my birthday.")

        page = browser.submit(forms[1], "Ask Priya Nair", words="It is my birthday.")

        assert "they have not answered yet" in page.errors[0]

    def test_is_taken_back(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        browser = sign_in(funded.person)
        page = ask(browser, make, funded, seller)

        page = browser.follow(browser.submit(page, "Take it back"))

        assert "It was taken back." in page.text
        assert "to allow this once" in browser.get("orders.basket").text

    @pytest.mark.parametrize("pence", ["", "-1", "1.5", "x", "9" * 30])
    def test_takes_no_amount_that_is_none(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor, pence: str
    ) -> None:
        (limit,) = make.lines(funded, at=clock.now())[0].limits

        page = sign_in(funded.person).get(
            "budgets.ask_once", limit_id=limit.id, provider=seller.works_for, pence=pence
        )

        assert page.status == 200

    def test_is_not_found_for_strangers_or_nobodys_store(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        (limit,) = make.lines(funded, at=clock.now())[0].limits
        stranger, person = sign_in(make.person()), sign_in(funded.person)

        for browser, limit_id, provider in (
            (stranger, limit.id, seller.works_for),
            (person, uuid4(), seller.works_for),
            (person, limit.id, uuid4()),
            (person, limit.id, "nobody"),
        ):
            page = browser.get("budgets.ask_once", limit_id=limit_id, provider=provider)
            assert page.status == 404


class TestAnswering:
    def test_a_yes_lets_the_order_through_once(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        person, council = sign_in(funded.person), sign_in(funded.practitioner)
        asked = request_id_of(ask(person, make, funded, seller))

        work = council.get("budgets.requests")
        assert "It is my birthday." in work.text
        form = council.click(work, "Answer Maya Singh")
        done = council.follow(
            council.submit(form, "Send the answer", answer="yes", reason="Enjoy it.")
        )
        assert "Nothing waits for you" in done.text
        assert "Supper club for Maya Singh, £30.00: yes" in done.text

        allowed = f"Allowed once until {UNTIL:%A} {UNTIL.day} {UNTIL:%B}"
        for endpoint in ("budgets.wallet", "orders.basket"):
            assert allowed in person.get(endpoint).text
        placed = person.follow(person.submit(person.get("orders.basket"), "Place the order"))
        order = person.click(placed, "Look at order")
        assert "After this order: £0.00 left of £20.00 for one week." in order.text
        page = person.get("budgets.request_page", request_id=asked)
        assert "It was used" in page.text

    def test_a_no_is_told_with_its_reason(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        person, council = sign_in(funded.person), sign_in(funded.practitioner)
        asked = request_id_of(ask(person, make, funded, seller))
        form = council.get("budgets.answer_request", request_id=asked)

        refused = council.submit(form, "Send the answer", answer="no", reason="")
        assert refused.errors == ["Say why, so that they understand."]
        council.submit(refused, "Send the answer", reason="Not this week.")

        assert "Not this week." in person.get("budgets.wallet").text
        assert "Priya Nair said no" in person.get("budgets.request_page", request_id=asked).text

    def test_too_late_is_told_kindly(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        colleague = make.practitioner(council_id=funded.council_id, name="Omar Quill")
        asked = request_id_of(ask(sign_in(funded.person), make, funded, seller))
        first, second = sign_in(funded.practitioner), sign_in(colleague)
        forms = [
            browser.get("budgets.answer_request", request_id=asked) for browser in (first, second)
        ]

        first.submit(forms[0], "Send the answer", answer="yes", reason="Enjoy it.")
        page = second.follow(
            second.submit(forms[1], "Send the answer", answer="no", reason="Too dear.")
        )

        assert "Priya Nair has said yes to this already. Thank you." in page.text

    @pytest.mark.parametrize("days", ["0", "15", "1.5", "x", "-1", ""])
    def test_is_good_for_some_days(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor, days: str
    ) -> None:
        asked = request_id_of(ask(sign_in(funded.person), make, funded, seller))
        council = sign_in(funded.practitioner)
        form = council.get("budgets.answer_request", request_id=asked)

        page = council.submit(form, "Send the answer", answer="yes", days=days, reason="Yes.")

        assert page.errors == ["Enter a number of days from 1 to 14."]

    def test_is_not_found_for_strangers(
        self, make: Make, sign_in: SignInAs, funded: Funded, seller: Actor
    ) -> None:
        asked = request_id_of(ask(sign_in(funded.person), make, funded, seller))
        plans = make.supporter(person=funded.person, scopes=[Scope.PLAN])

        for actor in (make.person(), make.practitioner(), plans):
            browser = sign_in(actor)
            for endpoint in ("budgets.request_page", "budgets.answer_request"):
                assert browser.get(endpoint, request_id=asked).status == 404
        assert sign_in(plans).get("budgets.requests").status == 404
        mine = sign_in(funded.person).get("budgets.answer_request", request_id=asked)
        assert mine.status == 404
