"""Would a limit come between a person and food or safety? Then somebody looks twice. Pure."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from marketplace.budgets.rules.limiting import Limit, orders_words
from marketplace.budgets.rules.spends import Part
from marketplace.budgets.rules.trying import NOBODY, Bought, by_window
from marketplace.budgets.rules.words import LimitWindow, Measure, Narrowing
from marketplace.kernel.money import ZERO, Money

_FILE = Path(__file__).parent.parent.parent.parent / "seed" / "essentials.toml"
LOOK_BACK_WEEKS = 8
_WEEKS_OF_A_YEAR = 53
_PERIODS_OF_A_YEAR = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A standing order that goes on: what one period of four weeks costs, and for what."""

    provider_id: UUID
    parts: tuple[Part, ...]
    agreed: Money


@cache
def essentials() -> Mapping[str, str]:
    """Return the categories that are food and safety, in words, by slug."""
    groups = tomllib.loads(_FILE.read_text(encoding="utf-8")).values()
    return {slug: words for group in groups for slug, words in group.items()}


def second_look(
    limit: Limit,
    past: Sequence[Bought],
    standing: Sequence[Standing] = (),
    *,
    line_starts_on: date,
) -> list[str]:
    """Return why a limit may cut somebody off from food or safety; nothing if it does not.

    ``past`` is what they ordered in the last eight weeks, and what is still set aside from before.
    """
    if limit.is_ban:
        return [
            f"It stops what is bought for {words}."
            for slug, words in essentials().items()
            if _stops(limit, slug, past, standing)
        ]
    return [
        *_below_what_was_needed(limit, past, line_starts_on),
        *_below_what_goes_on(limit, standing),
    ]


def _stops(limit: Limit, slug: str, past: Sequence[Bought], standing: Sequence[Standing]) -> bool:
    if limit.narrowed in {Narrowing.NOTHING, Narrowing.CATEGORY}:
        return limit.covers(Part(slug, None, ZERO), NOBODY)
    # Who sells it, and for which outcome, is known from what was bought.
    bought = [(one.provider_id, part) for one in past for part in one.parts]
    goes_on = [(one.provider_id, part) for one in standing for part in one.parts]
    return any(
        part.category == slug and limit.covers(part, provider_id)
        for provider_id, part in [*bought, *goes_on]
    )


def _below_what_was_needed(
    limit: Limit, past: Sequence[Bought], line_starts_on: date
) -> Iterator[str]:
    needed = [
        replace(one, parts=tuple(part for part in one.parts if part.category in essentials()))
        for one in past
    ]
    windows = by_window(limit, [one for one in needed if one.parts], line_starts_on=line_starts_on)
    if not windows:
        return
    most, orders = max(amount for amount, _ in windows), max(count for _, count in windows)
    if limit.window is LimitWindow.YEAR:  # eight weeks are not a year
        most = Money(most.pence * _WEEKS_OF_A_YEAR // LOOK_BACK_WEEKS)
        orders = orders * _WEEKS_OF_A_YEAR // LOOK_BACK_WEEKS
    words = _words(
        part.category for one in needed for part in one.parts if limit.covers(part, one.provider_id)
    )
    if limit.measure is Measure.COUNT:
        if orders > limit.count_max:
            yield _sentence(limit, words, orders_words(orders), orders_words(limit.count_max))
    elif most > limit.amount:
        yield _sentence(limit, words, str(most), str(limit.amount))


def _below_what_goes_on(limit: Limit, standing: Sequence[Standing]) -> Iterator[str]:
    if limit.measure is Measure.COUNT:
        return
    for one in standing:
        slugs = [
            part.category
            for part in one.parts
            if part.category in essentials() and limit.covers(part, one.provider_id)
        ]
        times = _PERIODS_OF_A_YEAR if limit.window is LimitWindow.YEAR else 1
        if slugs and one.agreed * times > limit.amount:
            yield (
                f"A standing order for {_words(slugs)} needs {one.agreed} every four weeks, "
                "and this is less."
            )


def _sentence(limit: Limit, words: str, needed: str, most: str) -> str:
    if limit.window is LimitWindow.YEAR:
        return (
            f"As things were in the last {LOOK_BACK_WEEKS} weeks, a year needs {needed} for "
            f"{words}. This lets {most} through."
        )
    return (
        f"In the last {LOOK_BACK_WEEKS} weeks there was up to {needed} {limit.window.label} "
        f"for {words}. This lets {most} through."
    )


def _words(slugs: Iterable[str]) -> str:
    return " and ".join(essentials()[slug] for slug in dict.fromkeys(slugs))
