"""Own money that goes back to the cards it came from, and what banks of cards want back. Pure.

The newest payment is given back first: what is left in a wallet is what came in last, and a card
that was used lately is the one that still exists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import ZERO, Money

CARD_WINDOW = timedelta(days=180)
"""After so long the banks of cards may say no, so older payments go back by bank transfer."""


class CardRefundState(StrEnum):
    """Where own money on its way back to a card is."""

    ASKED = "asked"
    SENT = "sent"
    """The card company has it, and has not said yet that it is done."""
    DONE = "done"
    REFUSED = "refused"
    """The card company said no at once; nothing moved."""
    FAILED = "failed"
    """The card's bank sent it back, even after it was said to be done."""

    @property
    def is_alive(self) -> bool:
        """Tell whether the money went back by the card, or may yet."""
        return self not in {CardRefundState.REFUSED, CardRefundState.FAILED}

    @property
    def is_counted(self) -> bool:
        """Tell whether the card company counts it, or may, among what was given back."""
        return self is not CardRefundState.REFUSED


class DisputeState(StrEnum):
    """Where a payment is that the payer's bank wants back."""

    ASKS = "asks"
    """The bank asks about it; no money has moved."""
    OPEN = "open"
    """The bank has taken the money, and the council may answer."""
    WON = "won"
    LOST = "lost"
    ENDED = "ended"
    """The bank only asked, and asks no more."""

    @property
    def is_over(self) -> bool:
        """Tell whether the bank has decided."""
        return self not in {DisputeState.ASKS, DisputeState.OPEN}

    @property
    def label(self) -> str:
        """The state in words."""
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, something to do, bad or quiet."""
        return _TONES[self]


_WORDS: Mapping[DisputeState, str] = MappingProxyType(
    {
        DisputeState.ASKS: "The bank asks about it",
        DisputeState.OPEN: "The bank wants it back",
        DisputeState.WON: "It stays paid",
        DisputeState.LOST: "The bank has taken it back",
        DisputeState.ENDED: "The bank asks no more",
    }
)
_TONES: Mapping[DisputeState, str] = MappingProxyType(
    {
        DisputeState.ASKS: "notice",
        DisputeState.OPEN: "notice",
        DisputeState.WON: "good",
        DisputeState.LOST: "bad",
        DisputeState.ENDED: "quiet",
    }
)
_STATES: Mapping[str, DisputeState] = MappingProxyType(
    {
        "warning_needs_response": DisputeState.ASKS,
        "warning_under_review": DisputeState.ASKS,
        "warning_closed": DisputeState.ENDED,
        "appeal_needs_response": DisputeState.OPEN,
        "appeal_under_review": DisputeState.OPEN,
        "needs_response": DisputeState.OPEN,
        "under_review": DisputeState.OPEN,
        "won": DisputeState.WON,
        "prevented": DisputeState.ENDED,
        "lost": DisputeState.LOST,
    }
)
_WHY: Mapping[str, str] = MappingProxyType(
    {
        "fraudulent": "The owner of the card says that they did not pay this.",
        "unrecognized": "The owner of the card does not know what this payment was.",
        "duplicate": "The owner of the card says that they paid twice.",
        "product_not_received": "The owner of the card says that they got nothing for it.",
        "credit_not_processed": "The owner of the card says that they should have got it back.",
        "bank_cannot_process": "The bank of the card could not book it.",
        "debit_not_authorized": "The owner of the account says that they did not allow this.",
        "insufficient_funds": "There was not enough money in the account of the card.",
    }
)


def dispute_state(status: str) -> DisputeState | None:
    """Return where a dispute is by the card company's word for it; None for a word we lack."""
    return _STATES.get(status)


def why_disputed(reason: str) -> str:
    """Say why a bank wants money back."""
    return _WHY.get(reason, "The bank of the card gave no reason that we know.")


@dataclass(frozen=True, slots=True)
class CardRoom:
    """How much of one payment by card can be given back to its card."""

    top_up_id: UUID
    room: Money


def room_left(*, paid: Money, refunded: Money, counted: Money) -> Money:
    """Return how much of a payment can still be given back to its card.

    ``refunded`` is all that the card company says was given back, ``counted`` what we asked for and
    it did not turn down.
    """
    by_others = given_by_others(refunded=refunded, counted=counted)
    return max(ZERO, paid - by_others - counted)


def given_by_others(*, refunded: Money, counted: Money) -> Money:
    """Return what was given back to a card on the card company's own pages, not by us.

    What we asked for is taken to be in ``refunded`` already: so nothing leaves a wallet twice, and
    the next message, or the answer that it was turned down, puts right what was too little.
    """
    return max(ZERO, refunded - counted)


def shared_out(owed: Money, rooms: Iterable[CardRoom]) -> list[CardRoom]:
    """Return how much goes back to which card; what no card can take is left for the bank."""
    found = []
    for each in rooms:
        part = min(owed, each.room)
        if part > ZERO:
            found.append(CardRoom(each.top_up_id, part))
            owed -= part
    return found
