"""What the card company says is believed if its signature is right, once, and never more."""

import pytest
from flask import Flask

from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import commands
from marketplace.payments.rules import read_event
from tests.browser import Browser
from tests.factories.money import Funded
from tests.payments.pages import begin, has, send, tell
from tests.stripe_double import StripeDouble, event, signed


class TestWebhook:
    def test_refuses_what_is_forged(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        message = stripe.paid(begin(person))
        body, signature = signed(message)
        wrong = [
            (body, None),
            (body, ""),
            (body, "t=1,v1=é"),
            (body, signed(message, secret="whsec_other")[1]),
            (body.replace(b"2500", b"9900"), signature),
            (body, signed(message, ago=600)[1]),
            (b"\xff\xfe", signature),
            signed("no json"),
            signed("[]"),
            signed({"id": 7, "type": "x"}),
            signed({"id": "evt_\0", "type": "x"}),
        ]

        assert [send(browser, *each) for each in wrong] == [400] * len(wrong)
        assert has(funded) == Money(0)

    def test_refuses_everything_where_no_cards_are_taken(self, browser: Browser) -> None:
        body, signature = signed(event("customer.created", {}), secret="")

        assert send(browser, body, signature) == 400

    def test_takes_the_same_message_twice_and_days_late(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        message = stripe.paid(begin(person))
        # Stripe signs each try anew, however old the message is.
        late = message | {"created": message["created"] - 3 * 24 * 3600}

        assert [tell(browser, late) for _ in range(3)] == [200] * 3
        assert has(funded) == Money(25_00)

    def test_takes_a_refund_that_overtakes_the_payment(
        self, person: Browser, browser: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        top_up_id = begin(person)

        tell(browser, stripe.refunded(top_up_id, 10_00))
        tell(browser, stripe.paid(top_up_id))

        assert has(funded) == Money(15_00)
        page = person.get("payments.top_up_shown", top_up_id=top_up_id)
        assert "£10.00 was given back to the card." in page.text

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount_total": 1},
            {"currency": "eur"},
            {"id": "cs_test_other"},
            {"amount_total": "2500"},
            {"amount_total": None},
            {"metadata": None, "client_reference_id": None},
            {"payment_status": "unpaid"},
        ],
    )
    def test_keeps_and_answers_what_does_not_fit(
        self,
        person: Browser,
        browser: Browser,
        funded: Funded,
        stripe: StripeDouble,
        changed: dict[str, object],
    ) -> None:
        status = tell(browser, stripe.paid(begin(person), **changed))

        assert status == 200
        assert has(funded) == Money(0)

    def test_can_be_replayed(
        self, app: Flask, person: Browser, funded: Funded, stripe: StripeDouble
    ) -> None:
        message = stripe.paid(begin(person))
        with transaction() as session:
            # We fell over after keeping the message and before acting on it.
            commands.keep_event(session, read_event(message), at=clock.now())

        run = app.test_cli_runner()
        said = [run.invoke(args=["payments", "replay-events"]).output for _ in range(2)]

        assert said == ["paid_in: 1\nMessages looked at: 1.\n", "Messages looked at: 0.\n"]
        assert has(funded) == Money(25_00)
