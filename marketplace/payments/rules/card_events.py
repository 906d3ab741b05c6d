"""What the card company tells us, and how much of it we keep. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import Money
from marketplace.payments.errors import ForgedWebhookError
from marketplace.payments.rules.top_ups import CURRENCY


class EventKind(StrEnum):
    """What the card company tells us that we act on."""

    COMPLETED = "checkout.session.completed"
    SUCCEEDED = "checkout.session.async_payment_succeeded"
    FAILED = "checkout.session.async_payment_failed"
    EXPIRED = "checkout.session.expired"
    REFUNDED = "charge.refunded"
    REFUND_CREATED = "refund.created"
    REFUND_UPDATED = "refund.updated"
    REFUND_FAILED = "refund.failed"
    DISPUTE_CREATED = "charge.dispute.created"
    DISPUTE_UPDATED = "charge.dispute.updated"
    DISPUTE_CLOSED = "charge.dispute.closed"
    FUNDS_WITHDRAWN = "charge.dispute.funds_withdrawn"
    FUNDS_REINSTATED = "charge.dispute.funds_reinstated"
    SETUP_DONE = "setup_intent.succeeded"
    INTENT_PAID = "payment_intent.succeeded"
    INTENT_FAILED = "payment_intent.payment_failed"
    INTENT_WAITS = "payment_intent.requires_action"
    METHOD_GONE = "payment_method.detached"
    ACCOUNT_UPDATED = "account.updated"
    TRANSFER_REVERSED = "transfer.reversed"


REFUND_KINDS = frozenset(
    {EventKind.REFUND_CREATED, EventKind.REFUND_UPDATED, EventKind.REFUND_FAILED}
)
"""About one refund, by its id."""
DISPUTE_KINDS = frozenset(
    {
        EventKind.DISPUTE_CREATED,
        EventKind.DISPUTE_UPDATED,
        EventKind.DISPUTE_CLOSED,
        EventKind.FUNDS_WITHDRAWN,
        EventKind.FUNDS_REINSTATED,
    }
)
"""About money that the bank of a card wants back."""
INTENT_KINDS = frozenset({EventKind.INTENT_PAID, EventKind.INTENT_FAILED, EventKind.INTENT_WAITS})
"""About a payment that was made without a page."""

_AMOUNTS: Mapping[str, str] = MappingProxyType(
    {
        EventKind.COMPLETED: "amount_total",
        EventKind.SUCCEEDED: "amount_total",
        EventKind.FAILED: "amount_total",
        EventKind.EXPIRED: "amount_total",
        EventKind.REFUNDED: "amount_refunded",
        EventKind.INTENT_PAID: "amount_received",
        EventKind.TRANSFER_REVERSED: "amount_reversed",
    }
)
"""Where a message names its amount, if not in ``amount``."""


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
    facts: Mapping[str, str | int | bool | None]

    def text(self, name: str) -> str:
        """Return a fact; empty if it is not there, or was not kept when this message came."""
        found = self.facts.get(name)
        return found if isinstance(found, str) else ""

    def id_of(self, name: str) -> UUID | None:
        """Return a fact that is an id of ours, if it is one."""
        try:
            return UUID(self.text(name))
        except ValueError:
            return None

    @property
    def top_up_id(self) -> UUID | None:
        """The payment it says it is about."""
        return self.id_of("top_up")

    @property
    def amount(self) -> Money | None:
        """The amount it names, if that is one."""
        pence = self.facts.get("amount")
        return Money(pence) if isinstance(pence, int) else None

    @property
    def is_in_pounds(self) -> bool:
        """Tell whether it is about pounds."""
        return self.text("currency") == CURRENCY

    @property
    def says_paid(self) -> bool:
        """Tell whether it says that the money was paid."""
        if self.kind == EventKind.INTENT_PAID:
            return self.text("status") == "succeeded"
        paid = self.text("payment_status") == "paid"
        return paid and self.kind in {EventKind.COMPLETED, EventKind.SUCCEEDED}


_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_BIGGEST = 2**53
_MISSING_MAX = 20


def read_event(told: object) -> Event:
    """Keep what is needed of a message whose signature is right.

    A message of another version of the interface is read like any other: what is needed of it has
    stood in the same places for years, and what is not there is missing, never guessed.

    Raises:
        ForgedWebhookError: it is no such message.
    """
    if not isinstance(told, dict):
        raise ForgedWebhookError("This is no message.")
    event_id, kind = _text(told.get("id")), _text(told.get("type"))
    if event_id is None or kind is None:
        raise ForgedWebhookError("This message has no id or type.")
    thing = _dict(_dict(told.get("data")).get("object"))
    named = _dict(thing.get("metadata"))
    facts: dict[str, str | int | bool | None] = {
        "session": None if kind == EventKind.REFUNDED else _text(thing.get("id")),
        "top_up": _text(named.get("top_up_id")) or _text(thing.get("client_reference_id")),
        "amount": _whole(thing.get(_AMOUNTS.get(kind, "amount"))),
        "currency": _text(thing.get("currency")),
        "payment_status": _text(thing.get("payment_status")),
        "payment": _text(thing.get("payment_intent")),
        "version": _text(told.get("api_version")),
        **_more(kind, thing, named),
    }
    return Event(event_id, kind, told.get("livemode") is True, facts)


def _more(
    kind: str, thing: Mapping[str, object], named: Mapping[str, object]
) -> dict[str, str | int | bool | None]:
    """Return what is kept of some kinds of message alone."""
    facts: dict[str, str | int | bool | None] = {}
    if kind in REFUND_KINDS:
        facts["card_refund"] = _text(named.get("card_refund_id"))
        facts["why"] = _text(thing.get("failure_reason"))
    elif kind in DISPUTE_KINDS:
        facts["why"] = _text(thing.get("reason"))
        facts["due_by"] = _whole(_dict(thing.get("evidence_details")).get("due_by"))
    elif kind in INTENT_KINDS:
        facts["payment"] = _text(thing.get("id"))
        facts["why"] = _text(_dict(thing.get("last_payment_error")).get("code"))
    elif kind == EventKind.SETUP_DONE:
        facts["regular"] = _text(named.get("regular_id"))
        facts["customer"] = _text(thing.get("customer"))
        facts["method"] = _text(thing.get("payment_method"))
    elif kind == EventKind.ACCOUNT_UPDATED:
        facts["ready"] = _can_be_paid(thing)
        facts["missing"] = missing_words(_dict(thing.get("requirements")).get("currently_due"))
    elif kind == EventKind.TRANSFER_REVERSED:
        facts["item"] = _text(named.get("item_id"))
    elif kind == EventKind.COMPLETED and thing.get("mode") == "setup":
        facts["mode"] = "setup"
    else:
        return {}
    facts["status"] = _text(thing.get("status"))
    return facts


def _can_be_paid(account: Mapping[str, object]) -> bool:
    able = _text(_dict(account.get("capabilities")).get("transfers")) == "active"
    return able and account.get("payouts_enabled") is True


def missing_words(due: object) -> str:
    """Return what the card company still wants to know of a provider, as it calls these things."""
    names = [name for each in due if (name := _text(each))] if isinstance(due, list) else []
    return " ".join(sorted(names)[:_MISSING_MAX])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value.replace(".", "_")) else None


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _BIGGEST else None
