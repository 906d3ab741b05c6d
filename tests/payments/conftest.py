"""What tests of money that comes in start from."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from marketplace.access.rules import Actor
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.payments import commands
from marketplace.payments.commands import SetBankAccount
from tests import stripe_double
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import ACCOUNT
from tests.payments.card_world import Cards
from tests.stripe_double import StripeDouble


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
def cards(
    app: Flask, funded: Funded, person: Browser, browser: Browser, stripe: StripeDouble
) -> Iterator[Cards]:
    """Let somebody pay by card, and prove the books afterwards."""
    cards = Cards(app, funded, person, stripe, browser)
    yield cards
    cards.books_fit()


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    """Return a finance officer whose council has an account."""
    officer = make.officer(council_id=funded.council_id, name="Olu Kent")
    wish = SetBankAccount(sort_code="010203", account_number=ACCOUNT, account_name="Ashdale")
    with transaction() as session:
        commands.set_bank_account(session, wish, by=officer, at=clock.now())
    return officer
