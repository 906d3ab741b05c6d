"""Pages about one payment, and about a new bank account."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.access.rules import Actor
from marketplace.catalogue.commands import set_bank_details
from marketplace.catalogue.queries import bank_standings
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import queries
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal


@pytest.fixture
def deals(make: Make) -> list[Deal]:
    funded = make.funded_person()
    found = [make.accepted(funded=funded, provider=make.provider(name="Rosie Bell"))]
    found.append(make.accepted(funded=funded))
    for deal in found:
        make.confirmed(deal)
    return found


@pytest.fixture
def officer(make: Make, deals: list[Deal]) -> Actor:
    return make.officer(council_id=deals[0].funded.council_id)


def item_of(app: Flask, run_id: UUID, officer: Actor) -> UUID:
    """Return the payment to Rosie Bell."""
    with app.app_context(), reading() as session:
        items = queries.run_for(session, run_id=run_id, seen_by=officer).items
    return next(item.id for item in items if item.provider_name == "Rosie Bell")


class TestTakeOut:
    def test_takes_a_payment_out_with_its_reason(
        self, app: Flask, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.proposed_run(by=officer)
        item_id = item_of(app, run_id, officer)
        browser = sign_in(officer)
        page = browser.get("payments.take_out", item_id=item_id)

        page = browser.submit(page, "Take it out", reason="")
        assert page.errors == ["Say why."]
        browser.submit(page, "Take it out", reason="We asked them first.")

        page = browser.follow()
        assert "The payment to Rosie Bell is taken out." in page.text
        assert "We asked them first." in page.text

    def test_refuses_the_last_one_and_keeps_what_was_typed(
        self, app: Flask, make: Make, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.proposed_run(by=officer)
        browser = sign_in(officer)
        with app.app_context(), reading() as session:
            items = queries.run_for(session, run_id=run_id, seen_by=officer).items
        for item in items:
            page = browser.get("payments.take_out", item_id=item.id)
            page = browser.submit(page, "Take it out", reason="Both.")

        assert page.errors == ["This is the only payment of the run. Cancel the run instead."]
        assert 'value="Both."' in page.html


class TestCameBack:
    def test_makes_a_payment_owed_again(
        self, app: Flask, make: Make, deals: list[Deal], officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.paid_run(by=officer)
        browser = sign_in(officer)
        page = browser.get("payments.came_back", item_id=item_of(app, run_id, officer))

        page = browser.submit(
            page, "Say it came back", bounced_on="1 1 2020", reason="Account closed."
        )
        assert page.errors == ["Enter a day on or after the one on which the payment was made."]
        browser.submit(page, "Say it came back", bounced_on="7 3 2026", reason="Account closed.")

        assert "Rosie Bell is owed £30.00 again" in browser.follow().text
        item_id = item_of(app, run_id, officer)
        sheet = sign_in(deals[0].provider).get("payments.remittance", item_id=item_id)
        assert "The bank says: Account closed." in sheet.text
        assert "Paid on" not in sheet.text
        run = browser.get("payments.run", run_id=run_id)
        panel = next(part for part in run.soup.select("section.panel") if "Rosie" in part.text)
        assert "Came back" in panel.text
        assert "Left our bank on" in panel.text
        assert "Paid on" not in panel.text


class TestCall:
    @pytest.fixture
    def change_id(self, app: Flask, deals: list[Deal]) -> UUID:
        with app.app_context(), transaction() as session:
            set_bank_details(
                session,
                sort_code="000000",
                account_number="87654321",
                account_name="New",
                by=deals[0].provider,
                at=clock.now(),
            )
        provider_id = deals[0].provider.works_for
        with app.app_context(), reading() as session:
            change_id = bank_standings(session, [provider_id])[provider_id].change_id
        assert change_id is not None
        return change_id

    def test_says_that_a_new_account_waits_and_offers_no_number_that_came_with_it(
        self, officer: Actor, change_id: UUID, sign_in: SignInAs
    ) -> None:
        browser = sign_in(officer)
        page = browser.get("payments.index")
        assert "Bank details were changed on" in page.text

        page = browser.click(page, "Ring them")

        assert "We knew no number before the change." in page.text
        assert "They say it is right" not in page.text

    def test_keeps_the_note_of_a_call(
        self, app: Flask, officer: Actor, change_id: UUID, sign_in: SignInAs
    ) -> None:
        browser = sign_in(officer)
        browser.get("payments.index")
        data = {"words": "Rosie says yes."}
        assert browser.post("payments.call", data, change_id=change_id).status == 409
        with app.app_context(), transaction() as session:
            session.execute(
                text("UPDATE catalogue_bank_changes SET ring_at_phone = '0113 496 0000'")
            )

        page = browser.get("payments.call", change_id=change_id)
        assert "0113 496 0000" in page.text
        browser.submit(page, "They say it is right", words="Rosie says yes.")

        assert "Your note is kept." in browser.follow().text
        assert browser.get("payments.call", change_id=change_id).status == 404

    def test_is_not_found_by_strangers(
        self, make: Make, change_id: UUID, sign_in: SignInAs
    ) -> None:
        stranger = sign_in(make.officer(council_id=make.council()))

        assert stranger.get("payments.call", change_id=change_id).status == 404
        assert stranger.get("payments.take_out", item_id=uuid4()).status == 404
