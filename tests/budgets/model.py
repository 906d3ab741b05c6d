"""What should become of a wallet's money, in plain numbers and days.

It knows nothing of the program: pence are ints, lines and limits are names. It keeps no balance and
no counter: each is added up anew from what every share of every order was given and gave back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Wish = tuple[str, UUID | None, int]
"""Category, outcome, pence."""


def day_in_london(at: datetime) -> date:
    """Return which day it is for people."""
    return at.astimezone(LONDON).date()


@dataclass(eq=False)
class Line:
    """A funding line."""

    id: UUID
    starts_on: date
    yearly: int
    not_for: frozenset[str] = frozenset()
    ends_before: date | None = None
    paid_in: int = 0
    instalments: int = 0
    """How many were paid."""

    def is_open(self, day: date) -> bool:
        """Tell whether it may pay on a day."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def pay_due(self, day: date) -> None:
        """Pay in what is due: a thirteenth every four weeks, the odd pennies first."""
        while True:
            due = self.starts_on + timedelta(weeks=4 * self.instalments)
            if due > day or (self.ends_before is not None and due >= self.ends_before):
                return
            self.paid_in += self.yearly // 13 + (self.instalments % 13 < self.yearly % 13)
            self.instalments += 1


@dataclass(eq=False)
class Limit:
    """A spending limit: pence, or orders, in a window."""

    id: UUID
    line: Line
    window: str
    most: int
    counts: bool = False
    narrowed: str = ""
    to: frozenset[str] = frozenset()
    others: bool = False
    ended: bool = False

    def begins(self, day: date) -> date:
        """Return the first day of the window in which a day lies."""
        start = self.line.starts_on
        if self.window == "week":
            year, week, _ = day.isocalendar()
            return date.fromisocalendar(year, week, 1)
        if self.window == "four_weeks":
            return day - timedelta(days=(day - start).days % 28)
        if self.window == "month":
            return date(day.year, day.month, 1)
        if self.window == "year":
            births = [_birthday(start, day.year - 1), _birthday(start, day.year)]
            return max(birth for birth in births if birth <= day)
        return start if self.window == "ever" else day

    def about(self, category: str, outcome: UUID | None, provider: UUID) -> bool:
        """Tell whether it counts something."""
        if not self.narrowed:
            return True
        value = {"category": category, "outcome": str(outcome), "provider": str(provider)}
        return (value[self.narrowed] in self.to) != self.others


@dataclass(eq=False)
class Share:
    """What a line pays of a part of an order."""

    line: Line
    category: str
    outcome: UUID | None
    held: int
    captured: int = 0
    released: int = 0
    refunded: int = 0
    uses: dict[UUID, date] = field(default_factory=dict)
    """Of which limits it uses something, each with the first day of the window."""

    @property
    def open(self) -> int:
        """What is set aside."""
        return self.held - self.captured - self.released

    @property
    def kept(self) -> int:
        """What did not go back."""
        return self.held - self.released - self.refunded


@dataclass(eq=False)
class Order:
    """An order and its money."""

    id: UUID
    provider: UUID
    made_on: date
    tolerance: int
    shares: list[Share] = field(default_factory=list)
    counted: dict[UUID, date] = field(default_factory=dict)
    """Which limits count it as an order, each with the first day of the window."""

    def sum(self, what: str) -> int:
        """Add something up over the shares."""
        return sum(getattr(share, what) for share in self.shares)

    def forget_empty(self) -> None:
        """Let limits of which the order uses nothing any more not count it."""
        for limit_id in list(self.counted):
            if not any(share.kept for share in self.shares if limit_id in share.uses):
                del self.counted[limit_id]


@dataclass(eq=False)
class Leave:
    """A limit that somebody agreed to let one order pass."""

    limit: Limit
    provider: UUID
    most: int
    until: datetime
    used: bool = False


