"""Pages of circles that have to do with stores and orders: declaring, family, two yeses."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.rules import Actor, Basis, Role, Scope
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

NOW = clock.now()


@pytest.fixture
def funded(make: Make) -> Funded:
    return make.funded_person(name="Ann Hill", starts_on=clock.local_day(NOW), at=NOW)


def suggested(make: Make, funded: Funded, **wishes: object) -> str:
    helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE], name="Ali Khan")
    soon: datetime = NOW + timedelta(days=2)
    deal = make.placed(funded=funded, by=helper, at=NOW, first_at=soon, **wishes)  # type: ignore[arg-type]
    return f"/orders/{deal.order_id}"


class TestHowWeDecide:
    def test_is_chosen_and_shown(self, make: Make, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)
        page = browser.click(browser.get("access.circle"), "Change how we decide")

        browser.submit(page, "Save the choice", yeses="2", asks_from="50")
        circle = browser.follow()

        assert "two yeses, from two different people" in circle.text
        assert "An order of £50.00 or more needs a yes too" in circle.text
        again = browser.get("access.choose_rule")
        assert 'value="50.00"' in again.html

    def test_knows_every_order_from_none(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)
        browser.submit(browser.get("access.choose_rule"), "Save the choice", asks_from="0")
        every = browser.get("access.circle")
        browser.submit(browser.get("access.choose_rule"), "Save the choice", asks_from="")
        none = browser.get("access.circle")

        assert "Every order a supporter places needs a yes too" in every.text
        assert "needs no other yes" in none.text

    def test_says_that_a_circle_is_too_small(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.supporter(person=funded.person, scopes=[Scope.PROPOSE], name="Ali Khan")
        browser = sign_in(funded.person)

        page = browser.submit(browser.get("access.choose_rule"), "Save the choice", yeses="2")

        assert "too small for two yeses. If Ali Khan suggests something" in page.text

    @pytest.mark.parametrize("typed", ["-5", "five", "1.234"])
    def test_refuses_what_is_no_amount(
        self, make: Make, sign_in: SignInAs, funded: Funded, typed: str
    ) -> None:
        browser = sign_in(funded.person)

        page = browser.submit(browser.get("access.choose_rule"), "Save the choice", asks_from=typed)

        assert page.errors
        assert f'value="{typed}"' in page.html

    def test_is_for_those_who_look_after_the_circle(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        other = sign_in(make.supporter(person=funded.person, scopes=[Scope.PAY]))

        assert other.get("access.choose_rule").status == 403


class TestTwoYeses:
    def test_are_said_one_after_the_other(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        friend = make.supporter(person=funded.person, scopes=[Scope.APPROVE], name="Mo Reed")
        person = sign_in(funded.person)
        person.submit(person.get("access.choose_rule"), "Save the choice", yeses="2")
        path = suggested(make, funded)

        first = person.get(path)
        person.submit(first, "Say yes")
        waiting = person.follow()
        at_mos = sign_in(friend)
        at_mos.submit(at_mos.get(path), "Say yes and place the order")
        placed = at_mos.follow()

        assert "It waits for two yeses from two people." in first.text
        assert "You said yes. It still waits for one more yes." in waiting.text
        assert "Ann Hill said yes" in waiting.text
        assert "The money is set aside and the provider is told." in placed.text
        assert "Ann Hill and Mo Reed said yes to it." in placed.text

    def test_keep_a_no_with_its_words(self, make: Make, sign_in: SignInAs, funded: Funded) -> None:
        friend = make.supporter(person=funded.person, scopes=[Scope.APPROVE], name="Mo Reed")
        path = suggested(make, funded)
        at_mos = sign_in(friend)

        at_mos.submit(at_mos.get(path), "Say no", words="The other one is <b>cheaper</b>.")
        said = at_mos.follow()
        seen = sign_in(funded.person).get(path)

        assert "You said no. The others can still say yes or no." in said.text
        assert "Mo Reed said no" in seen.text
        assert "“The other one is <b>cheaper</b>.”" in seen.text
        assert seen.button("Say yes and place the order")

    def test_stay_when_the_money_is_not_there(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        path = suggested(make, funded, price=Money(40_00))
        make.placed(funded=funded, at=NOW, first_at=NOW + timedelta(days=2))
        person = sign_in(funded.person)

        person.submit(person.get(path), "Say yes and place the order")
        refused = person.follow()

        assert "The yes is kept, and you can try again." in refused.text
        assert "The money could not be set aside yet." in refused.text


def declared_at(make: Make, helper: Actor, funded: Funded) -> str:
    with make.block() as session:
        rows = access_queries.circle_of(session, person_id=funded.id)
    row_id = next(row.id for row in rows if row.invited_email == make.email_of(helper))
    return f"/circle/{row_id}/what-i-earn"


def asked_to_be_broker(make: Make, funded: Funded) -> Actor:
    broker = make.person(name="Bo Marsh")
    wish = access.InviteSupporter(
        email=make.email_of(broker),
        basis=Basis.BROKER,
        scopes=frozenset({Scope.PAY, Scope.SEE}),
        invitation_id=uuid4(),
    )
    with make.block() as session:
        access.invite_supporter(session, wish, by=funded.person, at=NOW)
    return broker


class TestBroker:
    def test_says_a_fee_and_the_person_says_yes(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.provider(name="Bo Cares")
        broker = asked_to_be_broker(make, funded)
        at_bos = sign_in(broker)
        form = at_bos.click(at_bos.get("access.invitations"), "Say what I charge, then say yes")

        at_bos.submit(
            form,
            "Say yes, and show this to Ann Hill",
            fee_per="hour",
            fee="28",
            sells="yes",
            stores="bo cares",
            family="no",
            words="Two hours a month.",
        )
        told = at_bos.follow()
        person = sign_in(funded.person)
        circle = person.get("access.circle")
        person.submit(circle, "Say yes to this broker : Bo Marsh")
        after = person.follow()

        assert "Ann Hill is told, and says yes or no." in told.text
        for words in ("£28.00 an hour", "They also earn from Bo Cares", "Two hours a month."):
            assert words in circle.text
        assert "They are your broker now." in after.text
        assert "Say yes to this broker" not in after.text

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"stores": "Nobody at all"}, "We cannot find a store called Nobody at all"),
            ({"fee_per": "hour"}, "Enter how much you charge"),
            ({"fee_per": "percent", "fee_percent": "0"}, "between 1 and 100"),
            ({"sells": "yes"}, "Name the stores"),
        ],
    )
    def test_keeps_what_was_typed_when_it_is_not_whole(
        self,
        make: Make,
        sign_in: SignInAs,
        funded: Funded,
        typed: dict[str, str],
        sentence: str,
    ) -> None:
        broker = asked_to_be_broker(make, funded)
        browser = sign_in(broker)
        form = browser.get(declared_at(make, broker, funded))
        fields: dict[str, object] = {"fee_per": "nothing", "sells": "no", "family": "no", **typed}

        page = browser.submit(form, "Say yes, and show this to Ann Hill", fields)

        assert sentence in page.text

    def test_has_a_page_that_is_nobody_elses(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        broker = asked_to_be_broker(make, funded)
        path = declared_at(make, broker, funded)

        for somebody in (funded.person, make.person()):
            assert sign_in(somebody).get(path).status == 404


class TestOrdersOfSomebodyWhoLeft:
    def test_are_shown_to_the_person(self, make: Make, sign_in: SignInAs, funded: Funded) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.PAY], name="Sam Lee")
        deal = make.placed(funded=funded, by=helper, at=NOW, first_at=NOW + timedelta(days=2))
        at_sams = sign_in(helper)
        person = sign_in(funded.person)
        person.submit(person.get("access.circle"), "End this : Sam Lee")

        circle = person.follow()
        orders = person.click(circle, "Orders they placed : Sam Lee")

        assert "Orders they placed stay as they are." in circle.text
        assert "Sam Lee can no longer act." in orders.text
        assert f"/orders/{deal.order_id}" in orders.html
        assert at_sams.get(f"/orders/{deal.order_id}").status == 404

    def test_are_nobody_elses(self, make: Make, sign_in: SignInAs, funded: Funded) -> None:
        make.supporter(person=funded.person, scopes=[Scope.PAY])
        with make.block() as session:
            row_id = access_queries.circle_of(session, person_id=funded.id)[0].id

        assert sign_in(make.person()).get(f"/circle/{row_id}/orders").status == 404


class TestConflict:
    def test_is_shown_on_the_basket_and_asked_of_the_person(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        provider = make.provider(name="Bo Cares")
        seller = make.supporter(
            person=funded.person, scopes=[Scope.PAY, Scope.SEE], name="Bo Marsh"
        )
        declare(sign_in(seller), declared_at(make, seller, funded))
        make.in_basket(
            seller, make.offer(provider=provider), first_at=NOW + timedelta(days=2), at=NOW
        )
        at_bos = sign_in(seller)
        basket = at_bos.get("orders.basket")

        at_bos.submit(basket, "Suggest to Ann Hill what needs a yes")
        placed = at_bos.follow()
        order = at_bos.click(placed, "Look at order")
        person = sign_in(funded.person)
        own = person.get(order.url)
        person.submit(own, "Say yes and place the order")
        after = person.follow()

        assert "You earn from this store, so Ann Hill themself must say yes" in basket.text
        assert "Bo Marsh (family or friend who helps) earns from this store." in own.text
        assert "That is why Ann Hill themself must say yes." in own.text
        assert "They confirmed it knowing that Bo Marsh" in after.text


def declare(browser: Browser, path: str) -> None:
    form = browser.get(path)
    fields: dict[str, object] = {
        "fee_per": "nothing",
        "sells": "yes",
        "family": "no",
        "stores": "Bo Cares",
    }
    browser.submit(form, "Save this", fields)
    assert "It is saved." in browser.follow().text


class TestFamily:
    def test_is_written_down_and_decided_by_the_council(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.provider(name="Sue Cares")
        person = sign_in(funded.person)
        person.submit(
            person.get("orders.family"), "Write it down", who="My sister Sue", store="Sue Cares"
        )
        written = person.follow()
        council = sign_in(funded.practitioner)

        council.submit(council.get("orders.family_carers"), "Say yes", reason="It suits them.")
        decided = council.follow()
        person.submit(written, "No longer paid : My sister Sue")
        ended = person.follow()

        assert "Is paid through Sue Cares." in written.text
        assert "It suits them." in decided.text
        assert "Sue Cares" not in ended.text

    def test_needs_a_store_and_a_reason(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.provider(name="Sue Cares")
        person, council = sign_in(funded.person), sign_in(funded.practitioner)
        form = person.get("orders.family")

        unknown = person.submit(form, "Write it down", who="Sue", store="Nobody")
        person.submit(form, "Write it down", who="Sue", store="Sue Cares")
        council.submit(council.get("orders.family_carers"), "Say no")

        assert "We cannot find a store called Nobody." in unknown.text
        assert "Give the reason." in council.follow().text

    def test_policy_is_chosen_by_the_administrator(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        administrator = make.staff(organisation_id=funded.council_id, role=Role.ADMINISTRATOR)
        browser = sign_in(administrator)
        path = f"/councils/{funded.council_id}/edit"

        browser.submit(browser.get(path), "Save", family_carers="refused")
        rule = sign_in(funded.practitioner).get("orders.family_carers")

        assert "Family may not be paid" in rule.text
