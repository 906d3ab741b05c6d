"""A wish to spend, and the answer to it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from marketplace.budgets.rules.words import RefusalReason
from marketplace.kernel.money import ZERO, Money, total


@dataclass(frozen=True, slots=True)
class Part:
    """What of a spend is for one category and one outcome."""

    category: str
    outcome_id: UUID | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A wish to spend with one provider. No lines named means the person's own sequence."""

    order_id: UUID
    council_id: UUID
    provider_id: UUID
    parts: tuple[Part, ...]
    line_ids: tuple[UUID, ...] = ()
    pool_id: UUID | None = None
    """Whose shared pot pays; None for the person's own lines."""
    from_council: bool = False
    """The council itself sells this."""
    agreed_before: bool = False
    """The other members of the pool said what they had to when it was first ordered."""

    @property
    def amount(self) -> Money:
        """What all of it costs."""
        return total(part.amount for part in self.parts)

    @property
    def category(self) -> str:
        """The category of the dearest part: one word for what it is."""
        dearest = max(self.parts, key=lambda part: part.amount, default=None)
        return dearest.category if dearest else ""

    @classmethod
    def of(  # noqa: PLR0913 - a spend has this many sides
        cls,
        amount: Money,
        *,
        order_id: UUID,
        council_id: UUID,
        provider_id: UUID,
        category: str,
        outcome_id: UUID | None = None,
        line_ids: tuple[UUID, ...] = (),
    ) -> "Spend":
        """Return a spend that is all for one category and one outcome."""
        return cls(
            order_id=order_id,
            council_id=council_id,
            provider_id=provider_id,
            parts=(Part(category, outcome_id, amount),),
            line_ids=line_ids,
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one line pays of one part of a spend."""

    line_id: UUID
    line_label: str
    amount: Money
    part: int = 0
    """Which part, counted from 0."""


@dataclass(frozen=True, slots=True)
class LimitAfter:
    """What may still be spent under a limit after a spend."""

    label: str
    remaining: str
    """An amount, or a number of orders, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What a share uses of a limit's window."""

    share: int
    """Which share, counted from 0."""
    limit_id: UUID
    amount: Money
    count: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether something may be bought, from which money, and what is left afterwards."""

    spend: Spend
    refusal: str = ""
    """The sentence for the person: which rule, whose, why, what is left, how to ask."""
    why: RefusalReason | None = None
    line_id: UUID | None = None
    limit_id: UUID | None = None
    remaining: Money = ZERO
    """What was left, of the money or under the limit that refused."""
    may_ask: bool = False
    """Somebody can be asked to let it through once."""
    answerer: str = ""
    """Who that is."""
    shares: tuple[Share, ...] = ()
    takings: tuple[Taking, ...] = ()
    excepted: frozenset[UUID] = frozenset()
    """Limits that are passed because somebody agreed to it once."""
    limits_after: tuple[LimitAfter, ...] = ()
    left_after: Money = ZERO

    @property
    def yes(self) -> bool:
        """Tell whether it may be bought."""
        return self.why is None

    @property
    def asks(self) -> bool:
        """Tell whether somebody must be asked first."""
        return self.why is RefusalReason.ASK

    @cached_property
    def by_line(self) -> Mapping[str, Money]:
        """What each line pays in all, by its words, in the sequence in which they pay."""
        paying: dict[str, Money] = {}
        for share in self.shares:
            paying[share.line_label] = paying.get(share.line_label, ZERO) + share.amount
        return paying
