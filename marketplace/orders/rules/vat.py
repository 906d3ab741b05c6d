"""VAT inside gross prices: what is on a line, what an invoice adds up to, which numbers are real.

Prices are what people pay: VAT is a part of them. What is exempt and who is registered is said by
data (the categories, and what owners told us); here it is only worked out. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders.errors import BadVatError

WHOLE = 10_000
"""Rates are counted in hundredths of a percent."""
RATES: Sequence[tuple[date, int]] = ((date(2011, 1, 4), 20_00),)
"""The standard rate, from which day on: the newest first."""
ADDRESS_LENGTH_MAX = 300
WELFARE_WORDS = "Exempt from VAT: welfare services (VAT Act 1994, Schedule 9, Group 7)"
_DIGITS = re.compile(r"(?:GB|XI)?([0-9]{9})(?:[0-9]{3})?")
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_SINCE_2010 = 55


class LineVat(StrEnum):
    """How a line stands to VAT."""

    NONE = "none"
    """No VAT is shown: the seller is not registered, or we may not invoice in their name."""
    EXEMPT = "exempt"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True, order=True)
class Treatment:
    """How a line stands to VAT, and at which rate."""

    kind: LineVat
    rate: int = 0

    @property
    def label(self) -> str:
        """The treatment in words."""
        if self.kind is LineVat.STANDARD:
            return f"VAT at {rate_words(self.rate)}%"
        return WELFARE_WORDS if self.kind is LineVat.EXEMPT else "No VAT"


NO_VAT = Treatment(LineVat.NONE)


@dataclass(frozen=True, slots=True)
class VatSum:
    """What one treatment comes to on an invoice."""

    treatment: Treatment
    gross: Money
    vat: Money

    @property
    def net(self) -> Money:
        """The amount without VAT."""
        return self.gross - self.vat


def rate_words(rate: int) -> str:
    """Write a rate as people do: 20, 17.5."""
    return f"{rate / 100:g}"


def treatment_of(*, registered: bool, exempt: bool, welfare: bool, on: date) -> Treatment:
    """Return how a sale stands to VAT.

    ``exempt`` says that its category is welfare, ``welfare`` that this seller's welfare is exempt:
    they are regulated by the state, or a charity.
    """
    if not registered:
        return NO_VAT
    if exempt and welfare:
        return Treatment(LineVat.EXEMPT)
    return Treatment(LineVat.STANDARD, standard_rate(on))


def standard_rate(on: date) -> int:
    """Return the standard rate of a day."""
    return next((rate for since, rate in RATES if since <= on), RATES[-1][1])


def vat_in(gross: Money, rate: int) -> Money:
    """Return the VAT inside a price, to the nearest penny, a half upwards."""
    parts = WHOLE + rate
    return Money((2 * gross.pence * rate + parts) // (2 * parts))


def vat_of_lines(
    lines: Iterable[tuple[Money, Treatment]], before: Mapping[Treatment, Money] | None = None
) -> list[Money]:
    """Return the VAT of each line, so that those of one treatment add up to that of their sum.

    ``before`` is what papers before this one came to: what credit notes take back in pieces adds
    up, too, and all of it together is the VAT of the whole.
    """
    so_far, vats = dict(before or {}), []
    for gross, treatment in lines:
        earlier = so_far.get(treatment, ZERO)
        so_far[treatment] = earlier + gross
        vats.append(vat_in(earlier + gross, treatment.rate) - vat_in(earlier, treatment.rate))
    return vats


def vat_sums(lines: Iterable[tuple[Money, Money, Treatment]]) -> list[VatSum]:
    """Add lines (gross, VAT, treatment) up by their treatment, in a fixed order."""
    found: dict[Treatment, list[tuple[Money, Money]]] = {}
    for gross, vat, treatment in lines:
        found.setdefault(treatment, []).append((gross, vat))
    return [
        VatSum(treatment, total(gross for gross, _ in some), total(vat for _, vat in some))
        for treatment, some in sorted(found.items())
    ]


def vat_number(typed: str) -> str:
    """Return the nine digits of a VAT number.

    Raises:
        BadVatError: it has not nine digits, or they do not belong together.
    """
    found = _DIGITS.fullmatch(re.sub(r"[\s.\-]", "", typed).upper())
    if found is None or not found[1].isascii():
        raise BadVatError("number", "A VAT number has 9 digits, like GB 123 4567 82.")
    digits = found[1]
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    checked = weighed + int(digits[7:])
    if checked % 97 and (checked + _SINCE_2010) % 97:
        raise BadVatError("number", "This is not a VAT number. Look at the digits again.")
    return digits
