"""Deeds of the audit trail in words. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

ABOUT_ACCOUNTS = frozenset(
    {
        "account-made",
        "account-closed",
        "address-confirmed",
        "password-changed",
        "signed-in",
        "signed-out",
    }
)
"""Deeds that are between a person and the market: their supporters do not see them."""

_DEED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "account-made": "made the account",
        "account-closed": "closed the account",
        "address-confirmed": "confirmed the e-mail address",
        "password-changed": "changed the password",
        "signed-in": "signed in",
        "signed-out": "signed out",
        "supporter-invited": "invited somebody into the circle of support",
        "supporter-joined": "joined the circle of support",
        "supporter-changed": "changed what a supporter may do",
        "supporter-ended": "ended a supporter's part in the circle",
        "invitation-refused": "said no to joining the circle",
        "person-added": "added a person to the council",
        "funding-line-opened": "opened a funding line",
        "instalment-paid": "paid in an instalment",
        "outcome-added": "added an outcome",
        "outcome-ended": "ended an outcome",
        "limit-set": "set a spending limit",
        "limit-ended": "ended a spending limit",
        "put-in-basket": "put something in the basket",
        "taken-out-of-basket": "took something out of the basket",
        "basket-changed": "changed the basket",
        "order-suggested": "suggested an order",
        "order-approved": "said yes to an order",
        "order-refused": "said no to an order",
        "order-placed": "placed an order",
        "order-accepted": "accepted an order",
        "order-declined": "declined an order",
        "change-proposed": "asked for another time",
        "change-agreed": "agreed to another time",
        "change-turned-down": "turned another time down",
        "order-cancelled": "cancelled an order",
        "money-held": "set money aside",
        "money-paid": "paid a provider",
        "money-released": "gave back money that was set aside",
        "money-refunded": "gave back money that was paid",
        "visit-noted": "wrote down what was delivered",
        "note-corrected": "put right what was written down",
        "visit-cancelled": "cancelled a visit",
        "visits-confirmed": "said what was delivered",
        "visit-queried": "asked about a visit",
        "invoice-credited": "took back an invoice, or a part of it",
        "order-rated": "rated an order",
        "rating-changed": "changed a rating",
        "rating-reported": "reported a rating",
        "rating-replied": "replied to a rating",
        "rating-hidden": "hid a rating",
        "rating-kept": "looked at a report and kept a rating",
        "rating-shown": "showed a rating again",
    }
)


def deed_words(what: str, *, who: str, for_whom: str) -> str:
    """Return a sentence about a deed: Sam Hill placed an order for you.

    A deed without words of its own is named by its code, in plain letters.
    """
    done = _DEED_WORDS.get(what)
    if done is None:
        done = f"did this: {what.replace('-', ' ')}"
    of_whom = f" for {for_whom}" if for_whom else ""
    return f"{who or 'The market'} {done}{of_whom}"
