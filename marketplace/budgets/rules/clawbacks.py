"""Asking money back: never silently, never what is set aside, never below nothing. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.budgets.errors import BadLineError
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import PENCE_MAX, ZERO, Money

WINDOW_DAYS = 28
WINDOW_DAYS_MIN = 14
WINDOW_DAYS_MAX = 365
CLAWBACK_WORDS_LENGTH_MAX = 2_000
FILE_BYTES_MAX = 5 * 1024 * 1024


class ClawbackEnd(StrEnum):
    """What was decided about a notice."""

    TAKE_ALL = "take_all"
    TAKE_PART = "take_part"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> str:
        """The decision in words."""
        return _ENDS[self]


_ENDS: Mapping[ClawbackEnd, str] = MappingProxyType(
    {
        ClawbackEnd.TAKE_ALL: "Take back all of it",
        ClawbackEnd.TAKE_PART: "Take back a part of it",
        ClawbackEnd.WITHDRAW: "Take nothing back",
    }
)


def objects_until(noticed_at: datetime, days: int) -> datetime:
    """Return the end of the last day on which the person may object, where they live."""
    return local_instant(local_day(noticed_at) + timedelta(days=days + 1), 0, 0)


def check_window(days: int) -> None:
    """Refuse a time to object that is too short, or that never ends.

    Raises:
        BadLineError: with what to do about it.
    """
    if not WINDOW_DAYS_MIN <= days <= WINDOW_DAYS_MAX:
        raise BadLineError(
            "days",
            f"Give them from {WINDOW_DAYS_MIN} to {WINDOW_DAYS_MAX} days to answer.",
        )


def check_asked_back(amount: Money, *, paid_in: Money) -> None:
    """Refuse to ask for nothing, or for more than was ever paid in.

    Raises:
        BadLineError: with what to do about it.
    """
    if amount <= ZERO or amount.pence > PENCE_MAX:
        raise BadLineError("amount", "Enter an amount of more than nothing, like 12.50.")
    if amount > paid_in:
        raise BadLineError("amount", f"Only {paid_in} was ever paid into this line.")


def wanted(end: ClawbackEnd, *, asked: Money, part: Money | None) -> Money:
    """Return how much is to be taken back, as it was decided.

    Raises:
        BadLineError: the part is nothing, all of it, or more.
    """
    if end is ClawbackEnd.TAKE_ALL:
        return asked
    if end is ClawbackEnd.WITHDRAW:
        return ZERO
    if part is None or not ZERO < part < asked:
        raise BadLineError("amount", f"Enter the part: more than nothing, and less than {asked}.")
    return part
