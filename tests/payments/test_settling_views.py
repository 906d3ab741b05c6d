"""What finance officers see and do with payments that went out, and with the month's journal."""

import csv
import io

import pytest

from marketplace.access.rules import Actor
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories.money import Funded
from tests.payments.bank_files import Paid, as_csv
from tests.payments.pages import has, reference_of, take_in


@pytest.fixture
def browser(sign_in: SignInAs, officer: Actor) -> Browser:
    return sign_in(officer)


class TestReconciliation:
    def test_shows_the_bank_beside_the_books_and_what_waits(self, browser: Browser) -> None:
        take_in(browser, as_csv([Paid(words="RATES", out=True), Paid(words="WHO", amount="3.00")]))

        page = browser.get("payments.reconciliation")

        assert "The payments and the books agree: £0.00" in page.text
        assert "Money that went out or came back" in page.text
        page = browser.click(page, "Wednesday 4 March 2026 : £25.00")
        refused = browser.submit(page, "It is this one", typed="9-9")
        assert "Your council has no such payment." in refused.errors[0]
        browser.submit(refused, "Mark it as not ours", reason="Rates")
        assert "It is marked." in browser.follow().text


class TestUndo:
    def test_takes_back_what_was_somebody_elses(self, browser: Browser, funded: Funded) -> None:
        take_in(browser, as_csv([Paid(words=reference_of(funded))]))
        assert has(funded) == Money(25_00)
        page = browser.click(browser.get("payments.money_in"), "march.csv")
        page = browser.click(page, "2")
        page = browser.click(page, "It is somebody else’s: take it back")

        refused = browser.submit(page, "Take it back", reason="")
        assert refused.errors == ["Say what was wrong."]
        browser.submit(refused, "Take it back", reason="A slip")

        assert "It is taken back. Now say whose it is." in browser.follow().text
        assert has(funded) == Money(0)


class TestJournal:
    def test_is_a_file_that_no_spreadsheet_runs(self, browser: Browser, funded: Funded) -> None:
        month = f"{clock.local_day(clock.now()):%Y-%m}"
        take_in(browser, as_csv([Paid(words=reference_of(funded))]))

        answer = browser.get("payments.journal", month=month)

        rows = list(csv.reader(io.StringIO(answer.html)))
        assert rows[0][:2] == ["Month", "Account"]
        assert len(rows) > 2
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
