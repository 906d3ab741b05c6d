"""The pages about money."""

from uuid import uuid4

import pytest

from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

TODAY = clock.local_day(clock.now())


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 today and a limit of £60.00 for four weeks."""
    limits = [make.limit(Money(30_00)), make.limit(Money(60_00), window=LimitWindow.FOUR_WEEKS)]
    return make.funded_person(name="Maya Singh", limits=limits, starts_on=TODAY, at=clock.now())


class TestWallet:
    def test_shows_money_as_a_picture_and_in_words(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.hold(funded, Money(25_00), at=clock.now())

        page = sign_in(funded.person).get("budgets.wallet")

        assert page.heading == "My money"
        assert "There is £75.00 to spend." in page.text
        assert "£25.00 is set aside" in page.text
        assert "£35.00 left until" in page.text
        assert "Set by Priya Nair (Ashdale Council) because: We agreed to start small." in page.text
        assert "I see my friends." in page.text
        assert "£100.00 on" in page.text
        assert page.soup.select_one(".money-bar svg") is not None

    def test_shows_what_is_left_under_limits_without_a_tap_however_many_lines(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.line(person=funded.person, practitioner=funded.practitioner)

        page = sign_in(funded.person).get("budgets.wallet")

        limited, free = page.soup.select("section.panel")
        assert "£60.00 left until" in limited.text
        assert limited.select_one("details[open]") is not None
        assert free.select_one("details[open]") is None

    def test_invites_who_has_no_money_yet(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("budgets.wallet")

        assert "No money is here yet" in page.text

    def test_lists_what_happened_in_plain_words(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.hold(funded, Money(25_00), at=clock.now())

        page = sign_in(funded.person).get("budgets.wallet")

        rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
        assert "Set aside for an order £25.00" in rows[0]
        assert "Instalment from" in rows[1]
        assert "£100.00" in rows[1]

    def test_is_shown_to_a_supporter_who_may_see_it(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        page = sign_in(make.supporter(person=funded.person, scopes=[Scope.SEE])).get(
            "budgets.wallet"
        )

        assert page.heading == "Maya Singh’s money"
        assert "Add something you want to be true" not in page.text

    def test_is_kept_from_a_supporter_who_may_not(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        supporter = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])

        assert sign_in(supporter).get("budgets.wallet").status == 403

    def test_asks_a_stranger_to_sign_in(self, browser: Browser) -> None:
        assert "/sign-in" in browser.get("budgets.wallet").location


class TestLine:
    def test_shows_one_line(self, sign_in: SignInAs, funded: Funded) -> None:
        page = sign_in(funded.person).get("budgets.line", line_id=funded.line_id)

        assert page.heading == "Adult social care"
        assert "£1,300.00" in page.text

    def test_of_somebody_else_is_not_found(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        stranger = sign_in(make.person())

        assert stranger.get("budgets.line", line_id=funded.line_id).status == 404


class TestAddOutcome:
    def test_adds_what_the_person_wants(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)

        browser.submit(browser.get("budgets.add_outcome"), "Add it", sentence="I sing.")

        assert "I sing." in browser.get("budgets.wallet").text

    def test_keeps_what_was_typed_when_it_is_too_long(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)

        page = browser.submit(browser.get("budgets.add_outcome"), "Add it", sentence="x" * 10_000)

        assert page.errors == ["Use at most 300 characters. You have used 10,000."]
        assert "x" * 10_000 in page.html

    def test_refuses_more_than_twenty(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)
        form = browser.get("budgets.add_outcome")
        for number in range(19):
            browser.submit(form, "Add it", sentence=f"I sing {number} songs.")

        page = browser.submit(form, "Add it", sentence="I dance.")

        assert page.errors == ["There can be at most 20 outcomes."]

    def test_refuses_nothing(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)

        page = browser.submit(browser.get("budgets.add_outcome"), "Add it", sentence=" ")

        assert page.errors == ["Say what you want to be true."]

    def test_is_refused_to_a_supporter_without_that_scope(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        supporter = make.supporter(person=funded.person, scopes=[Scope.SEE], name="Bo")

        page = sign_in(supporter).get("budgets.add_outcome")

        assert page.status == 403
        assert "Maya Singh has not asked you to help with their plan." in page.text


class TestPeople:
    def test_lists_the_councils_own_people_only(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        make.funded_person(name="Someone Elsewhere")

        page = sign_in(funded.practitioner).get("budgets.people")

        assert "Maya Singh" in page.text
        assert "Someone Elsewhere" not in page.text

    def test_invites_to_add_the_first(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.practitioner()).get("budgets.people")

        assert "Nobody is on your list yet" in page.text

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.FINANCE_OFFICER, Role.MODERATOR])
    def test_are_kept_from_other_staff(
        self, make: Make, sign_in: SignInAs, funded: Funded, role: Role
    ) -> None:
        staff = make.staff(organisation_id=funded.council_id, role=role)

        assert sign_in(staff).get("budgets.people").status == 403


class TestAddPerson:
    def test_makes_an_account_for_who_has_none(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.practitioner())

        page = browser.submit(
            browser.get("budgets.add_person"),
            "Add this person",
            name="Joe Bloom",
            email="Joe@Mail.example",
        )

        assert browser.follow(page).heading == "Joe Bloom"

    def test_finds_who_has_one(self, make: Make, sign_in: SignInAs) -> None:
        make.person(name="Ada Fry", email="ada@mail.example")
        browser = sign_in(make.practitioner())

        page = browser.submit(
            browser.get("budgets.add_person"),
            "Add this person",
            name="A. Fry",
            email="ADA@mail.example",
        )

        assert browser.follow(page).heading == "Ada Fry"

    @pytest.mark.parametrize("email", ["", "ada", "ada@mail", "a b@mail.example"])
    def test_refuses_what_is_no_address(self, make: Make, sign_in: SignInAs, email: str) -> None:
        browser = sign_in(make.practitioner())

        page = browser.submit(
            browser.get("budgets.add_person"), "Add this person", name="x" * 10_000, email=email
        )

        assert len(page.errors) == 2
        assert "x" * 10_000 in page.html


class TestPerson:
    def test_of_another_council_is_not_found(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(make.practitioner())

        for endpoint in ("budgets.person", "budgets.open_line"):
            assert browser.get(endpoint, person_id=funded.id).status == 404
        assert (
            browser.get("budgets.set_limit", person_id=funded.id, line_id=funded.line_id).status
            == 404
        )

    def test_shows_only_the_lines_of_ones_own_council(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        second = make.practitioner()
        make.line(
            person=funded.person,
            practitioner=second,
            starts_on=TODAY,
            instalment=Money(77_00),
            at=clock.now(),
        )

        page = sign_in(second).get("budgets.person", person_id=funded.id)

        assert "£77.00" in page.text
        assert "£100.00" not in page.text


def open_line(browser: Browser, person: Actor, **fields: object) -> Page:
    """Fill in the form for a funding line of £1,300.00 from today, and send it."""
    typed = {
        "yearly": "1,300.00",
        "starts_on": f"{TODAY.day} {TODAY.month} {TODAY.year}",
        "holder": "direct_payment",
        "outcomes": "I swim.\nI see my friends.",
    }
    page = browser.get("budgets.open_line", person_id=person.buys_for)
    return browser.submit(page, "Open the funding line", data=typed | fields)


@pytest.fixture
def newcomer(make: Make) -> Funded:
    """Return somebody with £5.00 from a council, to whom more is to be given."""
    return make.funded_person(
        to_spend=Money(5_00), name="Joe Bloom", starts_on=TODAY, at=clock.now()
    )


class TestOpenLine:
    def test_puts_the_first_instalment_into_the_wallet(
        self, sign_in: SignInAs, newcomer: Funded
    ) -> None:
        browser = sign_in(newcomer.practitioner)

        page = open_line(
            browser,
            newcomer.person,
            order_limit="30",
            order_reason="We start small.",
            four_weeks_limit="60",
            four_weeks_reason="To make it last.",
        )

        assert "The money for Joe Bloom is set up." in browser.follow(page).text
        wallet = sign_in(newcomer.person).get("budgets.wallet")
        assert "There is £105.00 to spend." in wallet.text
        assert "I swim." in wallet.text
        assert "We start small." in wallet.text
        assert "£60.00 left until" in wallet.text

    def test_sent_twice_is_one_line(self, sign_in: SignInAs, newcomer: Funded) -> None:
        browser = sign_in(newcomer.practitioner)
        line_id = str(uuid4())

        open_line(browser, newcomer.person, line_id=line_id)
        open_line(browser, newcomer.person, line_id=line_id)

        assert "There is £105.00 to spend." in sign_in(newcomer.person).get("budgets.wallet").text

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("yearly", "£12.5", "Write the pence with two digits, like 12.50."),
            ("yearly", "-3", "Enter an amount of more than nothing, like 12.50."),
            ("yearly", "0", "Enter an amount of more than nothing, like 12.50."),
            ("yearly", "", "Enter the amount for a year."),
            (
                "yearly",
                "1e9",
                "Enter an amount in pounds, using the digits 0 to 9, like 12.50.",
            ),
            ("yearly", "٣", "Enter an amount in pounds, using the digits 0 to 9, like 12.50."),
            ("starts_on", "30 2 2026", "Enter a day that exists, like {day}."),
            ("starts_on", "", "Enter the day it starts, like {day}."),
            (
                "starts_on",
                "4 3 1999",
                "The start is more than two years from today. Check the year.",
            ),
            ("ends_on", "4 3 1999", "The money must end after the day it starts."),
            ("holder_name", "x" * 300, "Use at most 200 characters. You have used 300."),
            ("outcomes", " ", "Enter at least one thing the person wants to be true."),
            ("outcomes", "x" * 301, "Use at most 300 characters on each line."),
            ("outcomes", "\n".join("abcdefghijklmnopqrstuvwxyz"), "There can be at most 20."),
            ("order_limit", "12", "Say why there is this limit."),
            ("order_limit", "12.5", "Write the pence with two digits, like 12.50."),
            (
                "four_weeks_reason",
                "Because.",
                "Enter the amount of the limit too, or take the reason out.",
            ),
        ],
    )
    def test_keeps_what_was_typed_beside_what_is_wrong(
        self, sign_in: SignInAs, newcomer: Funded, field: str, typed: str, sentence: str
    ) -> None:
        page = open_line(sign_in(newcomer.practitioner), newcomer.person, **{field: typed})

        assert near_today(sentence) in page.errors
        kept = page.soup.select_one(f'[name="{field}"]')
        assert kept is not None
        assert typed.strip() in str(kept.get("value") or kept.get_text())

    def test_asks_for_the_name_of_who_holds_it(self, sign_in: SignInAs, newcomer: Funded) -> None:
        page = open_line(sign_in(newcomer.practitioner), newcomer.person, holder="trust")

        assert page.errors == ["Enter the name of who holds the money."]

    def test_reads_an_amount_with_commas(self, sign_in: SignInAs, newcomer: Funded) -> None:
        browser = sign_in(newcomer.practitioner)

        page = browser.follow(open_line(browser, newcomer.person, yearly="12,000"))

        assert "£12,000.00" in page.text

    def test_in_another_councils_name_is_not_found(
        self, make: Make, sign_in: SignInAs, newcomer: Funded
    ) -> None:
        browser = sign_in(make.practitioner())
        browser.get("budgets.people")

        page = browser.post("budgets.open_line", person_id=newcomer.id)

        assert page.status == 404
