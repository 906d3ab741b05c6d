"""Pays by card and uploads files as people do, for tests of pages."""

import io
from uuid import UUID

from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Funder
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import commands
from tests.browser import Browser, Page
from tests.factories.money import Funded
from tests.stripe_double import signed


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


def upload(browser: Browser, content: bytes) -> Page:
    browser.get("payments.upload_statement")
    return browser.post("payments.upload_statement", {"file": (io.BytesIO(content), "march.csv")})


def take_in(browser: Browser, content: bytes) -> None:
    upload(browser, content)
    browser.submit(browser.follow(), "Take it in")


def reference_of(funded: Funded, *, by_family: bool = False) -> str:
    with transaction() as session:
        return commands.make_reference(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            by_family=by_family,
            at=clock.now(),
        )
