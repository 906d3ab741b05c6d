"""Stripe without a page: refunds, payments off session, customers, provider accounts, transfers.

Each call has a key of its own, so asking again after a fall gives the same answer.
"""

import logging
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import stripe
from stripe.params import PaymentIntentCreateParams
from stripe.params.checkout import SessionCreateParams

from marketplace.config import Settings
from marketplace.kernel.money import Money
from marketplace.payments.adapters import (
    AccountStands,
    CardAnswer,
    CardMoney,
    CardPage,
    OpenSetup,
    Taking,
)
from marketplace.payments.adapters.stripe_pages import client_of
from marketplace.payments.errors import CardRefusedError, CardSilentError
from marketplace.payments.rules import CURRENCY, missing_words

Answer = TypeVar("Answer")
_FOUND_MAX = 100

_log = logging.getLogger(__name__)


class StripeMoney:
    """Moves money by Stripe."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    def refund(self, *, refund_id: UUID, payment: str, amount: Money) -> CardAnswer:
        """Give money back to the card of a payment."""
        done = _asked(
            lambda: self._v1.refunds.create(
                params={
                    "payment_intent": payment,
                    "amount": amount.pence,
                    "reason": "requested_by_customer",
                    "metadata": {"card_refund_id": str(refund_id)},
                },
                options={"idempotency_key": f"card-refund/{refund_id}"},
            )
        )
        return CardAnswer(done.id, done.status or "", done.failure_reason or "")

    def find_refund(self, *, refund_id: UUID, payment: str) -> CardAnswer | None:
        """Return a refund that was asked for before, if Stripe has it."""
        rows = _asked(
            lambda: self._v1.refunds.list(params={"payment_intent": payment, "limit": _FOUND_MAX})
        )
        for each in rows.data:
            named = each.metadata
            if named and "card_refund_id" in named and named["card_refund_id"] == str(refund_id):
                return CardAnswer(each.id, each.status or "", each.failure_reason or "")
        return None

    def make_customer(self, *, regular_id: UUID) -> str:
        """Make a customer whom Stripe knows by an id of ours alone."""
        made = _asked(
            lambda: self._v1.customers.create(
                params={"metadata": {"regular_id": str(regular_id)}},
                options={"idempotency_key": f"customer/{regular_id}"},
            )
        )
        return made.id

    def open_setup(self, wish: OpenSetup) -> CardPage:
        """Open a page on which a card is typed and its owner proves that it is theirs."""
        named = {"regular_id": str(wish.regular_id)}
        params: SessionCreateParams = {
            "mode": "setup",
            "customer": wish.customer,
            "client_reference_id": str(wish.regular_id),
            "metadata": named,
            "setup_intent_data": {"metadata": named},
            "allowed_payment_method_types": ["card"],
            "currency": CURRENCY,
            "locale": "en-GB",
            "success_url": wish.back_url,
            "cancel_url": wish.back_url,
        }
        page = _asked(
            lambda: self._v1.checkout.sessions.create(
                params=params, options={"idempotency_key": f"setup/{wish.regular_id}"}
            )
        )
        if not page.url:
            raise CardSilentError
        return CardPage(page.id, page.url)

    def take(self, wish: Taking) -> CardAnswer:
        """Take one regular payment from a card while its owner is not there."""
        params: PaymentIntentCreateParams = {
            "amount": wish.amount.pence,
            "currency": CURRENCY,
            "customer": wish.customer,
            "payment_method": wish.method,
            "allowed_payment_method_types": ["card"],
            "off_session": True,
            "confirm": True,
            "description": wish.words,
            "metadata": {"top_up_id": str(wish.top_up_id)},
        }
        done = _asked(
            lambda: self._v1.payment_intents.create(
                params=params, options={"idempotency_key": f"take/{wish.top_up_id}"}
            )
        )
        return CardAnswer(done.id, done.status, "")

    def give_up(self, *, payment: str) -> None:
        """Give a payment up that waits for its card, so that it is never taken any more."""
        _asked(lambda: self._v1.payment_intents.cancel(payment))

    def make_account(self, *, provider_id: UUID) -> str:
        """Make an account for a provider, who tells Stripe the rest on Stripe's own pages."""
        made = _asked(
            lambda: self._v1.accounts.create(
                params={
                    "controller": {
                        "stripe_dashboard": {"type": "express"},
                        "fees": {"payer": "application"},
                        "losses": {"payments": "application"},
                        "requirement_collection": "stripe",
                    },
                    "country": "GB",
                    "default_currency": CURRENCY,
                    "capabilities": {"transfers": {"requested": True}},
                    "metadata": {"provider_id": str(provider_id)},
                },
                options={"idempotency_key": f"account/{provider_id}"},
            )
        )
        return made.id

    def account_page(self, *, account_id: str, back_url: str, again_url: str) -> str:
        """Return a page, good for a few minutes, on which a provider tells Stripe about itself."""
        page = _asked(
            lambda: self._v1.account_links.create(
                params={
                    "account": account_id,
                    "type": "account_onboarding",
                    "return_url": back_url,
                    "refresh_url": again_url,
                }
            )
        )
        return page.url

    def account(self, *, account_id: str) -> AccountStands:
        """Return how a provider's account stands."""
        found = _asked(lambda: self._v1.accounts.retrieve(account_id))
        able = found.capabilities is not None and found.capabilities.transfers == "active"
        due = found.requirements.currently_due if found.requirements else None
        return AccountStands(
            ready=able and bool(found.payouts_enabled), missing=missing_words(list(due or ()))
        )

    def send(
        self, *, key: str, item_id: UUID, account_id: str, amount: Money, words: str
    ) -> CardAnswer:
        """Send money to a provider's account; the same key sends it once."""
        done = _asked(
            lambda: self._v1.transfers.create(
                params={
                    "amount": amount.pence,
                    "currency": CURRENCY,
                    "destination": account_id,
                    "description": words,
                    "transfer_group": key,
                    "metadata": {"item_id": str(item_id)},
                },
                options={"idempotency_key": key},
            )
        )
        return CardAnswer(done.id, "sent", "")

    def find_sent(self, *, key: str) -> CardAnswer | None:
        """Return what was sent under a key before, if Stripe has it."""
        rows = _asked(lambda: self._v1.transfers.list(params={"transfer_group": key, "limit": 1}))
        return CardAnswer(rows.data[0].id, "sent", "") if rows.data else None


def card_money(settings: Settings) -> CardMoney | None:
    """Return what moves money by card; None if this installation takes no cards."""
    if not settings.takes_cards:
        return None
    return StripeMoney(client_of(settings))


def _asked(call: Callable[[], Answer]) -> Answer:
    """Ask Stripe; tell a no, which stays one, from a silence, after which we ask again."""
    try:
        return call()
    except stripe.CardError as refusal:
        raise CardRefusedError(refusal.code or "card_declined", _payment_in(refusal)) from refusal
    except stripe.InvalidRequestError as refusal:
        _log.warning("Stripe says no: %s %s", refusal.code, refusal.param)
        if refusal.code in _LATER:
            raise CardSilentError from refusal
        raise CardRefusedError(refusal.code or "invalid_request", "") from refusal
    except stripe.StripeError as silence:
        _log.warning("Stripe does not answer: %s", type(silence).__name__)
        raise CardSilentError from silence


_LATER = frozenset({"balance_insufficient", "lock_timeout", "rate_limit"})
"""Noes that may be a yes later: there is not enough on the account, or too much is going on."""


def _payment_in(refusal: stripe.CardError) -> str:
    error = refusal.error
    intent = error.payment_intent if error is not None else None
    return intent.id if intent is not None else ""
