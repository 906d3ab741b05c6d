"""What a supporter of many people has to look at, and how urgent it is. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.money import Money

LOW_BELOW = Money(50_00)
"""Less than this is little, whatever somebody usually spends."""
LOW_WEEKS = 2
ENDS_WITHIN = timedelta(days=30)
ANSWERS_WITHIN = timedelta(days=30)


class DeskKind(StrEnum):
    """A kind of thing to look at, the most urgent first."""

    SUGGESTION = "suggestion"
    QUESTION = "question"
    OTHER_TIME = "other_time"
    VISITS = "visits"
    LATE = "late"
    LOW = "low"
    ANSWER = "answer"
    ENDING = "ending"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        """The kind, as the worklist calls it."""
        return _KINDS[self]

    @property
    def urgency(self) -> int:
        """Which kind comes first in the list."""
        return list(DeskKind).index(self)


_KINDS: Mapping[DeskKind, str] = MappingProxyType(
    {
        DeskKind.SUGGESTION: "Waits for your yes or no",
        DeskKind.QUESTION: "Somebody asks you",
        DeskKind.OTHER_TIME: "Another time is suggested",
        DeskKind.VISITS: "Did it happen?",
        DeskKind.LATE: "An instalment is late",
        DeskKind.LOW: "Money is low",
        DeskKind.ANSWER: "Your question is answered",
        DeskKind.ENDING: "Your part ends soon",
        DeskKind.WAITING: "Waits for the provider",
    }
)


def low_words(available: Money, usual_week: Money, *, below: Money = LOW_BELOW) -> str:
    """Say that money is low, and why it is called so; "" if it is not."""
    if available < below:
        return f"{available} is left. That is less than {below}."
    if available < usual_week * LOW_WEEKS:
        return (
            f"{available} is left. That is less than two weeks of what is usually spent, "
            f"{usual_week} a week."
        )
    return ""


def ends_soon(last_on: date | None, *, today: date) -> bool:
    """Tell whether somebody's part ends within thirty days."""
    return last_on is not None and last_on <= today + ENDS_WITHIN
