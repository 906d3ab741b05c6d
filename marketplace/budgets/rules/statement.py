"""What happened to money, in words; plain ones for reasons that nobody has words for. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from marketplace.kernel.money import ZERO, Money

KINDS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "in": (
            "Money that came in",
            frozenset(
                {
                    *("instalment", "card", "bank-transfer", "family"),
                    *("flow-on", "pool-out", "dispute-won"),
                }
            ),
        ),
        "aside": ("Set aside for orders", frozenset({"hold"})),
        "paid": ("Paid for support", frozenset({"capture"})),
        "elsewhere": ("Bought elsewhere", frozenset({"elsewhere"})),
        "back": ("Given back", frozenset({"release", "refund", "elsewhere-back"})),
        "out": (
            "Money that went out",
            frozenset(
                {
                    *("card-refund", "card-dispute", "not-theirs", "clawback"),
                    *("asked-back", "closing", "pool-in"),
                }
            ),
        ),
    }
)
"""What a statement can be narrowed to: the words, and the ledger's reasons."""

_WITH: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "instalment": lambda who: f"Instalment from {who}",
        "hold": lambda who: f"Set aside for an order with {who}",
        "capture": lambda who: f"Paid to {who}",
        "release": lambda who: f"Not needed for the order with {who}, so back to spend",
        "refund": lambda who: f"Given back by {who}",
        "elsewhere": lambda what: f"Bought elsewhere: {what}",
        "elsewhere-back": lambda what: f"Taken back from what was bought elsewhere: {what}",
        "clawback": lambda who: f"Taken back by {who}",
    }
)
_WITHOUT: Mapping[str, str] = MappingProxyType(
    {
        "instalment": "An instalment came in",
        "card": "Paid in by card",
        "bank-transfer": "Paid in by bank transfer",
        "family": "Paid in by family",
        "hold": "Set aside for an order",
        "capture": "Paid for support",
        "release": "Not needed for an order, so back to spend",
        "refund": "Given back by a provider",
        "elsewhere": "Bought elsewhere",
        "elsewhere-back": "Taken back from what was bought elsewhere",
        "card-refund": "Given back to the card it came from",
        "card-dispute": "Held back: the bank of a card wants it back",
        "dispute-won": "Came back: the bank of a card has given it back",
        "not-theirs": "Taken back: it was paid in by mistake",
        "clawback": "Taken back by the council",
        "closing": "Owed back to you, because this money was closed",
        "asked-back": "Owed back to you, because you asked for it",
        "pool-in": "Put into a shared pot",
        "pool-out": "Taken out of a shared pot",
        "flow-on": "Came back from money that is closed",
    }
)
_OF_ITSELF: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "handover": (
            "Came over from other money here",
            "Went over to other money here",
            "Went from one money here to another",
        ),
    }
)
"""Reasons of which the way the money went says the rest: in, out, and neither."""
REASON_OF_DEED: Mapping[str, str] = MappingProxyType(
    {
        "instalment-paid": "instalment",
        "money-held": "hold",
        "more-money-held": "hold",
        "money-held-again": "hold",
        "money-paid": "capture",
        "money-released": "release",
        "money-refunded": "refund",
        "purchase-recorded": "elsewhere",
        "purchase-corrected": "elsewhere",
        "purchase-removed": "elsewhere-back",
        "pool-put-in": "pool-in",
        "pool-taken-out": "pool-out",
        "money-paid-in": "how",
        "money-taken-out": "why",
    }
)
"""Deeds of the audit trail that move money, each with the ledger's reason.

``how`` and ``why`` are names of details in which the reason stands.
"""


def words(reason: str, who: str, change: Money) -> str:
    """Return a movement in words; ``who`` is with whom, from whom or what, if that is known.

    A reason that nobody has words for yet is told by where the money went.
    """
    if who and reason in _WITH:
        return _WITH[reason](who)
    if reason in _WITHOUT:
        return _WITHOUT[reason]
    came, went, moved = _OF_ITSELF.get(reason, ("Money came in", "Money went out", "Money moved"))
    if change == ZERO:
        return moved
    return came if change > ZERO else went
