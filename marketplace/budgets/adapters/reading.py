"""From the numbers an engine brings to the pots and limits that a decision is made on."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from marketplace.budgets.rules import (
    Funder,
    Holder,
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Pot,
    Span,
    may_buy_with,
    window_of,
)
from marketplace.kernel.money import ZERO, Money


class StoredLine(NamedTuple):
    """What a decision needs of a line."""

    id: UUID
    council_id: UUID
    funder: str
    holder: str
    starts_on: date
    ends_before: date | None
    available_id: UUID
    held_id: UUID
    only_for: Sequence[str]


class StoredLimit(NamedTuple):
    """What a decision needs of a limit, and of the newest window in which it was used."""

    id: UUID
    window: str
    measure: str
    amount: Money
    count_max: int
    narrowed: str
    narrowed_to: Sequence[str]
    others: bool
    kind: str
    window_starts_on: date | None
    used: Money
    orders: int


def pot_of(line: StoredLine, available: Money, limits: Sequence[Limit]) -> Pot:
    """Return a line as a spend sees it, without its words."""
    return Pot(
        id=line.id,
        council_id=line.council_id,
        label="",
        available_account_id=line.available_id,
        held_account_id=line.held_id,
        available=available,
        starts_on=line.starts_on,
        ends_before=line.ends_before,
        limits=tuple(limits),
        next_instalment=None,
        may_buy=may_buy_with(Funder(line.funder), Holder(line.holder), only_for=line.only_for),
    )


def limit_of(stored: StoredLimit, day: date, line_starts_on: date) -> Limit:
    """Return a limit in the window of a day, without its words."""
    window, kind, measure, narrowed = _words(
        stored.window, stored.kind, stored.measure, stored.narrowed
    )
    span = _span(window, day, line_starts_on)
    is_now = stored.window_starts_on == span.starts_on  # if not, nothing is used of this window
    return Limit(
        id=stored.id,
        window=window,
        span=span,
        kind=kind,
        reason="",
        set_by_name="",
        amount=stored.amount,
        measure=measure,
        count_max=stored.count_max,
        narrowed=narrowed,
        narrowed_to=frozenset(stored.narrowed_to),
        others=stored.others,
        used=stored.used if is_now else ZERO,
        used_count=stored.orders if is_now else 0,
    )


@lru_cache(maxsize=256)
def _words(
    window: str, kind: str, measure: str, narrowed: str
) -> tuple[LimitWindow, LimitKind, Measure, Narrowing]:
    return LimitWindow(window), LimitKind(kind), Measure(measure), Narrowing(narrowed)


@lru_cache(maxsize=4096)
def _span(window: LimitWindow, day: date, line_starts_on: date) -> Span:
    return window_of(window, day, line_starts_on=line_starts_on)
