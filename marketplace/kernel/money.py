"""Whole pence. No floats, no fractions, one currency."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from marketplace.kernel.errors import DomainError

PENCE_MAX = 10_000_000_00
"""Ten million pounds: more than any one amount in this market, and far inside a BIGINT."""

_TOO_LONG = re.compile(r"(?:[1-9][0-9]{8,}|[1-9][0-9]{0,2}(?:,[0-9]{3}){3,})(?:\.[0-9]*)?")
"""An amount, but one with more digits than any here has."""
_PLAIN = re.compile(r"(?:[0-9]{1,8}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]*))?")


class BadAmountError(DomainError):
    """What was typed is not an amount of money we can use."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of pounds sterling, in whole pence. May be negative: a movement out."""

    pence: int

    def __add__(self, other: Self) -> "Money":
        """Add two amounts."""
        return Money(self.pence + other.pence)

    def __sub__(self, other: Self) -> "Money":
        """Take one amount from another."""
        return Money(self.pence - other.pence)

    def __mul__(self, times: int) -> "Money":
        """Repeat an amount a whole number of times."""
        return Money(self.pence * times)

    def __neg__(self) -> "Money":
        """Turn an amount in into an amount out."""
        return Money(-self.pence)

    def __bool__(self) -> bool:
        """Tell whether there is any money at all."""
        return self.pence != 0

    def __str__(self) -> str:
        """Write the amount as people do: £1,234.50."""
        sign = "-" if self.pence < 0 else ""
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{sign}£{pounds:,}.{pence:02}"

    @classmethod
    def parse(cls, typed: str) -> "Money":
        """Read an amount as a person types it: ``£1,234.50``, ``1234.50`` or ``12``.

        Raises:
            BadAmountError: it is not a plain positive amount in pounds and pence.
        """
        text = typed.strip().removeprefix("£").strip()
        if text.startswith(("-", "\N{MINUS SIGN}")):
            raise BadAmountError("Enter an amount of more than nothing, like 12.50.")
        found = _PLAIN.fullmatch(text)
        if _TOO_LONG.fullmatch(text):
            raise BadAmountError(f"Enter an amount of no more than {cls(PENCE_MAX)}.")
        if not found:
            raise BadAmountError("Enter an amount in pounds, using the digits 0 to 9, like 12.50.")
        if found[1] is not None and len(found[1]) != 2:  # noqa: PLR2004
            raise BadAmountError("Write the pence with two digits, like 12.50.")
        pence = int(re.sub(r"[,.]", "", text)) * (1 if found[1] else 100)
        if pence > PENCE_MAX:
            raise BadAmountError(f"Enter an amount of no more than {cls(PENCE_MAX)}.")
        return cls(pence)


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """Add any number of amounts; nothing at all is nothing."""
    return Money(sum([amount.pence for amount in amounts]))


def percent_of(amount: Money, percent: int) -> Money:
    """Return a whole percentage of an amount, the odd part of a penny rounded down.

    Rounding down favours the one who pays: a late-cancellation share never exceeds its percentage.
    """
    return Money(amount.pence * percent // 100)
