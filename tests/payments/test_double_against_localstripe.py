"""The stand-in for Stripe answers as localstripe does, where that one knows the same: the cards.

localstripe is a program of its own, in a process of its own; nothing of it is imported.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import stripe

from tests import stripe_double

STARTS_WITHIN_SECONDS = 10
Answers = dict[str, object]


@pytest.fixture(scope="module")
def localstripe() -> Iterator[str]:
    """Run localstripe on a free port; skip loudly if it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        if not _answers(process, address):
            pytest.skip("LOCALSTRIPE DID NOT START: the stand-in for Stripe is NOT cross-checked")
        yield address
    finally:
        process.terminate()
        process.wait()


def _answers(process: subprocess.Popen[bytes], address: str) -> bool:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(f"{address}/js.stripe.com/v3/")
        except URLError as refusal:
            if isinstance(refusal.reason, ConnectionError):
                time.sleep(0.1)
                continue
        return True
    return False


def play(address: str, keep_card: Callable[[stripe.StripeClient, str], str]) -> Answers:
    """Ask the same things, and return what we read of the answers, without the names given."""
    client = stripe.StripeClient(
        stripe_double.KEY, base_addresses={"api": address}, max_network_retries=0
    )
    customer = client.v1.customers.create(params={"metadata": {"regular_id": "r"}})
    method = keep_card(client, customer.id)
    wish: Any = {
        "amount": 25_00,
        "currency": "gbp",
        "customer": customer.id,
        "payment_method": method,
        "off_session": True,
        "confirm": True,
        "metadata": {"top_up_id": "t"},
    }
    paid, again = (
        client.v1.payment_intents.create(params=wish, options={"idempotency_key": "take/t"})
        for _ in range(2)
    )
    refunds = [
        client.v1.refunds.create(
            params={
                "payment_intent": paid.id,
                "amount": amount,
                "metadata": {"card_refund_id": str(amount)},
            },
            options={"idempotency_key": f"card-refund/{amount}"},
        )
        for amount in (10_00, 15_00, 15_00)
    ]
    listed = client.v1.refunds.list(params={"payment_intent": paid.id, "limit": 100})
    return {
        "customer": (customer.object, customer.id[:4], _named(customer), customer.email),
        "intent": (paid.object, paid.id[:3], paid.status, paid.amount, paid.currency),
        "intent names": (paid.customer == customer.id, _named(paid), paid.last_payment_error),
        "same key": again.id == paid.id,
        "refunds": [
            (each.object, each.id[:3], each.status, each.amount, each.currency, _named(each))
            for each in refunds
        ],
        "refunds name": [each.payment_intent == paid.id for each in refunds],
        "same refund": refunds[1].id == refunds[2].id,
        "listed": sorted((each.amount, each.id) for each in listed.data)
        == sorted({(each.amount, each.id) for each in refunds}),
        "no to canceling": _refusal(lambda: client.v1.payment_intents.cancel(paid.id)),
        "no to unknown": _refusal(
            lambda: client.v1.refunds.create(params={"payment_intent": "pi_0"})
        ),
        "no to unknown card": _refusal(
            lambda: client.v1.payment_intents.create(params=wish | {"payment_method": "pm_0"})
        ),
    }


def _named(thing: Any) -> dict[str, str]:  # noqa: ANN401
    return dict(thing.metadata.to_dict())


def _refusal(call: Callable[[], object]) -> str:
    try:
        call()
    except stripe.StripeError as refusal:
        return type(refusal).__name__
    return "it said yes"


@pytest.mark.sqlite_only
def test_both_answer_alike(localstripe: str) -> None:
    def type_a_card(client: stripe.StripeClient, customer: str) -> str:
        method = client.v1.payment_methods.create(
            params={
                "type": "card",
                "card": {
                    "number": "4242424242424242",
                    "exp_month": 12,
                    "exp_year": 2040,
                    "cvc": "123",
                },
            }
        )
        client.v1.payment_methods.attach(method.id, params={"customer": customer})
        return method.id

    theirs = play(localstripe, type_a_card)
    with stripe_double.running() as (double, address):
        ours = play(address, lambda _client, customer: double.things.keep_card(customer))

    # localstripe forgets keys at once; Stripe keeps them for a day, and so does our stand-in.
    for key in ("same key", "same refund"):
        assert (ours.pop(key), theirs.pop(key)) == (True, False)
    assert ours == theirs
    assert ours["no to canceling"] == "InvalidRequestError"
    assert ours["refunds name"] == [True, True, True]


def test_every_call_refuses_what_stripes_own_types_do_not_know() -> None:
    client_calls: list[Callable[[stripe.StripeClient, Any], object]] = [
        lambda client, more: client.v1.checkout.sessions.create(params=more),
        lambda client, more: client.v1.refunds.create(params=more),
        lambda client, more: client.v1.refunds.list(params=more),
        lambda client, more: client.v1.customers.create(params=more),
        lambda client, more: client.v1.payment_intents.create(params=more),
        lambda client, more: client.v1.payment_intents.cancel("pi_0", params=more),
        lambda client, more: client.v1.accounts.create(params=more),
        lambda client, more: client.v1.accounts.retrieve("acct_0", params=more),
        lambda client, more: client.v1.account_links.create(params=more),
        lambda client, more: client.v1.transfers.create(params=more),
        lambda client, more: client.v1.transfers.list(params=more),
    ]
    with stripe_double.running() as (double, address):
        client = stripe.StripeClient(
            stripe_double.KEY, base_addresses={"api": address}, max_network_retries=0
        )
        for call in client_calls:
            with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: colour"):
                call(client, {"colour": "red"})

    assert len(set(double.paths)) == len(client_calls) == len(stripe_double.CALLS)


def test_looks_into_what_is_nested() -> None:
    with stripe_double.running() as (_, address):
        client = stripe.StripeClient(
            stripe_double.KEY, base_addresses={"api": address}, max_network_retries=0
        )
        wish: Any = {"mode": "setup", "setup_intent_data": {"usage": "off_session"}}
        with pytest.raises(stripe.InvalidRequestError, match=r"setup_intent_data\.usage"):
            client.v1.checkout.sessions.create(params=wish)
        account: Any = {"capabilities": {"transfers": {"wanted": True}}}
        with pytest.raises(stripe.InvalidRequestError, match=r"capabilities\.transfers\.wanted"):
            client.v1.accounts.create(params=account)
