"""Stripe Checkout: its own page takes the card, its signed messages say what was paid."""

import json
import logging
from functools import cache

import stripe
from stripe.params.checkout import SessionCreateParams

from marketplace.config import Settings
from marketplace.payments.adapters import CardPage, CardPages, OpenPage
from marketplace.payments.errors import CardPageError, ForgedWebhookError
from marketplace.payments.rules import CURRENCY

TIMEOUT_SECONDS = 20
RETRIES = 2
MESSAGE_BYTES_MAX = 512 * 1024

_log = logging.getLogger(__name__)


class StripePages:
    """Opens Stripe Checkout pages."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client = client

    def open(self, wish: OpenPage) -> CardPage:
        """Open a page; the payment's id is the key, so asking again gives the same page.

        Raises:
            CardPageError: Stripe does not answer, or says no.
        """
        try:
            session = self._client.v1.checkout.sessions.create(
                params=_asked(wish), options={"idempotency_key": f"top-up/{wish.top_up_id}"}
            )
        except stripe.StripeError as refusal:
            _log.warning("No card page for %s: %s", wish.top_up_id, type(refusal).__name__)
            raise CardPageError from refusal
        if not session.url:
            raise CardPageError
        return CardPage(session.id, session.url)


def card_pages(settings: Settings) -> CardPages | None:
    """Return what opens card pages; None if this installation takes no cards."""
    if not settings.takes_cards:
        return None
    return StripePages(client_of(settings))


def client_of(settings: Settings) -> stripe.StripeClient:
    """Return what asks Stripe with the key of this installation."""
    return _client(settings.stripe_key, settings.stripe_base)


def verified(message: bytes, signature: str, *, secret: str) -> object:
    """Return what Stripe said, once its signature is seen to be right and fresh.

    Raises:
        ForgedWebhookError: it was not Stripe who said it, or it cannot be read.
    """
    if not secret or len(message) > MESSAGE_BYTES_MAX:
        raise ForgedWebhookError("Nothing is expected from there.")
    try:
        stripe.WebhookSignature.verify_header(
            message, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE
        )
        told: object = json.loads(message)
    except (stripe.SignatureVerificationError, ValueError, TypeError, RecursionError):
        raise ForgedWebhookError("The signature is not right.") from None
    return told


def _asked(wish: OpenPage) -> SessionCreateParams:
    named = {"top_up_id": str(wish.top_up_id)}
    return {
        "mode": "payment",
        "client_reference_id": str(wish.top_up_id),
        "metadata": named,
        # The charge carries it too: a refund may be told before the payment is.
        "payment_intent_data": {"metadata": named},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": CURRENCY,
                    "unit_amount": wish.amount.pence,
                    "product_data": {"name": wish.words},
                },
            }
        ],
        "locale": "en-GB",
        "success_url": wish.back_url,
        "cancel_url": wish.back_url,
    }


@cache
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )
