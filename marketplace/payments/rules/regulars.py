"""Own money that is paid in regularly by card: how often, when next, the words of the yes. Pure.

The card company keeps the card; we keep its name for it. The person says yes once, proves to their
bank once that it is them, and stops it with one tap.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.money import Money

FAILURES_MAX = 3
"""After so many noes in a row we stop asking the card."""


class Every(StrEnum):
    """How often money is paid in."""

    FOUR_WEEKS = "four_weeks"
    MONTH = "month"

    @property
    def label(self) -> str:
        """How often, in words."""
        return _EVERY[self]


_EVERY: Mapping[Every, str] = MappingProxyType(
    {Every.FOUR_WEEKS: "every four weeks", Every.MONTH: "every month"}
)


class RegularState(StrEnum):
    """Where a regular payment is in its life."""

    ASKED = "asked"
    """The person has not been to the card company's page yet."""
    ON = "on"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """The state in words."""
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: something to do, good or quiet."""
        return _TONES[self]


_WORDS: Mapping[RegularState, str] = MappingProxyType(
    {
        RegularState.ASKED: "Not begun yet",
        RegularState.ON: "Going on",
        RegularState.STOPPED: "Stopped",
    }
)
_TONES: Mapping[RegularState, str] = MappingProxyType(
    {RegularState.ASKED: "notice", RegularState.ON: "good", RegularState.STOPPED: "quiet"}
)


def consent_words(amount: Money, every: Every, starts_on: str) -> str:
    """Return the words to which somebody says yes; ``starts_on`` is a day in words."""
    return (
        f"You may take {amount} from my card {every.label}, beginning on {starts_on}, and put it "
        "into my wallet. I can stop this at any time."
    )


def due_on(starts_on: date, every: Every, nth: int) -> date:
    """Return the day of the nth payment, from 0; a month that is too short gives its last day."""
    if every is Every.FOUR_WEEKS:
        return starts_on + timedelta(weeks=4 * nth)
    month = starts_on.month - 1 + nth
    year, month = starts_on.year + month // 12, month % 12 + 1
    return date(year, month, min(starts_on.day, monthrange(year, month)[1]))


def next_after(starts_on: date, every: Every, today: date) -> date:
    """Return the first day of payment after today: what was missed is not asked for later."""
    nth = 0
    while (found := due_on(starts_on, every, nth)) <= today:
        nth += 1
    return found
