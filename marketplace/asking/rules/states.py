"""The life of an ask, and of an answer to it: which moves there are, and when they are due."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.asking.errors import AskOverError

CHOOSING_DAYS = 30
"""So long after the last day for answers somebody may still choose one."""
PRICE_DAYS, PRICE_DAYS_MAX = 365, 730
"""So long a price counts that was said without a last day, and at most with one."""
EXTEND_DAYS_MAX = 60
"""At most so many days ahead answers can be waited for."""


class AskState(StrEnum):
    """What has become of an ask."""

    OPEN = "open"
    CHOSEN = "chosen"
    FOUND_ELSEWHERE = "found_elsewhere"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"
    LAPSED = "lapsed"
    TAKEN_DOWN = "taken_down"

    @property
    def label(self) -> str:
        """The state in words, as whoever asked reads it."""
        return _LABELS[self]

    @property
    def tone(self) -> str:
        """How loud its tag is."""
        return _TONES.get(self, "quiet")


_LABELS: Mapping[AskState, str] = MappingProxyType(
    {
        AskState.OPEN: "Open",
        AskState.CHOSEN: "You chose an answer",
        AskState.FOUND_ELSEWHERE: "You found it elsewhere",
        AskState.WITHDRAWN: "You took it back",
        AskState.UNANSWERED: "Nobody answered",
        AskState.LAPSED: "Ended, nothing was chosen",
        AskState.TAKEN_DOWN: "Taken down by the council",
    }
)
_TONES: Mapping[AskState, str] = MappingProxyType(
    {
        AskState.OPEN: "info",
        AskState.CHOSEN: "good",
        AskState.UNANSWERED: "notice",
        AskState.TAKEN_DOWN: "bad",
    }
)


class Move(StrEnum):
    """What can happen to an ask."""

    CHOOSE = "choose"
    FIND_ELSEWHERE = "find_elsewhere"
    WITHDRAW = "withdraw"
    EXTEND = "extend"
    RUN_OUT = "run_out"
    LAPSE = "lapse"
    TAKE_DOWN = "take_down"


MOVES: Mapping[tuple[AskState, Move], AskState] = MappingProxyType(
    {
        (AskState.OPEN, Move.CHOOSE): AskState.CHOSEN,
        (AskState.OPEN, Move.FIND_ELSEWHERE): AskState.FOUND_ELSEWHERE,
        (AskState.OPEN, Move.WITHDRAW): AskState.WITHDRAWN,
        (AskState.OPEN, Move.EXTEND): AskState.OPEN,
        (AskState.OPEN, Move.RUN_OUT): AskState.UNANSWERED,
        (AskState.OPEN, Move.LAPSE): AskState.LAPSED,
        (AskState.OPEN, Move.TAKE_DOWN): AskState.TAKEN_DOWN,
        (AskState.UNANSWERED, Move.EXTEND): AskState.OPEN,
        (AskState.UNANSWERED, Move.TAKE_DOWN): AskState.TAKEN_DOWN,
    }
)
"""Every move there is. What is not here is refused."""

_OVER: Mapping[AskState, str] = MappingProxyType(
    {
        AskState.OPEN: "This is still open.",
        AskState.CHOSEN: "An answer to this was chosen already.",
        AskState.FOUND_ELSEWHERE: "This is closed: it was found elsewhere.",
        AskState.WITHDRAWN: "This was taken back.",
        AskState.UNANSWERED: "The time for answers to this is over, and nobody answered.",
        AskState.LAPSED: "This has ended.",
        AskState.TAKEN_DOWN: "The council has taken this down.",
    }
)


def next_state(now: AskState, move: Move) -> AskState:
    """Return what an ask is after a move.

    Raises:
        AskOverError: it cannot make this move any more.
    """
    found = MOVES.get((now, move))
    if found is None:
        raise AskOverError(_OVER[now])
    return found


class AnswerState(StrEnum):
    """What has become of a provider's answer."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    CHOSEN = "chosen"
    THANKED = "thanked"

    @property
    def label(self) -> str:
        """The state in words, as the provider reads it."""
        return {
            "standing": "You answered",
            "withdrawn": "You took your answer back",
            "chosen": "You were chosen",
            "thanked": "It is over",
        }[self.value]


class AnswerMove(StrEnum):
    """What can happen to an answer."""

    CHANGE = "change"
    WITHDRAW = "withdraw"
    CHOOSE = "choose"
    THANK = "thank"


ANSWER_MOVES: Mapping[tuple[AnswerState, AnswerMove], AnswerState] = MappingProxyType(
    {
        (AnswerState.STANDING, AnswerMove.CHANGE): AnswerState.STANDING,
        (AnswerState.STANDING, AnswerMove.WITHDRAW): AnswerState.WITHDRAWN,
        (AnswerState.STANDING, AnswerMove.CHOOSE): AnswerState.CHOSEN,
        (AnswerState.STANDING, AnswerMove.THANK): AnswerState.THANKED,
        (AnswerState.WITHDRAWN, AnswerMove.CHANGE): AnswerState.STANDING,
    }
)
"""Every move of an answer. What is not here is refused."""


def next_answer_state(now: AnswerState, move: AnswerMove) -> AnswerState:
    """Return what an answer is after a move.

    Raises:
        AskOverError: it cannot make this move any more.
    """
    found = ANSWER_MOVES.get((now, move))
    if found is None:
        raise AskOverError(
            "This answer was taken back."
            if now is AnswerState.WITHDRAWN
            else "This answer cannot be changed any more."
        )
    return found


def takes_answers(state: AskState, *, answers_until: date, on: date) -> bool:
    """Tell whether providers may answer on a day; the last day counts."""
    return state is AskState.OPEN and on <= answers_until


def unmet_on(asked_on: date, days: int) -> date:
    """Return from which day on a need is unmet if nobody has answered: all the days are over."""
    return asked_on + timedelta(days=days + 1)


def lapses_on(answers_until: date) -> date:
    """Return on which day an ask ends by itself that has answers of which none was chosen."""
    return answers_until + timedelta(days=CHOOSING_DAYS + 1)


def looked_at_on(on: date, *, unmet: date | None, answers_until: date, has_answers: bool) -> date:
    """Return on which day something may be due for an open ask, looked at on a day.

    ``unmet`` is the day on which it counts as unmet; None if it was counted.
    """
    over = answers_until + timedelta(days=1)
    if has_answers:
        return over if on < over else lapses_on(answers_until)
    return over if unmet is None else min(unmet, over)
