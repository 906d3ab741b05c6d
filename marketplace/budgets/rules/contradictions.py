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

    limit_ids: frozenset[UUID]
    sentence: str


def contradictions(limits: Sequence[Limit]) -> list[Contradiction]:
    """Return what does not fit together among the limits of one line, in their order."""
    alone = [
        Contradiction(
            frozenset({limit.id}),
            f"{_named(limit)} stops every order{_unless_asked([limit])}.",
        )
        for limit in limits
        if limit.is_ban and limit.narrowed is Narrowing.NOTHING
    ]
    pairs = (
        Contradiction(frozenset({one.id, other.id}), sentence)
        for one, other in combinations(limits, 2)
        if (sentence := _clash(one, other))
    )
    return [*alone, *pairs]


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


def _clash(one: Limit, other: Limit) -> str:
    """Return what is wrong with two limits beside each other; "" if nothing is."""
    if leave_nothing(one, other):
        ask = _unless_asked([one, other])
        return f"{_named(one)} and {_named(other)} together leave nothing to buy{ask}."
    if _are_lists_of_one_kind(one, other) and one.others is not other.others:
        if one.narrowed_to & other.narrowed_to:
            allowed, blocked = (one, other) if one.others else (other, one)
            return f"{_named(blocked)} stops something that {_named(allowed)} lets through."
        return ""
    first, second = never_matters(one, other), never_matters(other, one)
    if first and second:
        return f"{_named(one)} and {_named(other)} say the same."
    if first or second:
        idle, tight = (one, other) if first else (other, one)
        return f"{_named(idle)} never matters, because {_named(tight)} always comes first."
    return ""


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


def _unless_asked(limits: Sequence[Limit]) -> str:
    names = dict.fromkeys(limit.answerer for limit in limits if limit.kind is LimitKind.ASK)
    return f" without asking {' or '.join(names)} first" if names else ""


def clashing_with(limit: Limit, beside: Sequence[Limit]) -> Iterator[Contradiction]:
    """Yield what does not fit together once a limit is added to those that are there."""
    for found in contradictions([*beside, limit]):
        if limit.id in found.limit_ids:
            yield found
