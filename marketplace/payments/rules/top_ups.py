"""Money that a person, or somebody for them, pays in by card: amounts and states. Pure."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.budgets.rules import Funder
from marketplace.kernel.money import ZERO, Money
from marketplace.payments.errors import TopUpRefusedError

TOP_UP_MIN = Money(30)
"""The card company takes no less."""
TOP_UP_MAX = Money(10_000_00)
CURRENCY = "gbp"
NAME_LENGTH_MAX = 60


class TopUpState(StrEnum):
    """Where a payment by card is in its life."""

    ASKED = "asked"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The state in words."""
        return _STATE_WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, something to do, or bad."""
        return _STATE_TONES[self]


_STATE_WORDS: Mapping[TopUpState, str] = MappingProxyType(
    {
        TopUpState.ASKED: "Not paid yet",
        TopUpState.PAID: "Paid",
        TopUpState.FAILED: "The bank said no",
        TopUpState.EXPIRED: "Not paid in time",
    }
)
_STATE_TONES: Mapping[TopUpState, str] = MappingProxyType(
    {
        TopUpState.ASKED: "notice",
        TopUpState.PAID: "good",
        TopUpState.FAILED: "bad",
        TopUpState.EXPIRED: "quiet",
    }
)


def funder_of(*, by_family: bool) -> Funder:
    """Return which of a person's lines money goes to: never one that a council pays into."""
    return Funder.FAMILY_TOP_UP if by_family else Funder.OWN_MONEY


def check_card_amount(amount: Money) -> Money:
    """Return an amount that a card can pay.

    Raises:
        TopUpRefusedError: it is too little or too much.
    """
    if amount < TOP_UP_MIN:
        raise TopUpRefusedError(f"Enter {TOP_UP_MIN} or more. A card can pay no less.")
    if amount > TOP_UP_MAX:
        raise TopUpRefusedError(
            f"A card payment is {TOP_UP_MAX} or less. Pay more than that by bank transfer."
        )
    return amount


def to_take_back(*, refunded: Money, taken: Money, available: Money) -> Money:
    """Return how much of a refund comes out of the line now: never more than is still there."""
    return max(ZERO, min(refunded - taken, available))


def link_token(secret_key: str, link_id: UUID) -> str:
    """Return the secret of a family link.

    It is worked out of the market's own secret, so that the person can be shown their link again,
    while the database keeps nothing but its hash.
    """
    mac = hmac.new(secret_key.encode(), b"family-link/" + link_id.bytes, hashlib.sha256)
    return urlsafe_b64encode(mac.digest()[:24]).decode()


def token_hash(token: str) -> str:
    """Return what the database keeps of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
