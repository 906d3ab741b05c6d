"""Deeds of the audit trail in words. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

ABOUT_ACCOUNTS = frozenset(
    {
        "account-made",
        "account-closed",
        "address-change-asked",
        "address-changed",
        "address-confirmed",
        "data-taken",
        "name-changed",
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
        "address-change-asked": "asked for another e-mail address",
        "address-changed": "changed the e-mail address",
        "name-changed": "changed the name",
        "data-taken": "took away everything that is kept",
        "correction-asked": "asked to have something put right",
        "correction-answered": "answered what was asked to be put right",
        "council-view-chosen": "chose what a council sees",
        "password-changed": "changed the password",
        "signed-in": "signed in",
        "signed-out": "signed out",
        "supporter-invited": "invited somebody into the circle of support",
        "supporter-joined": "joined the circle of support",
        "supporter-changed": "changed what a supporter may do",
        "supporter-ended": "ended a supporter's part in the circle",
        "invitation-refused": "said no to joining the circle",
        "circle-rule-chosen": "chose how many yeses an order needs",
        "terms-declared": "said what they charge, and whom else they work for",
        "broker-offered": "offered to be a broker, for a fee",
        "broker-agreed": "said yes to a broker and their fee",
        "family-declared": "said that family is paid for support",
        "family-ended": "said that family is no longer paid",
        "family-agreed": "agreed, as the council, that family is paid",
        "family-refused": "said no, as the council, to family being paid",
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
        "order-yes": "said yes to a suggested order, which waits for more",
        "order-dissent": "said no to a suggested order, which others may still agree to",
        "order-not-held": "said yes to an order, but its money could not be set aside",
        "order-approved": "said yes to an order",
        "suggestion-turned-down": "said no to an order",
        "suggestion-taken-back": "took a suggestion back",
        "order-confirmed-knowing": "placed an order, knowing who else earns from it",
        "order-placed": "placed an order",
        "order-accepted": "accepted an order",
        "order-declined": "declined an order",
        "change-proposed": "asked for another time",
        "change-agreed": "agreed to another time",
        "change-turned-down": "turned another time down",
        "order-cancelled": "cancelled an order",
        "purchase-recorded": "wrote down something bought elsewhere",
        "purchase-corrected": "put right something bought elsewhere",
        "purchase-removed": "took out something bought elsewhere",
        "alerts-chosen": "chose what to be told about money",
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
        "money-taken-out": "took money out",
        "money-paid-in": "paid money in",
        "top-up-asked": "began to pay money in by card",
        "top-up-settled": "dealt with a card payment",
        "family-link-made": "made a link for money from family",
        "family-link-ended": "ended a link for money from family",
        "bank-account-set": "said into which account people pay",
        "statement-uploaded": "uploaded a bank statement",
        "statement-taken-in": "took a bank statement in",
        "statement-dropped": "put a bank statement away",
        "bank-line-matched": "said whose a payment is",
        "bank-line-not-ours": "marked a payment as not for the market",
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
