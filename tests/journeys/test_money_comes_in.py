"""A person pays by card, an aunt gives with a link, a transfer comes; all of it is spent."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests import stripe_double
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said, send
from tests.stripe_double import StripeDouble, signed


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


def charge(browser: Browser, stripe: StripeDouble, top_up_id: str) -> None:
    """Let Stripe charge the card and say so."""
    body, signature = signed(stripe.paid(top_up_id))
    answer = browser.client.post(
        "/stripe/webhook", data=body, headers={"Stripe-Signature": signature}
    )
    assert answer.status_code == 200


def test_money_comes_in(
    make: Make, sign_in: SignInAs, browser: Browser, stripe: StripeDouble
) -> None:
    now = clock.now()
    day = clock.local_day(now)
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(10_00), starts_on=day, at=now)
    officer = make.officer(council_id=funded.council_id, name="Bernie Cleeve")
    make.bank_account(by=officer, at=now)
    person, desk = sign_in(funded.person), sign_in(officer)

    # Morgan pays £20.00 by card, on Stripe's page.
    page = person.click(person.get("budgets.wallet"), "Pay money in")
    said(page, "01-02-03", "There is no fee.")
    begun = send(person, page, "Go on to the card page", amount="20")
    assert begun.link("Go to the card page").startswith("https://checkout.stripe.com/")
    charge(browser, stripe, begun.url.rpartition("/")[2])
    said(person.click(begun, "Look again"), "can be spent")

    # Aunt Jo gives £5.00 with a link; of Morgan she sees the name that Morgan chose.
    made = send(person, person.get("payments.family"), "Make the link", shown_name="Mo")
    given = browser.get(made.link("/give/").partition(":5000")[2])
    said(given, "Give money to Mo", "It never makes the money from their council less.")
    not_said(given, "Reed", "20.00", "10.00")
    begun = send(browser, given, "Go on to the card page", amount="5", giver="Aunt Jo")
    charge(browser, stripe, begun.url.rpartition("/")[2])
    said(browser.click(begun, "Look again"), "Your gift came.")

    # A friend of Morgan's transfers £3.00 and misspells the reference.
    reference = make.pay_reference(funded, at=now)
    file = f"Date,Amount,Reference\n{day},3.00,{reference[:-1]}0\n{day},4.00,RENT\n".encode()
    desk.get("payments.upload_statement")
    desk.post("payments.upload_statement", {"file": (io.BytesIO(file), "today.csv")})
    checked = desk.follow()
    said(checked, "0 payments have a right reference", "The file does not say which account")
    send(desk, checked, "Take it in")
    waiting = desk.get("payments.money_in")
    said(waiting, "RENT", "It has no reference of anybody here.")
    rows = [link["href"] for link in waiting.soup.select("a[href^='/payments/lines/']")]
    for path in rows:
        line = desk.get(str(path))
        if "RENT" in line.text:
            send(desk, line, "Mark it as not ours", reason="Rent of a hall")
        else:
            send(desk, line, "Pay it in for Morgan Reed")
    said(desk.get("payments.money_in"), "Every payment of the statements so far has an owner.")

    # All of it can be spent: £10.00 of the council's, £23.00 of Morgan's own, £5.00 from family.
    said(person.get("budgets.wallet"), "£38.00")
    make.placed(funded=funded, price=Money(19_00), at=now, first_at=now + timedelta(days=2))
    said(person.get("budgets.wallet"), "There is £0.00 to spend.", "Set aside £38.00")
