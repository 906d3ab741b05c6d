"""Which of our own payments a line of the bank is about: money that went out, or came back. Pure.

A line is taken for a payment only if it names its reference and has its amount. Everything else
waits for a human.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import Money

_NAMED = re.compile(r"SUPPORT\s*([0-9]{1,9}-[0-9]{1,9})(?![0-9])", re.IGNORECASE)
_BARE = re.compile(r"(?<![0-9-])([0-9]{1,9}-[0-9]{1,9})(?![0-9-])")
_RUN = re.compile(r"(?:RUN\s*)?([0-9]{1,9})", re.IGNORECASE)
_WEEK, _MONTH = 7, 30

_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "AC01": "The account number is wrong.",
        "AC03": "The account number is wrong.",
        "AC04": "The account is closed.",
        "AC06": "The account is blocked.",
        "AC13": "The account is of another kind.",
        "AG01": "Such payments are not taken by this account.",
        "AM05": "It was paid twice.",
        "AM09": "The amount was wrong.",
        "BE01": "The name and the account do not belong together.",
        "BE04": "The address was missing.",
        "MD07": "The holder of the account has died.",
        "MS02": "The holder of the account sent it back.",
        "MS03": "The bank gives no reason.",
        "RC01": "The sort code is wrong.",
        "RR04": "The law did not allow it.",
    }
)
NO_REASON = "The bank sent it back and gives no reason."


@dataclass(frozen=True, slots=True)
class OurPayment:
    """One of our payments, as far as a line can be compared with it."""

    id: UUID
    reference: str
    amount: Money


class Age(StrEnum):
    """For how long something has been waiting."""

    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"

    @property
    def label(self) -> str:
        """The age in words."""
        return _AGE_WORDS[self]


_AGE_WORDS: Mapping[Age, str] = MappingProxyType(
    {Age.WEEK: "0 to 7 days", Age.MONTH: "8 to 30 days", Age.LONGER: "More than 30 days"}
)


def why_returned(code: str, more: str) -> str:
    """Return in words why the bank sent a payment back."""
    words = _REASONS.get(code.upper(), f"The bank’s reason is {code}." if code else "")
    return " ".join(each for each in (words, more) if each) or NO_REASON


def numbers_in(text: str) -> list[str]:
    """Return the numbers of our payments that a line names, like 12-3, each once."""
    named = _NAMED.findall(text)
    return list(dict.fromkeys(named or ([text.strip()] if _BARE.fullmatch(text.strip()) else [])))


def number_typed(typed: str) -> str | None:
    """Return the number of the payment that an officer means: SUPPORT 12-3, or 12-3."""
    found = _NAMED.fullmatch(typed.strip()) or _BARE.fullmatch(typed.strip())
    return found[1] if found else None


def run_typed(typed: str) -> int | None:
    """Return the number of the run that an officer means: run 12, or 12."""
    found = _RUN.fullmatch(typed.strip())
    return int(found[1]) if found else None


def number_of(reference: str) -> str:
    """Return the number in one of our references."""
    return reference.rpartition(" ")[2]


def which_payment(
    amount: Money, named: Iterable[OurPayment], *, taken: Collection[UUID], same_as: int | None
) -> tuple[UUID | None, str]:
    """Return which payment a line is about, or why a human must look.

    ``taken`` are the payments for which another line was taken, and ``same_as`` is the number of
    an earlier line that looks the same.
    """
    found = list(named)
    if not found:
        return None, "It names none of our payments."
    if len(found) > 1:
        return None, "It names more than one of our payments."
    payment = found[0]
    if same_as is not None:
        return None, f"It looks the same as line {same_as}. Was it paid twice?"
    if payment.amount != amount:
        return None, f"{payment.reference} is a payment of {payment.amount}."
    if payment.id in taken:
        return None, f"Another line was taken for {payment.reference} before. Was it paid twice?"
    return payment.id, ""


def age_of(since: date, today: date) -> Age:
    """Tell for how long something has been waiting."""
    days = (today - since).days
    if days <= _WEEK:
        return Age.WEEK
    return Age.MONTH if days <= _MONTH else Age.LONGER
