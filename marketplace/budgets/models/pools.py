"""The tables of pools: shared pots, their members, and what each of them said yes to.

A member's share of the money is a funding line of its own: ``FundingLine.pool_id`` names the pool,
``part_of_line_id`` the line the money came from and goes back to.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.rules import MemberState, RequestState
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Pool(Model):
    """A shared pot of some people's money, all in one council's market."""

    __tablename__ = "budget_pools"
    __table_args__ = (CheckConstraint("asks_from_pence >= 0", name="asks_from_not_negative"),)

    name: Mapped[str]
    purpose: Mapped[str]
    council_id: Mapped[UUID] = mapped_column(index=True)
    asks_from: Mapped[Money] = mapped_column("asks_from_pence")
    """An order of this price or more needs the yes of another member; nothing: none does."""
    made_for_id: Mapped[UUID]
    """The person whose idea it is."""
    made_by_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PoolMember(Model):
    """Somebody who was asked into a pool, and what became of it."""

    __tablename__ = "budget_pool_members"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey(Pool.id), index=True)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    """None until they answer: the invitation goes to an address."""
    invited_email: Mapped[str] = mapped_column(index=True)
    """Empty for whoever made the pool."""
    state: Mapped[MemberState]
    invited_by_id: Mapped[UUID]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class PoolConsent(Model):
    """One yes to a pool, or its end. Append-only."""

    __tablename__ = "budget_pool_consents"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey(Pool.id), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(PoolMember.id))
    person_id: Mapped[UUID] = mapped_column(index=True)
    agreed: Mapped[bool]
    """False: they take it back, and leave."""
    words: Mapped[str]
    """What they said yes to, as they read it."""
    by_user_id: Mapped[UUID]
    """The person themself, or whoever stands in for them by law."""
    at: Mapped[datetime]


class PoolAsk(Model):
    """A member asks the others for a yes to one order. Its id is the order's."""

    __tablename__ = "budget_pool_asks"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)

    pool_id: Mapped[UUID] = mapped_column(ForeignKey(Pool.id), index=True)
    person_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    amount: Mapped[Money] = mapped_column("amount_pence")
    """The most the yes is good for."""
    state: Mapped[RequestState]
    asked_by_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    answered_for_id: Mapped[UUID | None]
    """The member who answered."""
    answered_by_id: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
