"""What finance officers see and do with bank statements."""

from uuid import UUID

import pytest

from marketplace.access.rules import Actor
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.tasks import post_bank_lines
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import Paid, as_csv
from tests.payments.pages import begin, has, reference_of, take_in, tell, upload
from tests.stripe_double import StripeDouble


class TestMoneyIn:
    def test_goes_from_the_account_to_the_file_to_the_books(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        officer = make.officer(council_id=funded.council_id)
        browser = sign_in(officer)
        browser.click(browser.get("payments.money_in"), "Say which account")
        make.bank_account(by=officer, at=clock.now())
        browser.click(browser.get("payments.money_in"), "Upload a bank statement")
        reference = reference_of(funded)
        upload(browser, as_csv([Paid(words=reference), Paid(words="WHO KNOWS", amount="3.00")]))
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

    def test_refuses_an_account_that_cannot_be_and_a_number_that_is_none(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(make.officer(council_id=funded.council_id))
        page = browser.get("payments.bank_account")

        page = browser.submit(
            page,
            "Keep this account",
            account_name="Ashdale",
            sort_code="089999",
            account_number="66374959",
        )
        assert "does not go with that sort code" in page.errors[0]
        page = browser.submit(
            page, "Keep this account", account_number="66374958", service_user="1"
        )
        assert page.errors == ["A Bacs user number has 6 digits, like 123456."]
        browser.submit(page, "Keep this account", service_user="123456")

        assert "The account is kept." in browser.follow().text

    def test_suggests_and_never_books_what_is_nearly_right(
        self, sign_in: SignInAs, officer: Actor, funded: Funded
    ) -> None:
        browser = sign_in(officer)
        reference = reference_of(funded)
        take_in(browser, as_csv([Paid(words=f"0{reference[1:]}")]))
        assert has(funded) == Money(0)

        page = browser.click(browser.get("payments.money_in"), "Wednesday 4 March 2026")
        assert "It may be for" in page.text
        browser.submit(page, "Pay it in for Ada Bell")

        assert has(funded) == Money(25_00)

    def test_marks_what_is_not_for_the_market(self, sign_in: SignInAs, officer: Actor) -> None:
        browser = sign_in(officer)
        take_in(browser, as_csv([Paid(words="COUNCIL TAX")]))
        page = browser.click(browser.get("payments.money_in"), "Wednesday 4 March 2026")
        refused = browser.submit(page, "Mark it as not ours", reason="")
        assert refused.errors == ["Say what it is for, in at most 200 characters."]

        browser.submit(page, "Mark it as not ours", reason="Council tax")

        assert "Every payment" in browser.follow().text

    def test_asks_for_the_columns_of_a_bank_it_does_not_know(
        self, sign_in: SignInAs, officer: Actor
    ) -> None:
        browser = sign_in(officer)
        upload(browser, b"Wann,Wieviel,Was\n04/03/2026,25.00,MUM\n")
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
        page = upload(sign_in(officer), content)

        assert why in page.errors[0]

    def test_refuses_a_file_twice_until_it_is_put_away(
        self, sign_in: SignInAs, officer: Actor
    ) -> None:
        browser = sign_in(officer)
        upload(browser, as_csv([Paid()]))
        shown = browser.follow()
        assert "Olu Kent uploaded this file" in upload(browser, as_csv([Paid()])).errors[0]

        browser.submit(shown, "Put it away")

        assert upload(browser, as_csv([Paid()])).location

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
        take_in(sign_in(officer), as_csv([Paid(words="COUNCIL TAX")]))
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
        upload(browser, as_csv([Paid(words=reference_of(funded))]))
        statement_id = UUID(browser.follow().url.rpartition("/")[2])
        at = clock.now()
        with transaction() as session:
            # We fell over between taking the statement in and booking its payments.
            commands.take_in_statement(session, statement_id=statement_id, by=officer, at=at)
        page = browser.get("payments.statement", statement_id=statement_id)
        assert "1 payment is still being paid in." in page.text

        assert [post_bank_lines(at), post_bank_lines(at)] == [1, 0]
        assert has(funded) == Money(25_00)
