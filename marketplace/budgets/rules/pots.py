"""A funding line as a spend sees it: what it has, what it may buy, what limits it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from marketplace.budgets.rules.funding import ANYTHING, MayBuy
from marketplace.budgets.rules.limiting import Limit
from marketplace.budgets.rules.spends import Part, Spend, Taking
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """A funding line as a spend sees it."""

    id: UUID
    council_id: UUID
    label: str
    available_account_id: UUID
    held_account_id: UUID
    available: Money
    starts_on: date
    ends_before: date | None
    limits: tuple[Limit, ...]
    next_instalment: tuple[date, Money] | None
    may_buy: MayBuy = ANYTHING
    pool_id: UUID | None = None
    is_mine: bool = True
    """False for another member's share in a pool: its limits are their own affair."""

    def is_open(self, day: date) -> bool:
        """Tell whether the line may pay on a day."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def refuses(self, part: Part, spend: Spend) -> str:
        """Return the funder's rule against buying a part with this money; "" if there is none."""
        return self.may_buy.against(part.category, from_council=spend.from_council)

    def after(self, paid: Money, takings: Sequence[Taking]) -> "Pot":
        """Return the pot as it stands when it has paid so much, and its limits are used so."""
        limits = tuple(limit.after(takings) for limit in self.limits)
        return replace(self, available=self.available - paid, limits=limits)
