"""A provider stops: what that means for each order, and where each person is with it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from marketplace.orders.rules.words import day_words

NOTICE = timedelta(days=28)
"""What a provider is asked to leave people to find somebody else."""
GRACE = timedelta(days=7)
"""So long those of a store that a council suspended, or that closed, go on, unless it says else."""


class StopKind(StrEnum):
    """Why a provider stops."""

    SAID = "said"
    SUSPENDED = "suspended"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Why, in words."""
        return _KIND_WORDS[self]


class StopItemState(StrEnum):
    """What a person said about one order of a provider who stops."""

    WAITING = "waiting"
    CHOSEN = "chosen"
    ENDED = "ended"
    NOBODY = "nobody"


class Standing(StrEnum):
    """Where an order, or a person, is with a provider who stops, as the council sees it."""

    WAITING = "waiting"
    CHOSEN = "chosen"
    NOBODY = "nobody"
    MOVED = "moved"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The same in words."""
        return _STANDING_WORDS[self]

    @property
    def tone(self) -> str:
        """How it feels."""
        return "good" if self is Standing.MOVED else _TONES.get(self, "quiet")


def standing_of(state: StopItemState, *, new_is_held: bool, new_is_dead: bool) -> Standing:
    """Return where one order is: moved only once the money for the new one is set aside."""
    if state is not StopItemState.CHOSEN:
        return Standing(state.value)
    if new_is_dead:
        return Standing.WAITING
    return Standing.MOVED if new_is_held else Standing.CHOSEN


def standing_of_all(each: Iterable[Standing]) -> Standing:
    """Return where a person is with all their orders: what needs most to be done comes first."""
    found = set(each)
    first = (Standing.NOBODY, Standing.WAITING, Standing.CHOSEN, Standing.MOVED)
    return next((standing for standing in first if standing in found), Standing.ENDED)


def new_begins_on(last_on: date, *, today: date) -> date:
    """Return the first day on which somebody else can come instead."""
    return max(last_on, today) + timedelta(days=1)


def stops_words(provider: str, last_on: date) -> str:
    """Say why nothing can be ordered for later."""
    return f"{provider} stops. The last day they come is {day_words(last_on)}. Look for another."


def repeats_every(days: Iterable[date]) -> int:
    """Return after how many days visits come again: the shortest gap; a week if there is none."""
    known = sorted(set(days))
    gaps = [(later - earlier).days for earlier, later in pairwise(known)]
    return min(gaps, default=7)


_KIND_WORDS: Mapping[StopKind, str] = MappingProxyType(
    {
        StopKind.SAID: "They stop",
        StopKind.SUSPENDED: "The council has stopped sending people there",
        StopKind.CLOSED: "The store has closed",
    }
)
_STANDING_WORDS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.WAITING: "Waiting",
        Standing.CHOSEN: "Somebody new is chosen",
        Standing.NOBODY: "Nobody found",
        Standing.MOVED: "Moved",
        Standing.ENDED: "Ended",
    }
)
_TONES: Mapping[Standing, str] = MappingProxyType(
    {Standing.WAITING: "notice", Standing.CHOSEN: "info", Standing.NOBODY: "bad"}
)
