"""What a funding line must be like. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from marketplace.budgets.errors import BadLineError
from marketplace.budgets.rules.funding import funder_rules
from marketplace.budgets.rules.words import Calendar, Funder, Holder
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import PENCE_MAX, ZERO, Money

START_AWAY_MAX = timedelta(days=2 * 366)
"""A start further away than this is a slip of the keyboard."""
END_AWAY_MAX = timedelta(days=50 * 366)
WORDS_LENGTH_MAX = 300
OUTCOMES_MAX = 20
HUNDRED = 100
SHARES_MAX = 6

_NAMED_HOLDERS = frozenset({Holder.REPRESENTATIVE, Holder.TRUST, Holder.THIRD_PARTY, Holder.ISF})


def check_amount(field: str, amount: Money) -> None:
    """Refuse an amount that is nothing or less, or more than anybody ever gets.

    Raises:
        BadLineError: with what to do about it.
    """
    if amount <= ZERO:
        raise BadLineError(field, "Enter an amount of more than nothing, like 12.50.")
    if amount.pence > PENCE_MAX:
        raise BadLineError(field, f"Enter an amount of no more than {Money(PENCE_MAX)}.")


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


def check_new_end(starts_on: date, ends_before: date | None, *, today: date) -> None:
    """Refuse an end that has passed already, that is not after the start, or a slip.

    Raises:
        BadLineError: with what to do about it.
    """
    if ends_before is None:
        return
    if ends_before <= starts_on:
        raise BadLineError("ends_before", "The money must end after the day it starts.")
    if ends_before <= today:
        raise BadLineError("ends_before", "That day has passed. Choose today or a later day.")
    if ends_before - today > END_AWAY_MAX:
        raise BadLineError("ends_before", "The end is more than fifty years away. Check the year.")


def check_holder(holder: Holder, holder_name: str, *, funder: Funder) -> None:
    """Refuse a holder whom the funder's rules do not allow, or whose name is missing.

    Raises:
        BadLineError: with what to do about it.
    """
    may_hold = funder_rules(funder).may_hold
    if holder not in may_hold:
        others = ", ".join(other.label.lower() for other in may_hold)
        raise BadLineError(
            "holder",
            f"{holder.label} cannot look after this money ({funder.label}). These can: {others}.",
        )
    if holder in _NAMED_HOLDERS and not holder_name.strip():
        raise BadLineError("holder_name", "Enter the name of who holds the money.")


def check_calendar(calendar: Calendar, yearly: Money) -> None:
    """Refuse a calendar without an amount, or an amount that nobody will pay in.

    Raises:
        BadLineError: with what to do about it.
    """
    if calendar is Calendar.AS_IT_COMES:
        if yearly:
            raise BadLineError(
                "yearly", "Leave the amount at 0: this money comes when somebody pays it in."
            )
        return
    check_amount("yearly", yearly)


def check_shares(percents: Sequence[int]) -> None:
    """Refuse shares that are not whole parts of one hundred.

    Raises:
        BadLineError: with what to do about it.
    """
    if not 1 < len(percents) <= SHARES_MAX:
        raise BadLineError("percent", f"Share the money between two and {SHARES_MAX} ways.")
    if any(not 0 < percent < HUNDRED for percent in percents):
        raise BadLineError("percent", "Each share is a whole number from 1 to 99.")
    if sum(percents) != HUNDRED:
        raise BadLineError("percent", f"The shares add up to {sum(percents)} percent. Make it 100.")


def check_not_own(person_id: UUID, *, by_user_id: UUID) -> None:
    """Refuse somebody who works for a council to decide for it about their own money.

    Raises:
        NotAllowedError: it is theirs.
    """
    if by_user_id == person_id:
        raise NotAllowedError("This is about your own money. A colleague has to do it.")


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
