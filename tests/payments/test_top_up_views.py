"""What people and their family see and do when they pay money in."""

import json

import pytest

from marketplace.access.rules import Actor, Scope
from marketplace.budgets.rules import Funder
from marketplace.database import reading
from marketplace.kernel.money import Money
from marketplace.payments import queries
from marketplace.payments.rules import TopUpState
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.pages import begin, has, reference_of, tell
from tests.stripe_double import StripeDouble

CARD_PAGE = "https://checkout.stripe.com/c/pay/cs_test_"


class TestTopUp:
    def test_leads_to_the_card_page_and_says_when_the_money_came(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        top_up_id = begin(person)
        page = person.follow()
        assert page.link("Go to the card page").startswith(CARD_PAGE)
        assert "Not paid yet" in page.text

        status = tell(browser, stripe.paid(top_up_id))

        page = person.click(page, "Look again")
        assert status == 200
        assert "can be spent" in page.text
        assert has(funded) == Money(25_00)

    def test_sends_no_name_and_no_card_to_anybody(
        self, person: Browser, stripe: StripeDouble
    ) -> None:
        top_up_id = begin(person)

        (asked,) = stripe.requests
        assert asked["line_items"]["0"]["price_data"]["unit_amount"] == "2500"
        assert asked["client_reference_id"] == str(top_up_id)
        assert "Ada" not in json.dumps(asked)
        assert "card" not in {
            field["name"] for field in person.get("payments.top_up").soup("input")
        }

    def test_sent_twice_opens_one_card_page(self, person: Browser, stripe: StripeDouble) -> None:
        page = person.get("payments.top_up")
        for _ in range(2):
            person.submit(page, "Go on to the card page", amount="25")

        assert len(stripe.sessions) == 1

    @pytest.mark.parametrize("amount", ["", "0", "0.29", "-5", "1.5", "lots", "10000.01"])
    def test_refuses_what_no_card_can_pay(
        self, person: Browser, stripe: StripeDouble, amount: str
    ) -> None:
        page = person.submit(person.get("payments.top_up"), "Go on to the card page", amount=amount)

        assert page.errors
        assert stripe.requests == []

    def test_says_so_when_stripe_is_down(self, person: Browser, stripe: StripeDouble) -> None:
        stripe.is_down = True

        page = person.submit(person.get("payments.top_up"), "Go on to the card page", amount="25")

        assert page.errors[0].startswith("We cannot open the card payment page now.")
        stripe.is_down = False
        person.submit(page, "Go on to the card page")
        assert person.follow().link("Go to the card page")

    def test_says_how_to_transfer_where_no_cards_are_taken(
        self, person: Browser, officer: Actor, funded: Funded
    ) -> None:
        page = person.get("payments.top_up")

        assert "Money is paid in by bank transfer. Cards cannot be used here." in page.text
        assert "01-02-03" in page.text
        assert reference_of(funded) in page.text.replace("-", "")
        assert person.get("payments.top_up").text == page.text
        assert person.post("payments.top_up", {"amount": "25"}).status == 200

    def test_says_so_when_the_council_has_no_account(self, person: Browser) -> None:
        page = person.get("payments.top_up")

        assert "The council has not said yet into which account." in page.text

    def test_asks_in_which_market_if_there_are_several(
        self, make: Make, sign_in: SignInAs, funded: Funded, stripe: StripeDouble
    ) -> None:
        other = make.funded_person().council_id
        make.line(person=funded.person, practitioner=make.practitioner(council_id=other))
        browser = sign_in(funded.person)
        page = browser.get("payments.top_up")

        refused = browser.submit(page, "Go on to the card page", amount="25")
        assert refused.errors == ["Choose a council."]
        browser.submit(page, "Go on to the card page", amount="25", council_id=str(other))

        assert "Not paid yet" in browser.follow().text

    def test_is_for_supporters_who_may_pay(
        self, make: Make, sign_in: SignInAs, funded: Funded, stripe: StripeDouble
    ) -> None:
        pays = sign_in(make.supporter(person=funded.person, scopes=[Scope.PAY]))
        sees = sign_in(make.supporter(person=funded.person, scopes=[Scope.SEE]))

        begin(pays)

        assert "into the wallet" in pays.follow().text
        assert sees.get("payments.top_up").status == 403

    def test_is_not_shown_to_a_stranger(
        self, make: Make, sign_in: SignInAs, person: Browser, stripe: StripeDouble
    ) -> None:
        top_up_id = begin(person)

        page = sign_in(make.person()).get("payments.top_up_shown", top_up_id=top_up_id)

        assert page.status == 404

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("async_payment_failed", "The bank of the card said no."),
            ("expired", "The card page was not used in time."),
        ],
    )
    def test_says_when_no_money_comes(
        self, person: Browser, browser: Browser, stripe: StripeDouble, kind: str, words: str
    ) -> None:
        top_up_id = begin(person)

        tell(browser, stripe.told(kind, top_up_id))

        assert words in person.get("payments.top_up_shown", top_up_id=top_up_id).text


