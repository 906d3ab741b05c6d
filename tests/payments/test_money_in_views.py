"""What people, their family and finance officers see and do with money that comes in."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from marketplace.access.rules import Actor, Scope
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Funder
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.commands import SetBankAccount
from marketplace.payments.rules import TopUpState, read_event
from marketplace.payments.tasks import post_bank_lines
from tests import stripe_double
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import ACCOUNT, Paid, as_csv
from tests.stripe_double import StripeDouble, event, signed

CARD_PAGE = "https://checkout.stripe.com/c/pay/cs_test_"


@pytest.fixture
def funded(make: Make) -> Funded:
    return make.funded_person(name="Ada Bell")


@pytest.fixture
def person(funded: Funded, sign_in: SignInAs) -> Browser:
    return sign_in(funded.person)


@pytest.fixture
def stripe(app: Flask) -> Iterator[StripeDouble]:
    """Let the market take cards, on a stand-in for Stripe."""
    before = app.config["SETTINGS"]
    with stripe_double.running() as (double, address):
        app.config["SETTINGS"] = replace(
            before,
            stripe_key=stripe_double.KEY,
            stripe_webhook_secret=stripe_double.SECRET,
            stripe_base=address,
        )
        yield double
    app.config["SETTINGS"] = before


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    """Return a finance officer whose council has an account."""
    officer = make.officer(council_id=funded.council_id, name="Olu Kent")
    wish = SetBankAccount(sort_code="010203", account_number=ACCOUNT, account_name="Ashdale")
    with transaction() as session:
        commands.set_bank_account(session, wish, by=officer, at=clock.now())
    return officer


def begin(person: Browser, amount: str = "25") -> UUID:
    """Begin to pay by card; return the payment's id."""
    person.submit(person.get("payments.top_up"), "Go on to the card page", amount=amount)
    assert person.page is not None
    return UUID(person.page.location.rpartition("/")[2])


def tell(browser: Browser, message: object) -> int:
    """Send a signed message as Stripe does, and return the status of the answer."""
    body, signature = signed(message)
    return send(browser, body, signature)


def send(browser: Browser, body: bytes, signature: str | None) -> int:
    """Send a message to the webhook; return the status of the answer."""
    headers = {} if signature is None else {"Stripe-Signature": signature}
    return browser.client.post("/stripe/webhook", data=body, headers=headers).status_code


def has(funded: Funded, funder: Funder = Funder.OWN_MONEY) -> Money:
    """Return what somebody has of their own, or from family."""
    with reading() as session:
        lines = budgets.lines_of(session, person_id=funded.id, at=clock.now())
    return next((line.available for line in lines if line.funder is funder), Money(0))


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
        assert _reference(funded) in page.text.replace("-", "")
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
        assert _reference(funded, by_family=True) in page.text.replace("-", "")
        assert _reference(funded, by_family=False) not in page.text.replace("-", "")

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

    def test_stops_somebody_who_tries_out_cards(
        self, person: Browser, browser: Browser, stripe: StripeDouble
    ) -> None:
        page = browser.get(self.link(person))
        for number in range(20):
            browser.post(page.url, {"amount": "1", "giver": str(number)})

        refused = browser.submit(page, "Go on to the card page", amount="1")

        assert refused.errors == ["That was tried too often. Wait 15 minutes, then try again."]


