"""Where a standing order is in its life, by its first order and what was said since. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from marketplace.orders.rules.standing import Pattern
from marketplace.orders.rules.states import OrderState


class StandingState(StrEnum):
    """Where a standing order is in its life."""

    SUGGESTED = "suggested"
    SENT = "sent"
    OTHER_TIME = "other_time"
    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The state in words."""
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels."""
        return _TONES[self]

    @property
    def goes_on(self) -> bool:
        """Tell whether its weeks are ordered one after the other."""
        return self in {StandingState.RUNNING, StandingState.ENDING}


def standing_state(
    first: OrderState, *, accepted: bool, ended: bool, ends_before: date | None, today: date
) -> StandingState:
    """Return where a standing order is: until somebody took it on, where its first order is."""
    if ends_before is not None and ends_before <= today:
        return StandingState.ENDED
    if not accepted:
        return StandingState.ENDED if ended else _BY_FIRST.get(first, StandingState.ENDED)
    return StandingState.ENDING if ended else StandingState.RUNNING


def in_force(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """Return the patterns that count, in turn: a later one takes the place of all from its day."""
    counting: list[Pattern] = []
    for pattern in sorted(patterns, key=lambda each: each.number):
        counting = [each for each in counting if each.starts_on < pattern.starts_on]
        counting.append(pattern)
    return tuple(counting)


_BY_FIRST: Mapping[OrderState, StandingState] = MappingProxyType(
    {
        OrderState.PROPOSED: StandingState.SUGGESTED,
        OrderState.PLACED: StandingState.SENT,
        OrderState.CHANGE_PROPOSED: StandingState.OTHER_TIME,
    }
)
_WORDS: Mapping[StandingState, str] = MappingProxyType(
    {
        StandingState.SUGGESTED: "Waiting for a yes",
        StandingState.SENT: "Sent to the provider",
        StandingState.OTHER_TIME: "Another time suggested",
        StandingState.RUNNING: "Goes on",
        StandingState.ENDING: "Comes to an end",
        StandingState.ENDED: "Ended",
    }
)
_TONES: Mapping[StandingState, str] = MappingProxyType(
    {
        StandingState.SUGGESTED: "notice",
        StandingState.SENT: "info",
        StandingState.OTHER_TIME: "notice",
        StandingState.RUNNING: "good",
        StandingState.ENDING: "notice",
        StandingState.ENDED: "quiet",
    }
)