class TestFamily:
    def link(self, person: Browser) -> str:
        """Make a link that shows the name Ada; return its path."""
        person.submit(person.get("payments.family"), "Make the link", shown_name="Ada")
        page = person.follow()
        return page.link("/give/").removeprefix("http://127.0.0.1:5000")

    def test_lets_family_give_without_an_account(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        page = browser.get(self.link(person))
        browser.submit(page, "Go on to the card page", amount="25", giver="Mum")
        page = browser.follow()
        assert page.link("Go to the card page").startswith(CARD_PAGE)

        tell(browser, stripe.paid(page.url.rpartition("/")[2]))

        assert "Your gift came." in browser.click(page, "Look again").text
        assert has(funded, Funder.FAMILY_TOP_UP) == Money(25_00)
        assert has(funded, Funder.ADULT_SOCIAL_CARE) == Money(100_00)

    def test_shows_the_chosen_name_alone(
        self, person: Browser, browser: Browser, officer: Actor, stripe: StripeDouble
    ) -> None:
        page = browser.get(self.link(person))

        assert page.heading == "Give money to Ada"
        assert "Bell" not in page.html
        assert "100.00" not in page.html
        assert "It never makes the money from their council less." in page.text

    def test_says_how_to_transfer_with_a_reference_of_its_own(
        self, person: Browser, browser: Browser, officer: Actor, funded: Funded
    ) -> None:
        page = browser.get(self.link(person))

        assert "Cards cannot be used here." in page.text
        assert reference_of(funded, by_family=True) in page.text.replace("-", "")
        assert reference_of(funded, by_family=False) not in page.text.replace("-", "")

    def test_ends(self, person: Browser, browser: Browser, stripe: StripeDouble) -> None:
        path = self.link(person)
        person.submit(person.get("payments.family"), "End this link")

        page = browser.get(path)

        assert page.status == 409
        assert "This link does not work any more." in page.text

    def test_refuses_an_empty_name(self, person: Browser) -> None:
        page = person.submit(person.get("payments.family"), "Make the link", shown_name=" ")

        assert page.errors == ["Enter a name."]

    def test_is_ended_by_its_own_person_alone(
        self, make: Make, sign_in: SignInAs, person: Browser, funded: Funded
    ) -> None:
        self.link(person)
        with reading() as session:
            (link,) = queries.family_links_of(session, person_id=funded.id)
        stranger = sign_in(make.person())
        stranger.get("payments.family")

        assert stranger.post("payments.end_family", link_id=link.id).status == 404

    @pytest.mark.usefixtures("one_window")
    def test_stops_somebody_who_tries_out_cards(
        self, person: Browser, browser: Browser, stripe: StripeDouble
    ) -> None:
        page = browser.get(self.link(person))
        for number in range(20):
            browser.post(page.url, {"amount": "1", "giver": str(number)})

        refused = browser.submit(page, "Go on to the card page", amount="1")

        assert refused.errors == ["That was tried too often. Wait 15 minutes, then try again."]


def test_states_of_a_payment_are_in_words() -> None:
    assert [state.label for state in TopUpState] == [
        "Not paid yet",
        "Paid",
        "The bank said no",
        "Not paid in time",
    ]