class TestWebhook:
    def test_refuses_what_is_forged(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        message = stripe.paid(begin(person))
        body, signature = signed(message)
        wrong = [
            (body, None),
            (body, ""),
            (body, "t=1,v1=é"),
            (body, signed(message, secret="whsec_other")[1]),
            (body.replace(b"2500", b"9900"), signature),
            (body, signed(message, ago=600)[1]),
            (b"\xff\xfe", signature),
            signed("no json"),
            signed("[]"),
            signed({"id": 7, "type": "x"}),
            signed({"id": "evt_\0", "type": "x"}),
        ]

        assert [send(browser, *each) for each in wrong] == [400] * len(wrong)
        assert has(funded) == Money(0)

    def test_refuses_everything_where_no_cards_are_taken(self, browser: Browser) -> None:
        body, signature = signed(event("customer.created", {}), secret="")

        assert send(browser, body, signature) == 400

    def test_takes_the_same_message_twice_and_days_late(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        message = stripe.paid(begin(person))
        # Stripe signs each try anew, however old the message is.
        late = message | {"created": message["created"] - 3 * 24 * 3600}

        assert [tell(browser, late) for _ in range(3)] == [200] * 3
        assert has(funded) == Money(25_00)

    def test_takes_a_refund_that_overtakes_the_payment(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        top_up_id = begin(person)

        tell(browser, stripe.refunded(top_up_id, 10_00))
        tell(browser, stripe.paid(top_up_id))

        assert has(funded) == Money(15_00)
        page = person.get("payments.top_up_shown", top_up_id=top_up_id)
        assert "£10.00 was given back to the card." in page.text

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount_total": 1},
            {"currency": "eur"},
            {"id": "cs_test_other"},
            {"amount_total": "2500"},
            {"amount_total": None},
            {"metadata": None, "client_reference_id": None},
            {"payment_status": "unpaid"},
        ],
    )
    def test_keeps_and_answers_what_does_not_fit(
        self,
        person: Browser,
        browser: Browser,
        funded: Funded,
        stripe: StripeDouble,
        changed: dict[str, object],
    ) -> None:
        status = tell(browser, stripe.paid(begin(person), **changed))

        assert status == 200
        assert has(funded) == Money(0)

    def test_can_be_replayed(
        self, app: Flask, person: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        message = stripe.paid(begin(person))
        with transaction() as session:
            # We fell over after keeping the message and before acting on it.
            commands.keep_event(session, read_event(message), at=clock.now())

        run = app.test_cli_runner()
        said = [run.invoke(args=["payments", "replay-webhooks"]).output for _ in range(2)]

        assert said == ["paid_in: 1\nMessages looked at: 1.\n", "Messages looked at: 0.\n"]
        assert has(funded) == Money(25_00)


class TestMoneyIn:
    def test_goes_from_the_account_to_the_file_to_the_books(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(make.officer(council_id=funded.council_id))
        page = browser.click(browser.get("payments.money_in"), "Say which account")
        browser.submit(
            page,
            "Keep this account",
            account_name="Ashdale",
            sort_code="01 02 03",
            account_number=ACCOUNT,
        )
        browser.click(browser.follow(), "Upload a bank statement")
        reference = _reference(funded)
        _upload(browser, as_csv([Paid(words=reference), Paid(words="WHO KNOWS", amount="3.00")]))
        page = browser.follow()
        assert "1 payment has a right reference: £25.00. 1 waits" in page.text
        assert has(funded) == Money(0)

        browser.submit(page, "Take it in")

        assert "1 payment is paid in." in browser.follow().text
        assert has(funded) == Money(25_00)
        page = browser.click(browser.get("payments.money_in"), "Wednesday 4 March 2026")
        browser.submit(page, "Pay it in", typed=make.email_of(funded.person))
        assert has(funded) == Money(28_00)
        assert "Every payment of the statements so far has an owner." in browser.follow().text

    def test_suggests_and_never_books_what_is_nearly_right(
        self, sign_in: SignInAs, officer: Actor, funded: Funded
    ) -> None:
        browser = sign_in(officer)
        reference = _reference(funded)
        _taken_in(browser, as_csv([Paid(words=f"0{reference[1:]}")]))
        assert has(funded) == Money(0)

        page = browser.click(browser.get("payments.money_in"), "Wednesday 4 March 2026")
        assert "It may be for" in page.text
        browser.submit(page, "Pay it in for Ada Bell")

        assert has(funded) == Money(25_00)

    def test_marks_what_is_not_for_the_market(self, sign_in: SignInAs, officer: Actor) -> None:
        browser = sign_in(officer)
        _taken_in(browser, as_csv([Paid(words="COUNCIL TAX")]))
        page = browser.click(browser.get("payments.money_in"), "Wednesday 4 March 2026")
        refused = browser.submit(page, "Mark it as not ours", reason="")
        assert refused.errors == ["Say what it is for, in at most 200 characters."]

        browser.submit(page, "Mark it as not ours", reason="Council tax")

        assert "Every payment" in browser.follow().text

    def test_asks_for_the_columns_of_a_bank_it_does_not_know(
        self, sign_in: SignInAs, officer: Actor
    ) -> None:
        browser = sign_in(officer)
        _upload(browser, b"Wann,Wieviel,Was\n04/03/2026,25.00,MUM\n")
        page = browser.follow()
        assert page.heading == "What do the columns hold?"
        refused = browser.submit(page, "Read the file", day="Wann")
        assert refused.errors == ["Choose the column with the amount, or the one with money in."]

        browser.submit(page, "Read the file", day="Wann", amount="Wieviel", words="Was")

        assert "The file does not say which account it is of." in browser.follow().text

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (as_csv([Paid()], account="87654321"), "Yours is 01-02-03 12345678."),
            (as_csv([Paid()])[:-20], "The file breaks off in line 2."),
            (b"PK\x03\x04", "This is not a CSV file."),
            (b"", "The file is empty."),
        ],
    )
    def test_refuses_a_file_and_says_why(
        self, sign_in: SignInAs, officer: Actor, content: bytes, why: str
    ) -> None:
        page = _upload(sign_in(officer), content)

        assert why in page.errors[0]

    def test_refuses_a_file_twice_until_it_is_put_away(
        self, sign_in: SignInAs, officer: Actor
    ) -> None:
        browser = sign_in(officer)
        _upload(browser, as_csv([Paid()]))
        shown = browser.follow()
        assert "Olu Kent uploaded this file" in _upload(browser, as_csv([Paid()])).errors[0]

        browser.submit(shown, "Put it away")

        assert _upload(browser, as_csv([Paid()])).location

    def test_shows_what_a_human_must_decide_about_a_card(
        self,
        sign_in: SignInAs,
        officer: Actor,
        person: Browser,
        browser: Browser,
        stripe: StripeDouble,
    ) -> None:
        tell(browser, stripe.paid(begin(person), amount_total=1))
        desk = sign_in(officer)
        page = desk.get("payments.money_in")
        assert "The card company says that £0.01 was paid" in page.text

        desk.submit(page, "Note that it is dealt with")

        assert "Card payments to look at" not in desk.follow().text

    def test_shows_another_council_nothing(
        self, make: Make, sign_in: SignInAs, officer: Actor
    ) -> None:
        _taken_in(sign_in(officer), as_csv([Paid(words="COUNCIL TAX")]))
        with reading() as session:
            (line,) = queries.open_lines(session, council_id=officer.works_for).rows
        stranger = sign_in(make.officer(council_id=make.council()))
        stranger.get("payments.money_in")

        assert "COUNCIL TAX" not in stranger.get("payments.money_in").text
        for view, values in (
            ("payments.statement", {"statement_id": line.statement_id}),
            ("payments.statement_columns", {"statement_id": line.statement_id}),
            ("payments.bank_line", {"line_id": line.id}),
        ):
            assert stranger.get(view, **values).status == 404
        assert stranger.post("payments.not_ours", {"reason": "X"}, line_id=line.id).status == 404

    def test_books_in_the_worker_what_is_left(
        self, sign_in: SignInAs, officer: Actor, funded: Funded
    ) -> None:
        browser = sign_in(officer)
        _upload(browser, as_csv([Paid(words=_reference(funded))]))
        statement_id = UUID(browser.follow().url.rpartition("/")[2])
        at = clock.now()
        with transaction() as session:
            # We fell over between taking the statement in and booking its payments.
            commands.take_in_statement(session, statement_id=statement_id, by=officer, at=at)
        page = browser.get("payments.statement", statement_id=statement_id)
        assert "1 payment is still being paid in." in page.text

        assert [post_bank_lines(at), post_bank_lines(at)] == [1, 0]
        assert has(funded) == Money(25_00)


def _upload(browser: Browser, content: bytes) -> Page:
    browser.get("payments.upload_statement")
    return browser.post("payments.upload_statement", {"file": (io.BytesIO(content), "march.csv")})


def _taken_in(browser: Browser, content: bytes) -> None:
    _upload(browser, content)
    browser.submit(browser.follow(), "Take it in")


def _reference(funded: Funded, *, by_family: bool = False) -> str:
    with transaction() as session:
        return commands.make_reference(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            by_family=by_family,
            at=clock.now(),
        )


def test_states_of_a_payment_are_in_words() -> None:
    assert [state.label for state in TopUpState] == [
        "Not paid yet",
        "Paid",
        "The bank said no",
        "Not paid in time",
    ]
