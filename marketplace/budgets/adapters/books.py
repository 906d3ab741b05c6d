"""What each engine does in its own words: the two steps of every hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import Authority
from marketplace.budgets.rules import Pot, Taking
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What must be known before money is set aside."""

    person_id: UUID
    order_id: UUID
    by_user_id: UUID | None
    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What there is."""

    pots: list[Pot]
    """Numbers without words: enough for a yes. A no is asked again, for its sentence."""
    has_hold: bool
    authority: Authority | None
    is_locked: bool
    """Nobody can change any of it before this transaction ends."""
    mark: str | None = None
    """How what was seen without a lock is recognised again, when it is locked to be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """The hold itself, when it is the order's first."""

    council_id: UUID
    provider_id: UUID
    tolerance: Money
    agreed: Money
    covers_until: date | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShare:
    """What one line sets aside for one part of an order."""

    id: UUID
    line_id: UUID
    position: int
    category: str
    outcome_id: UUID | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUse:
    """What an order uses of a limit's window, and the walls its counters may not pass."""

    limit_id: UUID
    window_starts_on: date
    amount: Money
    count: int
    amount_max: Money
    count_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Everything one hold writes."""

    key: str
    person_id: UUID
    order_id: UUID
    what: str
    by_user_id: UUID | None
    at: datetime
    total: Money
    hold: NewHold | None
    shares: Sequence[NewShare]
    uses: Sequence[NewUse]
    takings: Sequence[Taking]
    moved: Sequence[tuple[UUID, UUID, Money]]
    """From which available account to which held account how much."""


class Books(Protocol):
    """Looking at a wallet and writing a hold, as fast as the engine can."""

    def look(self, session: Session, wish: Look, *, locked: bool) -> Seen:
        """Look at what a hold depends on; with the person's accounts locked, if asked to."""
        ...

    def write(self, session: Session, writing: Writing, mark: str | None) -> bool:
        """Write a hold; or write nothing and return False, if what was seen has changed since."""
        ...
