"""What a limit would have done, had it been there: the past played again under it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from marketplace.budgets.rules.limiting import Limit, covered
from marketplace.budgets.rules.spends import Part
from marketplace.budgets.rules.windows import Span, window_of
from marketplace.kernel.money import ZERO, Money, total

NOBODY = UUID(int=0)
"""Who sold what was bought outside the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What one line paid, or still keeps, for one order or one thing bought elsewhere."""

    order_id: UUID
    on: date
    """The day it was ordered, where the person is."""
    provider_id: UUID
    parts: tuple[Part, ...]
    what: str = ""
    is_order: bool = True
    """What was bought elsewhere is written down afterwards, so nothing stops it."""

    @property
    def amount(self) -> Money:
        """What the line paid for it."""
        return total(part.amount for part in self.parts)

    def under(self, limit: Limit) -> Money:
        """Return how much of it a limit is about."""
        return covered(limit, ((part, part.amount) for part in self.parts), self.provider_id)

    def is_under(self, limit: Limit) -> bool:
        """Tell whether a limit is about any of it."""
        return any(limit.covers(part, self.provider_id) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a limit would have stopped of the orders of a time."""

    stopped: tuple[Bought, ...]
    orders: int
    """How many orders there were."""
    spent: Money
    """What they cost together."""

    @property
    def amount(self) -> Money:
        """What the orders cost that it would have stopped."""
        return total(one.amount for one in self.stopped)


def try_on(
    limit: Limit, past: Iterable[Bought], *, line_starts_on: date, since: date | None = None
) -> Trial:
    """Play the past again under a limit, order by order, in the order in which they were made.

    What it stops uses nothing of it. Orders before ``since`` count in their windows, but are not
    in the answer.
    """
    stopped: list[Bought] = []
    orders: list[Bought] = []
    for one, allowed in _play(limit, past, line_starts_on):
        if not one.is_order or (since is not None and one.on < since):
            continue
        orders.append(one)
        if not allowed:
            stopped.append(one)
    return Trial(
        stopped=tuple(stopped), orders=len(orders), spent=total(one.amount for one in orders)
    )


def by_window(
    limit: Limit, past: Sequence[Bought], *, line_starts_on: date
) -> list[tuple[Money, int]]:
    """Return what a limit would have counted in each of its windows: the amount, and the orders.

    Under a limit for one order, each order is a window of its own.
    """
    windows: dict[object, tuple[Money, int]] = {}
    for one in past:
        if not one.is_under(limit):
            continue
        span = window_of(limit.window, one.on, line_starts_on=line_starts_on)
        window = span.starts_on if limit.window.adds_up else one.order_id
        amount, count = windows.get(window, (ZERO, 0))
        windows[window] = (amount + one.under(limit), count + 1)
    return list(windows.values())


def _play(
    limit: Limit, past: Iterable[Bought], line_starts_on: date
) -> Iterator[tuple[Bought, bool]]:
    used: dict[date, tuple[Money, int]] = {}
    for one in past:
        span = window_of(limit.window, one.on, line_starts_on=line_starts_on)
        then = _on_that_day(limit, span, used.get(span.starts_on, (ZERO, 0)))
        allowed = not one.is_order or not one.is_under(limit) or then.allows(one.under(limit))
        if allowed and limit.window.adds_up and one.is_under(limit):
            used[span.starts_on] = (then.used + one.under(limit), then.used_count + 1)
        yield one, allowed


def _on_that_day(limit: Limit, span: Span, used: tuple[Money, int]) -> Limit:
    amount, count = used
    return replace(limit, span=span, used=amount, used_count=count)
