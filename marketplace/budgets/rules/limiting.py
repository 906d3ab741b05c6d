"""A spending limit as it stands today: what it is about, what is used, what is left. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from marketplace.budgets.rules.spends import Part, Taking
from marketplace.budgets.rules.windows import Span
from marketplace.budgets.rules.words import LimitKind, LimitWindow, Measure, Narrowing
from marketplace.kernel.money import ZERO, Money, total

_NO_WALL = Money(2**31 - 1)
"""More than anybody spends, and as large as a number of orders can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A spending limit, in the window that today lies in, and what of it is used."""

    id: UUID
    window: LimitWindow
    span: Span
    kind: LimitKind
    reason: str
    set_by_name: str
    amount: Money = ZERO
    measure: Measure = Measure.AMOUNT
    count_max: int = 0
    narrowed: Narrowing = Narrowing.NOTHING
    narrowed_to: frozenset[str] = frozenset()
    others: bool = False
    about: str = ""
    """What it is narrowed to, in words: "getting around"."""
    asks_name: str = ""
    used: Money = ZERO
    used_count: int = 0

    @property
    def remaining(self) -> Money:
        """What may still be spent in this window; nothing, for a limit that counts orders."""
        return max(self.amount - self.used, ZERO)

    @property
    def remaining_count(self) -> int:
        """How many more orders there may be in this window; 0 for a limit on amounts."""
        return max(self.count_max - self.used_count, 0)

    @property
    def left(self) -> str:
        """What is left, in words: "£12.00", or "2 orders"."""
        if self.measure is Measure.COUNT:
            return orders_words(self.remaining_count)
        return str(self.remaining)

    @property
    def walls(self) -> tuple[Money, int]:
        """The most money and the most orders that its counters may ever show."""
        if self.measure is Measure.COUNT:
            return _NO_WALL, self.count_max
        return self.amount, _NO_WALL.pence

    @property
    def is_ban(self) -> bool:
        """Tell whether it allows nothing at all of what it is about: a block or an allow list."""
        most = self.count_max if self.measure is Measure.COUNT else self.amount.pence
        return most == 0

    @property
    def label(self) -> str:
        """The limit in words: "£30.00 for one order", "nothing for holidays"."""
        most = orders_words(self.count_max) if self.measure is Measure.COUNT else str(self.amount)
        said = {"most": most, "window": self.window.label, "about": self.about}
        return self.sentence % said

    @property
    def sentence(self) -> str:
        """The limit in words that a page can say in its own language, with places in them."""
        if self.is_ban and self.others:
            return "only %(about)s"
        if self.is_ban:
            return "nothing on %(about)s" if self.about else "nothing"
        if not self.about:
            return "%(most)s %(window)s"
        if self.others:
            return "%(most)s %(window)s on everything but %(about)s"
        return "%(most)s %(window)s on %(about)s"

    @property
    def answerer(self) -> str:
        """Who is asked for leave to go past it."""
        return self.asks_name or self.set_by_name

    def covers(self, part: Part, provider_id: UUID) -> bool:
        """Tell whether the limit is about a part of a spend."""
        if self.narrowed is Narrowing.NOTHING:
            return True
        return (_VALUE[self.narrowed](part, provider_id) in self.narrowed_to) is not self.others

    def allows(self, amount: Money, *, counted: bool = False) -> bool:
        """Tell whether so much more may be spent under it, by an order it may have counted."""
        if self.measure is Measure.COUNT:
            return counted or self.remaining_count > 0
        return amount <= self.remaining

    def after(self, takings: Iterable[Taking]) -> "Limit":
        """Return the limit as it stands when some shares have used of it."""
        mine = [taking for taking in takings if taking.limit_id == self.id]
        if not mine:
            return self
        return replace(
            self,
            used=self.used + total(taking.amount for taking in mine),
            used_count=self.used_count + sum(taking.count for taking in mine),
        )


def covered(limit: Limit, parts: Iterable[tuple[Part, Money]], provider_id: UUID) -> Money:
    """Return how much of what a line pays, part by part, a limit is about."""
    return total(amount for part, amount in parts if limit.covers(part, provider_id))


def orders_words(count: int) -> str:
    """Write a number of orders: "1 order", "3 orders"."""
    return f"{count} order" if count == 1 else f"{count} orders"


def _category(part: Part, _provider_id: UUID) -> str:
    return part.category


def _provider(_part: Part, provider_id: UUID) -> str:
    return str(provider_id)


def _outcome(part: Part, _provider_id: UUID) -> str:
    return str(part.outcome_id)


_VALUE: Mapping[Narrowing, Callable[[Part, UUID], str]] = MappingProxyType(
    {
        Narrowing.CATEGORY: _category,
        Narrowing.PROVIDER: _provider,
        Narrowing.OUTCOME: _outcome,
    }
)
