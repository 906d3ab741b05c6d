"""The pages on which lines are changed, handed over, asked back, and put in order."""

from datetime import datetime, timedelta

import pytest

from marketplace.access.rules import Role
from marketplace.budgets import queries
from marketplace.budgets.rules import Funder
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

NOW: datetime = clock.now()
TODAY = clock.local_day(NOW)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 since today."""
    return make.funded_person(name="Maya Singh", to_spend=Money(100_00), starts_on=TODAY, at=NOW)


def change(
    sign_in: SignInAs, funded: Funded, what: str, button: str = "Change it", **data: str
) -> Page:
    """Fill in a form for changing somebody's line, and send it."""
    browser = sign_in(funded.practitioner)
    page = browser.get(f"budgets.{what}", person_id=funded.id, line_id=funded.line_id)
    return browser.submit(page, "Change it", data={"reason": "We talked.", **data})


class TestTheLineForTheCouncil:
    def test_says_what_the_money_may_buy_and_what_was_changed(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        assert change(sign_in, funded, "change_amount", yearly="2,600").location

        page = sign_in(funded.practitioner).get(
            "budgets.line_of_person", person_id=funded.id, line_id=funded.line_id
        )

        assert "A direct payment may not buy permanent residential care." in page.text
        assert "£1,300.00 for a year became £2,600.00 for a year" in page.text
        assert "We talked." in page.text

    @pytest.mark.parametrize(
        ("what", "data", "said"),
        [
            ("change_amount", {"yearly": "0"}, "more than nothing"),
            ("change_amount", {"yearly": "12.345"}, "Write the pence with two digits"),
            ("change_amount", {"yearly": "99,999,999,999"}, "Enter an amount"),
            ("change_amount", {"yearly": "1300"}, "Nothing was changed"),
            ("change_end", {"ends_on": "1 1 2020"}, "must end after the day it starts"),
            ("change_end", {"ends_on": "31 2 2027"}, "Enter a day that exists"),
            ("change_holder", {"holder": "trust"}, "Enter the name of who holds the money"),
            ("split_line", {"percent": "100", "holder": "council_managed"}, "from 1 to 99"),
            ("split_line", {"percent": "a half", "holder": "council_managed"}, "from 1 to 99"),
            ("close_line", {"into": "close"}, "£100.00 is left"),
        ],
    )
    def test_refuses_in_words_what_cannot_be(
        self, sign_in: SignInAs, funded: Funded, what: str, data: dict[str, str], said: str
    ) -> None:
        page = change(sign_in, funded, what, **data)

        assert said in page.text

    @pytest.mark.parametrize(
        ("what", "name", "now"),
        [
            ("change_amount", "yearly", "1,300.00"),
            ("change_cost_code", "cost_code", "ASC-7"),
            ("change_end", "ends_on", "29/2/2028"),
        ],
    )
    def test_begins_with_what_it_is_now(
        self, sign_in: SignInAs, funded: Funded, what: str, name: str, now: str
    ) -> None:
        change(sign_in, funded, "change_cost_code", cost_code="ASC-7")
        change(sign_in, funded, "change_end", ends_on="29 2 2028")

        page = sign_in(funded.practitioner).get(
            f"budgets.{what}", person_id=funded.id, line_id=funded.line_id
        )

        assert page.soup.select(f'[name="{name}"]')[0]["value"] == now

    def test_says_in_plain_words_what_was_changed(self, sign_in: SignInAs, funded: Funded) -> None:
        change(sign_in, funded, "change_cost_code", cost_code="ASC-7")
        change(sign_in, funded, "change_end", ends_on="29 2 2028")
        change(sign_in, funded, "split_line", percent="40", holder="council_managed")

        page = sign_in(funded.practitioner).get(
            "budgets.line_of_person", person_id=funded.id, line_id=funded.line_id
        )

        assert "The last day: none became 29 February 2028. We talked." in page.text
        assert "The cost code: none became ASC-7. We talked." in page.text
        assert "It was shared out: 60% and 40% (£40.00). We talked." in page.text
        assert "counts from" not in page.text

    @pytest.mark.parametrize(
        ("what", "data"),
        [("change_cost_code", {"cost_code": "ASC-7"}), ("offer_line", {})],
    )
    def test_promises_no_letter_where_none_is_written(
        self, sign_in: SignInAs, make: Make, funded: Funded, what: str, data: dict[str, str]
    ) -> None:
        if what == "offer_line":
            data = {"to_council_id": str(make.practitioner().works_for)}

        change(sign_in, funded, what, **data)

        page = sign_in(funded.practitioner).get("budgets.people")
        assert "letter" not in page.text

    def test_lets_it_be_shared_out(self, sign_in: SignInAs, make: Make, funded: Funded) -> None:
        page = change(sign_in, funded, "split_line", percent="40", holder="council_managed")

        assert page.location
        lines = make.lines(funded, at=NOW)
        assert [line.available for line in lines] == [Money(60_00), Money(40_00)]

    def test_lets_it_stop(self, sign_in: SignInAs, make: Make, funded: Funded) -> None:
        change(sign_in, funded, "close_line", into="stop")

        assert make.lines(funded, at=NOW)[0].next_instalment_on is None


class TestHandover:
    def test_is_offered_and_taken_on(self, sign_in: SignInAs, make: Make, funded: Funded) -> None:
        other = make.practitioner()
        change(sign_in, funded, "offer_line", to_council_id=str(other.works_for))
        browser = sign_in(other)

        page = browser.click(browser.get("budgets.handovers"), "Say yes or no")
        page = browser.submit(page, "Yes, go on with it", data={"yearly": "1,300"})

        assert page.location
        assert make.lines(funded, at=NOW)[0].council_id == other.works_for

    def test_keeps_what_was_offered_when_a_no_has_no_words(
        self, sign_in: SignInAs, make: Make, funded: Funded
    ) -> None:
        other = make.practitioner()
        change(sign_in, funded, "offer_line", to_council_id=str(other.works_for))
        browser = sign_in(other)
        page = browser.click(browser.get("budgets.handovers"), "Say yes or no")

        page = browser.submit(page, "No", data={"words": ""})

        assert page.errors == ["Say why not. The other council reads it."]
        assert page.soup.select('[name="yearly"]')[0]["value"] == "1,300.00"


class TestNotice:
    def test_is_given_answered_and_decided(
        self, sign_in: SignInAs, make: Make, funded: Funded
    ) -> None:
        officer = make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER)
        browser = sign_in(officer)
        page = browser.get("budgets.give_notice", line_id=funded.line_id)
        typed = {"amount": "30", "reason": "It was paid twice.", "evidence": "A statement."}
        assert browser.submit(page, "Give notice", data=typed).location

        persons = sign_in(funded.person)
        page = persons.get("budgets.wallet")
        assert "asks for money back" in page.text
        page = persons.click(page, "Read why, and answer")
        said = {"agrees": "no", "words": "It was one payment."}
        assert persons.submit(page, "Send the answer", data=said).location

        browser = sign_in(funded.practitioner)
        page = browser.click(browser.get("budgets.clawbacks"), "Maya Singh")
        assert "It was one payment." in page.text
        decided = {"end": "take_part", "amount": "10", "reason": "A part was wrong."}
        page = browser.submit(page, "Decide", data=decided)

        assert page.location
        assert make.lines(funded, at=NOW)[0].available == Money(90_00)

    def test_waits_for_another_officer(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.practitioner)
        page = browser.get("budgets.give_notice", line_id=funded.line_id)
        typed = {"amount": "30", "reason": "Twice.", "evidence": "A statement.", "days": "13"}
        assert "from 14 to 365" in browser.submit(page, "Give notice", data=typed).text
        browser.submit(page, "Give notice", data=typed | {"days": "14"})
        with reading() as session:
            row = queries.clawbacks_of(session, person_id=funded.id)[0]

        page = browser.get("budgets.clawback", clawback_id=row.id)

        assert "somebody else has to decide" in page.text
        assert row.objects_until > NOW + timedelta(days=13)


class TestSequence:
    def test_is_changed_with_buttons(self, sign_in: SignInAs, make: Make, funded: Funded) -> None:
        make.line(
            person=funded.person,
            practitioner=funded.practitioner,
            funder=Funder.SHORT_BREAKS,
            starts_on=TODAY,
            at=NOW,
        )
        browser = sign_in(funded.person)
        page = browser.get("budgets.sequence")

        browser.submit(page, "Later")

        assert [line.funder for line in make.lines(funded, at=NOW)] == [
            Funder.SHORT_BREAKS,
            Funder.ADULT_SOCIAL_CARE,
        ]
