"""What finance officers and providers see and do on the pages of payments."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace.access.rules import Actor
from marketplace.kernel import clock
from marketplace.web.example_days import near_today
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal


@pytest.fixture
def deal(make: Make) -> Deal:
    """Return an order of £30.00 by Wren’s Help, delivered and confirmed."""
    deal = make.accepted(provider=make.provider(name="Wren’s Help"))
    make.confirmed(deal)
    return deal


@pytest.fixture
def officer(make: Make, deal: Deal) -> Actor:
    return make.officer(council_id=deal.funded.council_id)


@pytest.fixture
def stranger(make: Make, sign_in: SignInAs) -> Browser:
    """Return the browser of another council's finance officer."""
    return sign_in(make.officer(council_id=make.council()))


class TestIndex:
    def test_shows_what_is_owed_and_proposes_to_pay_it(
        self, officer: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(officer)
        page = browser.get("payments.index")
        assert "Wren’s Help" in page.text
        assert "£30.00 in all, to 1 provider" in page.text

        browser.submit(page, "Propose to pay all of it")

        page = browser.follow()
        assert "Waiting for approval" in page.text
        assert "another finance officer must approve it" in page.text

    def test_names_who_cannot_be_paid(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(provider=make.provider(name="Bo Lane", bank=False))
        make.confirmed(deal)

        page = sign_in(make.officer(council_id=deal.funded.council_id)).get("payments.index")

        assert "Bo Lane" in page.text
        assert "Has not given bank details yet" in page.text

    def test_says_so_when_a_colleague_was_faster(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(make.officer(council_id=officer.works_for))
        page = browser.get("payments.index")
        make.proposed_run(by=officer)

        browser.submit(page, "Propose to pay all of it")

        assert "There is nothing to pay now." in browser.follow().text

    def test_a_run_without_findings_is_approved_and_sent_with_one_tap_each(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        make.bank_account(by=officer, at=clock.now())
        run_id = make.proposed_run(by=officer, at=clock.now())
        mine, colleagues = sign_in(officer), sign_in(make.officer(council_id=officer.works_for))
        assert "Approve it" not in mine.get("payments.index").text
        page = colleagues.get("payments.index")
        assert "1 payment. We looked for payments made twice" in page.text

        colleagues.submit(page, "Approve it")
        mine.submit(mine.get("payments.index"), "Send it: take the file for the bank")

        assert mine.follow().text.count("The run is sent. Here is the file") == 1
        assert mine.get("payments.file", run_id=run_id).status == 200

    def test_a_run_with_findings_must_be_looked_at_first(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        make.proposed_run(by=officer, at=clock.now())
        with make.block() as session:
            session.execute(text("UPDATE payment_items SET noticed = 1"))

        page = sign_in(make.officer(council_id=officer.works_for)).get("payments.index")

        assert "We noticed something about 1: look at the run first." in page.text
        assert "Approve it" not in page.text

    def test_shows_another_council_nothing(self, deal: Deal, stranger: Browser) -> None:
        assert "Wren’s Help" not in stranger.get("payments.index").text

    def test_lets_in_finance_officers_only(self, make: Make, sign_in: SignInAs) -> None:
        assert sign_in(make.person()).get("payments.index").status == 403


class TestRun:
    def test_goes_from_approval_to_the_bank_to_paid(
        self, make: Make, officer: Actor, deal: Deal, sign_in: SignInAs
    ) -> None:
        run_id = make.proposed_run(by=officer)
        browser = sign_in(make.officer(council_id=officer.works_for))
        page = browser.get("payments.run", run_id=run_id)
        browser.submit(page, "Approve this run")
        page = browser.follow()

        file = browser.get("payments.bank_file", run_id=run_id)
        assert file.html.splitlines()[0] == "Sort code,Account number,Account name,Amount,Reference"
        code, _number, name, amount, reference = file.html.splitlines()[1].split(",")
        assert (code, name, amount, reference) == ("000000", "Wren’s Help", "30.00", "SUPPORT 1-1")

        today = clock.local_day(clock.now())
        page = browser.get("payments.run", run_id=run_id)
        make.bank_account(by=officer, at=clock.now())
        browser.submit(page, "Send it: take the file for the bank", file_format="faster_payments")
        assert "The run is sent." in browser.follow().text
        browser.post(
            "payments.paid", {"paid_on": f"{today.day} {today.month} {today.year}"}, run_id=run_id
        )
        assert "The run is paid." in browser.follow().text

        page = sign_in(deal.provider).get("payments.earnings")
        assert "£30.00 has been paid to you" in page.text

    def test_does_not_let_the_proposer_approve(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.proposed_run(by=officer)
        browser = sign_in(officer)
        assert "Approve this run" not in browser.get("payments.run", run_id=run_id).text

        page = browser.post("payments.approve", run_id=run_id)

        assert page.status == 403
        assert "somebody else must approve it" in page.text

    def test_keeps_what_was_typed_when_the_day_is_in_the_future(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.sent_run(by=officer)
        browser = sign_in(officer)
        browser.get("payments.run", run_id=run_id)
        later = clock.local_day(clock.now()) + timedelta(days=2)

        page = browser.post("payments.paid", {"paid_on": later.isoformat()}, run_id=run_id)

        assert page.errors == ["Enter a day that is not in the future."]
        assert later.isoformat() in page.html

    def test_asks_for_a_day_that_exists(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.sent_run(by=officer)
        browser = sign_in(officer)
        page = browser.get("payments.run", run_id=run_id)

        page = browser.submit(page, "Say it was paid", paid_on="31 2 2026")

        assert page.errors == [near_today("Enter a day that exists, like {day}.")]

    def test_can_be_cancelled(self, make: Make, officer: Actor, sign_in: SignInAs) -> None:
        run_id = make.proposed_run(by=officer)
        browser = sign_in(officer)

        browser.submit(browser.get("payments.run", run_id=run_id), "Cancel this run")

        assert "Its invoices wait for another run." in browser.follow().text
        assert "Propose to pay all of it" in browser.get("payments.index").text

    def test_gives_no_bank_file_before_it_is_approved(
        self, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.proposed_run(by=officer)

        page = sign_in(officer).get("payments.bank_file", run_id=run_id)

        assert page.status == 409

    @pytest.mark.parametrize("view", ["run", "bank_file"])
    def test_is_not_found_by_another_council(
        self, make: Make, officer: Actor, stranger: Browser, view: str
    ) -> None:
        run_id = make.approved_run(by=officer)

        assert stranger.get(f"payments.{view}", run_id=run_id).status == 404

    @pytest.mark.parametrize("view", ["approve", "cancel", "sent", "paid"])
    def test_cannot_be_changed_by_another_council(
        self, make: Make, officer: Actor, stranger: Browser, view: str
    ) -> None:
        run_id = make.approved_run(by=officer)
        stranger.get("payments.index")

        page = stranger.post(f"payments.{view}", {"paid_on": "6 3 2026"}, run_id=run_id)

        assert page.status == 404


class TestEarnings:
    def test_shows_the_promise_beside_the_payment(
        self, make: Make, officer: Actor, deal: Deal, sign_in: SignInAs
    ) -> None:
        browser = sign_in(deal.provider)
        assert "£30.00 is coming" in browser.get("payments.earnings").text
        make.paid_run(by=officer)

        page = browser.get("payments.earnings")

        assert "Tuesday 10 March 2026" in page.text
        assert "Friday 6 March 2026 : see the payment In time" in page.text
        sheet = browser.click(page, "Friday 6 March 2026")
        assert sheet.heading == "Payment of £30.00"

    def test_invites_who_has_no_invoices(self, make: Make, sign_in: SignInAs) -> None:
        assert "No invoices yet" in sign_in(make.provider()).get("payments.earnings").text

    def test_shows_no_payment_to_somebody_else(
        self, make: Make, officer: Actor, deal: Deal, sign_in: SignInAs
    ) -> None:
        make.paid_run(by=officer)
        page = sign_in(deal.provider).get("payments.earnings")
        address = page.link("Friday 6 March 2026")

        assert sign_in(make.provider()).get(address).status == 404

    def test_shows_no_payment_that_is_not_made(
        self, make: Make, officer: Actor, deal: Deal, sign_in: SignInAs
    ) -> None:
        make.approved_run(by=officer)

        assert "On its way" in sign_in(deal.provider).get("payments.earnings").text

    def test_is_for_owners(self, officer: Actor, sign_in: SignInAs) -> None:
        browser = sign_in(officer)

        assert browser.get("payments.earnings").status == 403
        assert browser.get("payments.remittance", item_id=UUID(int=1)).status == 403
