"""What a funding line must be like. Pure."""

from datetime import date, timedelta

from marketplace.budgets.errors import BadLineError
from marketplace.budgets.rules.words import Holder
from marketplace.kernel.money import ZERO, Money

START_AWAY_MAX = timedelta(days=2 * 366)
"""A start further away than this is a slip of the keyboard."""
WORDS_LENGTH_MAX = 300
OUTCOMES_MAX = 20

_NAMED_HOLDERS = frozenset({Holder.REPRESENTATIVE, Holder.TRUST, Holder.THIRD_PARTY, Holder.ISF})


def check_amount(field: str, amount: Money) -> None:
    """Refuse an amount that is nothing or less.

    Raises:
        BadLineError: with what to do about it.
    """
    if amount <= ZERO:
        raise BadLineError(field, "Enter an amount of more than nothing, like 12.50.")


def check_days(starts_on: date, ends_before: date | None, *, today: date) -> None:
    """Refuse a start that is a slip of the keyboard, and an end that is not after it.

    Raises:
        BadLineError: with what to do about it.
    """
    if abs(starts_on - today) > START_AWAY_MAX:
        raise BadLineError(
            "starts_on", "The start is more than two years from today. Check the year."
        )
    if ends_before is not None and ends_before <= starts_on:
        raise BadLineError("ends_before", "The money must end after the day it starts.")


def check_holder(holder: Holder, holder_name: str) -> None:
    """Refuse a holder whose name is missing, where the name is not known from who it is.

    Raises:
        BadLineError: with what to do about it.
    """
    if holder in _NAMED_HOLDERS and not holder_name.strip():
        raise BadLineError("holder_name", "Enter the name of who holds the money.")


def check_words(field: str, words: str, *, sentence: str) -> str:
    """Return words as they are kept, without the blanks around them.

    Raises:
        BadLineError: there are none, or more than anybody reads.
    """
    kept = " ".join(words.split())
    if not kept:
        raise BadLineError(field, sentence)
    if len(kept) > WORDS_LENGTH_MAX:
        raise BadLineError(field, f"Use at most {WORDS_LENGTH_MAX} characters.")
    return kept
