"""Limits of one line that contradict each other, or of which one never matters. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from uuid import UUID

from marketplace.budgets.rules.limiting import Limit
from marketplace.budgets.rules.words import LimitKind, LimitWindow, Measure, Narrowing

_LONGEST: Mapping[LimitWindow, int] = MappingProxyType(
    {
        LimitWindow.ORDER: 1,
        LimitWindow.DAY: 1,
        LimitWindow.WEEK: 7,
        LimitWindow.FOUR_WEEKS: 28,
        LimitWindow.MONTH: 31,
        LimitWindow.YEAR: 366,
    }
)
"""The most days in a window; "ever" has no end."""
_SHORTEST: Mapping[LimitWindow, int] = MappingProxyType(
    {
        LimitWindow.DAY: 1,
        LimitWindow.WEEK: 7,
        LimitWindow.FOUR_WEEKS: 28,
        LimitWindow.MONTH: 28,
        LimitWindow.YEAR: 365,
    }
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two limits that do not fit together, or one that leaves nothing, and what is wrong."""

    words: str
    """What is wrong, with places for both: a page says it in its own language."""
    one: Limit
    other: Limit | None = None
    asks: str = ""
    """Who can be asked, if that would help."""

    @property
    def limit_ids(self) -> frozenset[UUID]:
        """Which limits it is about."""
        return frozenset({self.one.id} | ({self.other.id} if self.other else set()))

    @property
    def sentence(self) -> str:
        """What is wrong, in English."""
        other = _named(self.other) if self.other else ""
        return self.words % {"one": _named(self.one), "other": other, "asks": self.asks}


def contradictions(limits: Sequence[Limit]) -> list[Contradiction]:
    """Return what does not fit together among the limits of one line, in their order."""
    alone = [
        _stops_all(limit)
        for limit in limits
        if limit.is_ban and limit.narrowed is Narrowing.NOTHING
    ]
    pairs = (_clash(one, other) for one, other in combinations(limits, 2))
    return [*alone, *(found for found in pairs if found is not None)]


def never_matters(limit: Limit, beside: Limit) -> bool:
    """Tell whether whatever a limit stops is stopped by another one anyway.

    A limit that asks leaves room for a wider one that refuses, or that asks somebody else.
    """
    if beside.kind is LimitKind.ASK and (
        limit.kind is not LimitKind.ASK or limit.answerer != beside.answerer
    ):
        return False
    if not _is_about_all_of(beside, limit):
        return False
    if beside.is_ban:
        return True
    if limit.measure is not beside.measure:
        return False
    times = most_touched(limit.window, beside.window)
    return times is not None and _most(limit) >= times * _most(beside)


def most_touched(window: LimitWindow, other: LimitWindow) -> int | None:
    """Return how many windows of another kind one window can lie in at most; None if no end.

    A week can lie in two months, and a month in six weeks.
    """
    if window is other or other is LimitWindow.EVER:
        return 1
    if window is LimitWindow.EVER or other is LimitWindow.ORDER:
        return None
    days = _LONGEST[window]
    return 1 + -(-(days - 1) // _SHORTEST[other])


def leave_nothing(one: Limit, other: Limit) -> bool:
    """Tell whether two lists together leave nothing that may be bought."""
    if not _are_lists_of_one_kind(one, other):
        return False
    if one.others and other.others:
        return not one.narrowed_to & other.narrowed_to
    if one.others is other.others:
        return False
    allowed, blocked = (one, other) if one.others else (other, one)
    return allowed.narrowed_to <= blocked.narrowed_to


def _stops_all(limit: Limit) -> Contradiction:
    if asks := _asks([limit]):
        words = "%(one)s stops every order without asking %(asks)s first."
        return Contradiction(words, limit, asks=asks)
    return Contradiction("%(one)s stops every order.", limit)


def _clash(one: Limit, other: Limit) -> Contradiction | None:
    """Return what is wrong with two limits beside each other, if anything is."""
    if leave_nothing(one, other):
        asks = _asks([one, other])
        words = "%(one)s and %(other)s together leave nothing to buy."
        if asks:
            words = (
                "%(one)s and %(other)s together leave nothing to buy without asking %(asks)s first."
            )
        return Contradiction(words, one, other, asks)
    if _are_lists_of_one_kind(one, other) and one.others is not other.others:
        if one.narrowed_to & other.narrowed_to:
            allowed, blocked = (one, other) if one.others else (other, one)
            words = "%(one)s stops something that %(other)s lets through."
            return Contradiction(words, blocked, allowed)
        return None
    first, second = never_matters(one, other), never_matters(other, one)
    if first and second:
        return Contradiction("%(one)s and %(other)s say the same.", one, other)
    if first or second:
        idle, tight = (one, other) if first else (other, one)
        words = "%(one)s never matters, because %(other)s always comes first."
        return Contradiction(words, idle, tight)
    return None


def _are_lists_of_one_kind(one: Limit, other: Limit) -> bool:
    same = one.narrowed is other.narrowed and one.narrowed is not Narrowing.NOTHING
    return same and one.is_ban and other.is_ban


def _is_about_all_of(wide: Limit, narrow: Limit) -> bool:
    """Tell whether a limit is about everything that another one is about."""
    if wide.narrowed is Narrowing.NOTHING:
        return True
    if wide.narrowed is not narrow.narrowed:
        return False
    if wide.others:
        if narrow.others:
            return wide.narrowed_to <= narrow.narrowed_to
        return not wide.narrowed_to & narrow.narrowed_to
    return not narrow.others and narrow.narrowed_to <= wide.narrowed_to


def _most(limit: Limit) -> int:
    return limit.count_max if limit.measure is Measure.COUNT else limit.amount.pence


def _named(limit: Limit) -> str:
    label = f"\N{LEFT DOUBLE QUOTATION MARK}{limit.label}\N{RIGHT DOUBLE QUOTATION MARK}"
    return f"{label} (set by {limit.set_by_name})"


def _asks(limits: Sequence[Limit]) -> str:
    names = dict.fromkeys(limit.answerer for limit in limits if limit.kind is LimitKind.ASK)
    return " or ".join(names)


def clashing_with(limit: Limit, beside: Sequence[Limit]) -> Iterator[Contradiction]:
    """Yield what does not fit together once a limit is added to those that are there."""
    for found in contradictions([*beside, limit]):
        if limit.id in found.limit_ids:
            yield found
