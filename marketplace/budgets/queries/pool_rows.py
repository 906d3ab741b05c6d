"""What the pages of pools show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketplace.budgets.rules import MemberState, RequestState
from marketplace.kernel.money import ZERO, Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolCard:
    """A pool in a list."""

    id: UUID
    name: str
    purpose: str
    council_id: UUID
    available: Money
    mine: Money
    """What this person's own shares have to spend."""
    members: int
    state: MemberState
    """Where this person stands with it."""
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolInvitation:
    """Somebody is asked into a pool."""

    id: UUID
    pool_id: UUID
    pool_name: str
    purpose: str
    council_name: str
    asked_by: str
    members: tuple[str, ...]
    words: str
    """What they would say yes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolShareRow:
    """A share of a pool: whose it is, who funds it, what it has."""

    line_id: UUID
    pool_id: UUID
    pool_name: str
    person_id: UUID
    funder: str
    is_private: bool
    """It is the person's own money, or their family's."""
    available: Money
    held: Money
    spent: Money
    closed: bool

    @property
    def left_over(self) -> Money:
        """What a closed share still has, because the line it came from is closed too."""
        return self.available if self.closed else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMemberRow:
    """Somebody in a pool, as the other members see them."""

    person_id: UUID | None
    name: str
    """A first name; the address, for whoever has not answered yet."""
    state: MemberState
    is_me: bool
    since: datetime
    shares: tuple[PoolShareRow, ...]

    @property
    def available(self) -> Money:
        """What their shares have to spend."""
        return total(share.available for share in self.shares)

    @property
    def held(self) -> Money:
        """What of their shares is set aside."""
        return total(share.held for share in self.shares)

    @property
    def spent(self) -> Money:
        """What their shares have paid."""
        return total(share.spent for share in self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOrderRow:
    """An order that a pool pays for."""

    order_id: UUID
    made_at: datetime
    by: str
    provider_name: str
    what: str
    held: Money
    """What is set aside for it now."""
    paid: Money
    parts: tuple[tuple[str, Money], ...]
    """What each member's shares gave, set aside or paid, by first name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAskRow:
    """A member asks the others for a yes to an order."""

    id: UUID
    by: str
    is_mine: bool
    provider_name: str
    amount: Money
    state: RequestState
    answered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolView:
    """A pool, as one of its members sees it."""

    id: UUID
    name: str
    purpose: str
    council_id: UUID
    council_name: str
    asks_from: Money
    made_for_id: UUID
    ended_at: datetime | None
    state: MemberState
    """Where this person stands with it."""
    words: str
    """What they said yes to."""
    members: tuple[PoolMemberRow, ...]
    orders: tuple[PoolOrderRow, ...]
    asks: tuple[PoolAskRow, ...]

    @property
    def is_in(self) -> bool:
        """Tell whether the person is in the pool, and it has not ended."""
        return self.state is MemberState.IN and self.ended_at is None

    @property
    def available(self) -> Money:
        """What there is to spend."""
        return total(member.available for member in self.members)

    @property
    def held(self) -> Money:
        """What is set aside."""
        return total(member.held for member in self.members)

    @property
    def spent(self) -> Money:
        """What was paid."""
        return total(member.spent for member in self.members)

    @property
    def mine(self) -> tuple[PoolShareRow, ...]:
        """The person's own shares."""
        return next((member.shares for member in self.members if member.is_me), ())

    @property
    def others(self) -> int:
        """How many others are in it."""
        return sum(m.state is MemberState.IN and not m.is_me for m in self.members)