@dataclass(eq=False)
class Wallet:
    """Everything of one person."""

    lines: list[Line] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    exceptions: list[Leave] = field(default_factory=list)

    def available(self, line: Line) -> int:
        """Return what a line has to spend."""
        return line.paid_in - sum(share.kept for share in self._shares(line))

    def held(self, line: Line) -> int:
        """Return what a line has set aside."""
        return sum(share.open for share in self._shares(line))

    def earned(self) -> int:
        """Return what providers have earned."""
        return sum(order.sum("captured") - order.sum("refunded") for order in self.orders)

    def used(self, limit: Limit, begins: date) -> int:
        """Return what was spent under a limit in a window."""
        return sum(
            share.kept for share in self._shares(limit.line) if share.uses.get(limit.id) == begins
        )

    def orders_under(self, limit: Limit, begins: date) -> int:
        """Return how many orders a limit counts in a window."""
        return sum(order.counted.get(limit.id) == begins for order in self.orders)

    def hold(
        self, order: Order, wishes: Sequence[Wish], at: datetime, named: Sequence[Line] = ()
    ) -> bool:
        """Set money aside for an order, or for more of it; tell whether that was allowed."""
        day = day_in_london(at)
        paying = self._pay(wishes, day, named)
        if paying is None:
            return False
        passed = [
            limit
            for limit in self.limits
            if not limit.ended and self._stops(limit, order, paying, day)
        ]
        exceptions = [
            self._exception(limit, order, sum(w[2] for w in wishes), at) for limit in passed
        ]
        if None in exceptions:
            return False
        for exception in exceptions:
            assert exception is not None
            exception.used = True
        self._take(order, paying, day)
        return True

    def capture(self, order: Order, amount: int, at: datetime, first: Sequence[Wish] = ()) -> bool:
        """Pay a provider; a little more than is set aside if that was agreed."""
        more = amount - order.sum("open")
        if more > 0:
            last = order.shares[-1]
            wish = (last.category, last.outcome, more)
            if more > order.tolerance or not self.hold(order, [wish], at):
                return False
            order.tolerance -= more
        for share, part in _spread(order.shares, amount, first):
            share.captured += part
        return True

    def release(self, order: Order, amount: int, first: Sequence[Wish] = ()) -> bool:
        """Put back what is set aside, the last line first."""
        if amount > order.sum("open"):
            return False
        for share, part in _spread(order.shares, amount, first, last_first=True):
            share.released += part
        order.forget_empty()
        return True

    def refund(self, order: Order, amount: int) -> bool:
        """Give back what was paid, in the shares in which it was paid."""
        if amount > order.sum("captured") - order.sum("refunded"):
            return False
        goal = _proportion(order.sum("refunded") + amount, [s.captured for s in order.shares])
        back = [want - share.refunded for want, share in zip(goal, order.shares, strict=True)]
        if min(back) < 0:
            back = _proportion(amount, [share.captured - share.refunded for share in order.shares])
        for share, part in zip(order.shares, back, strict=True):
            share.refunded += part
        order.forget_empty()
        return True

    def set_limit(self, limit: Limit, at: datetime) -> None:
        """Set a limit; what was spent in its window counts already."""
        self.limits.append(limit)
        if limit.window == "order":
            return
        now = limit.begins(day_in_london(at))
        for order in self.orders:
            if limit.window != "ever" and limit.begins(order.made_on) != now:
                continue
            for share in order.shares:
                mine = share.line is limit.line and share.kept
                if mine and limit.about(share.category, share.outcome, order.provider):
                    share.uses[limit.id] = order.counted[limit.id] = now

    def _shares(self, line: Line) -> Iterable[Share]:
        return (share for order in self.orders for share in order.shares if share.line is line)

    def _pay(
        self, wishes: Sequence[Wish], day: date, named: Sequence[Line]
    ) -> list[tuple[Line, int, Wish]] | None:
        if any(not line.is_open(day) for line in named):
            return None
        lines = list(named) or [line for line in self.lines if line.is_open(day)]
        left = {line.id: self.available(line) for line in lines}
        may = [[line for line in lines if wish[0] not in line.not_for] for wish in wishes]
        paying = []
        for number in sorted(range(len(wishes)), key=lambda number: len(may[number])):
            category, outcome, missing = wishes[number]
            for line in may[number]:
                some = min(left[line.id], missing)
                if some:
                    left[line.id] -= some
                    missing -= some
                    paying.append((line, number, (category, outcome, some)))
            if missing:
                return None
        return sorted(paying, key=lambda each: (lines.index(each[0]),))

    def _stops(
        self, limit: Limit, order: Order, paying: list[tuple[Line, int, Wish]], day: date
    ) -> bool:
        mine = [
            wish
            for line, _, wish in paying
            if line is limit.line and limit.about(wish[0], wish[1], order.provider)
        ]
        if not mine:
            return False
        if limit.counts:
            counted = limit.id in order.counted
            return not counted and self.orders_under(limit, limit.begins(day)) >= limit.most
        if limit.window == "order":
            used = sum(
                share.kept
                for share in order.shares
                if share.line is limit.line
                and limit.about(share.category, share.outcome, order.provider)
            )
        else:
            used = self.used(limit, limit.begins(day))
        return sum(wish[2] for wish in mine) > max(limit.most - used, 0)

    def _exception(self, limit: Limit, order: Order, amount: int, at: datetime) -> Leave | None:
        for one in self.exceptions:
            fits = one.limit is limit and one.provider == order.provider and not one.used
            if fits and one.most >= amount and one.until > at:
                return one
        return None

    def _take(self, order: Order, paying: list[tuple[Line, int, Wish]], day: date) -> None:
        for line, _, (category, outcome, amount) in paying:
            share = Share(line, category, outcome, amount)
            for limit in self.limits:
                if limit.ended or limit.line is not line or limit.window == "order":
                    continue
                if limit.about(category, outcome, order.provider):
                    share.uses[limit.id] = limit.begins(day)
                    order.counted.setdefault(limit.id, limit.begins(day))
            order.shares.append(share)


def _birthday(of: date, year: int) -> date:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (of.month, of.day) == (2, 29) and not is_leap:
        return date(year, 3, 1)
    return date(year, of.month, of.day)


def _spread(
    shares: Sequence[Share], amount: int, first: Sequence[Wish], *, last_first: bool = False
) -> list[tuple[Share, int]]:
    """Take an amount: first what is said for a category and outcome, then the rest in sequence."""
    meant = [0] * len(shares)
    for category, outcome, rest in first:
        for number, share in enumerate(shares):
            if (share.category, share.outcome) == (category, outcome):
                some = min(rest, share.open - meant[number])
                meant[number] += some
                rest -= some  # noqa: PLW2901 - what is left of it
    numbers = range(len(shares))[::-1] if last_first else range(len(shares))
    taken = [0] * len(shares)
    for most in (meant, [share.open for share in shares]):
        for number in numbers:
            some = min(amount, most[number] - taken[number])
            if some > 0:
                taken[number] += some
                amount -= some
    return list(zip(shares, taken, strict=True))


def _proportion(amount: int, parts: Sequence[int]) -> list[int]:
    """Share an amount out in proportion; each rounded up, of what is left."""
    shares = []
    rest, whole = amount, sum(parts)
    for part in parts:
        share = (rest * part + whole - 1) // whole if rest else 0
        shares.append(share)
        rest -= share
        whole -= part
    return shares
