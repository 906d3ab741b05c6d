"""How a circle decides, and what its members earn: pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import ZERO, Money

YESES_MAX = 2
FEE_WORDS_LENGTH_MAX = 500
STORES_MAX = 20
PERCENT_MAX = 100
TOGETHER_DAYS = 7
"""For so many days what a supporter orders from one store counts as one order."""


class FeePer(StrEnum):
    """For what a supporter's fee is paid."""

    NOTHING = "nothing"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"
    PERCENT = "percent"

    @property
    def label(self) -> str:
        """The choice in words, as the supporter reads it."""
        return _FEE_LABELS[self]


_FEE_LABELS: Mapping[FeePer, str] = MappingProxyType(
    {
        FeePer.NOTHING: "I take no fee",
        FeePer.HOUR: "So much an hour",
        FeePer.MONTH: "So much a month",
        FeePer.YEAR: "So much a year",
        FeePer.ONCE: "So much, once",
        FeePer.PERCENT: "A part of the budget, in percent",
    }
)
_FEE_ENDINGS: Mapping[FeePer, str] = MappingProxyType(
    {
        FeePer.HOUR: " an hour",
        FeePer.MONTH: " a month",
        FeePer.YEAR: " a year",
        FeePer.ONCE: ", once",
    }
)


def fee_words(per: FeePer, *, amount: Money | None, percent: int | None) -> str:
    """Write a fee: £25.00 an hour, 5% of the budget, no fee."""
    if per is FeePer.PERCENT:
        return f"{percent}% of the budget"
    if per is FeePer.NOTHING or amount is None:
        return "no fee"
    return f"{amount}{_FEE_ENDINGS[per]}"


def counts_from(today: date) -> date:
    """Return the first day from which a supporter's orders from one store count together today.

    What a supporter may spend at once, and from which price on an order waits for a yes, would
    mean nothing if one purchase could be cut into several orders. So what they set going in one
    store for one person counts as one order: today's and those of the six days before. The same
    thing once a week, on the same day of the week, stands alone.
    """
    return today - timedelta(days=TOGETHER_DAYS - 1)


def waits_for_a_yes(total: Money, *, asks_from: Money | None, before: Money = ZERO) -> bool:
    """Tell whether an order that a supporter may place by themselves still waits for a yes.

    ``before`` is what they ordered from the store in the days that count together, with nobody
    else's yes; something free adds nothing to it.
    """
    return asks_from is not None and total + (before if total else ZERO) >= asks_from


def is_too_much(total: Money, *, ceiling: Money | None, before: Money = ZERO) -> bool:
    """Tell whether an order is more than a supporter may set going.

    ``before`` is what they set going in the store in the days that count together.
    """
    return ceiling is not None and bool(total) and before + total > ceiling


def stuck_suggester(
    yeses: int, *, suggesters: Collection[UUID], approvers: Collection[UUID]
) -> UUID | None:
    """Return a supporter whose suggestions could never be agreed to; None if there is none.

    The person may always say yes; whoever suggests something never does.
    """
    return next(
        (one for one in sorted(suggesters) if 1 + len(set(approvers) - {one}) < yeses), None
    )
