"""Money that a person, or somebody for them, pays in by card: amounts, states, messages. Pure."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.budgets.rules import Funder
from marketplace.kernel.money import ZERO, Money
from marketplace.payments.errors import ForgedWebhookError, TopUpRefusedError

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


class EventKind(StrEnum):
    """What the card company tells us that we act on."""

    COMPLETED = "checkout.session.completed"
    SUCCEEDED = "checkout.session.async_payment_succeeded"
    FAILED = "checkout.session.async_payment_failed"
    EXPIRED = "checkout.session.expired"
    REFUNDED = "charge.refunded"


class EventOutcome(StrEnum):
    """What became of a message of the card company."""

    PAID_IN = "paid_in"
    TAKEN_BACK = "taken_back"
    NOTED = "noted"
    """It changed where the payment is, or nothing, and moved no money."""
    NOT_OURS = "not_ours"
    """A kind of message we do not act on, or about somebody else's payment."""
    UNKNOWN = "unknown"
    """It speaks of a payment that we do not know."""
    WRONG = "wrong"
    """It is about one of our payments, and says another amount, currency or session."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message of the card company: only what is needed of it, so that it may be kept."""

    event_id: str
    kind: str
    real_money: bool
    facts: Mapping[str, str | int | None]

    @property
    def top_up_id(self) -> UUID | None:
        """The payment it says it is about."""
        try:
            return UUID(str(self.facts["top_up"]))
        except ValueError:
            return None

    @property
    def amount(self) -> Money | None:
        """The amount it names, if that is one."""
        pence = self.facts["amount"]
        return Money(pence) if isinstance(pence, int) else None

    @property
    def is_in_pounds(self) -> bool:
        """Tell whether it is about pounds."""
        return self.facts["currency"] == CURRENCY

    @property
    def says_paid(self) -> bool:
        """Tell whether it says that the money was paid."""
        paid = self.facts["payment_status"] == "paid"
        return paid and self.kind in {EventKind.COMPLETED, EventKind.SUCCEEDED}


_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_BIGGEST = 2**53


def read_event(told: object) -> Event:
    """Keep what is needed of a message whose signature is right.

    Raises:
        ForgedWebhookError: it is no such message.
    """
    if not isinstance(told, dict):
        raise ForgedWebhookError("This is no message.")
    event_id, kind = _text(told.get("id")), _text(told.get("type"))
    if event_id is None or kind is None:
        raise ForgedWebhookError("This message has no id or type.")
    thing = _dict(_dict(told.get("data")).get("object"))
    refund = kind == EventKind.REFUNDED
    facts: dict[str, str | int | None] = {
        "session": None if refund else _text(thing.get("id")),
        "top_up": _text(_dict(thing.get("metadata")).get("top_up_id"))
        or _text(thing.get("client_reference_id")),
        "amount": _whole(thing.get("amount_refunded" if refund else "amount_total")),
        "currency": _text(thing.get("currency")),
        "payment_status": _text(thing.get("payment_status")),
        "payment": _text(thing.get("payment_intent")),
    }
    return Event(event_id, kind, told.get("livemode") is True, facts)


def funder_of(*, by_family: bool) -> Funder:
    """Return which of a person's lines money goes to: never one that a council pays into."""
    return Funder.FAMILY_TOP_UP if by_family else Funder.OWN_MONEY


def check_card_amount(amount: Money) -> Money:
    """Return an amount that a card can pay.

    Raises:
        TopUpRefusedError: it is too little or too much.
    """
    if amount < TOP_UP_MIN:
        raise TopUpRefusedError(f"A card payment is {TOP_UP_MIN} or more. Enter more than that.")
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


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value.replace(".", "_")) else None


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _BIGGEST else None
