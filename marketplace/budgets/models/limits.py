"""The tables of spending limits, what is used of them, and requests to go past them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.models.lines import FundingLine
from marketplace.budgets.rules import LimitKind, LimitWindow, Measure, Narrowing, RequestState
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class SpendingLimit(Model):
    """The most that may be spent from a line in a window. Never changed: ended, and set anew."""

    __tablename__ = "budget_limits"
    __table_args__ = (
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint("count_max >= 0", name="count_not_negative"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    window: Mapped[LimitWindow]
    measure: Mapped[Measure]
    amount: Mapped[Money] = mapped_column("amount_pence")
    """The most in a window; nothing at all where ``measure`` is a count."""
    count_max: Mapped[int]
    """The most orders in a window; 0 where ``measure`` is an amount."""
    narrowed: Mapped[Narrowing]
    narrowed_to: Mapped[list[str]] = mapped_column(JSON)
    """Slugs of categories, or ids of providers or outcomes."""
    others: Mapped[bool]
    """The limit is for everything but what is named."""
    about: Mapped[str]
    """What it is narrowed to, in the words of the day it was set; empty if it is not."""
    kind: Mapped[LimitKind]
    reason: Mapped[str]
    set_by_id: Mapped[UUID | None]
    set_by_name: Mapped[str]
    by_council: Mapped[bool]
    """The council set it, so that the council alone can end it."""
    second_look: Mapped[str]
    """Why it was set although it may come between the person and food or safety; mostly empty."""
    asks_id: Mapped[UUID | None]
    """Who answers when somebody asks to go past it; whoever set it, if nobody is named."""
    asks_name: Mapped[str]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str]
    ended_reason: Mapped[str]


class LimitUse(Model):
    """What has been spent under a limit in one of its windows: a counter beside the takings."""

    __tablename__ = "budget_limit_uses"
    __table_args__ = (
        UniqueConstraint("limit_id", "window_starts_on"),
        CheckConstraint("used_pence >= 0", name="used_not_negative"),
        CheckConstraint("count >= 0", name="count_not_negative"),
    )

    limit_id: Mapped[UUID] = mapped_column(ForeignKey(SpendingLimit.id))
    window_starts_on: Mapped[date]
    used: Mapped[Money] = mapped_column("used_pence")
    count: Mapped[int]


class SpendRequest(Model):
    """Somebody asks to go past a limit once. If agreed it is a single-use exception."""

    __tablename__ = "budget_requests"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        Index("ix_budget_requests_person_id", "person_id", "state"),
        Index("ix_budget_requests_council_id", "council_id", "state"),
        Index("ix_budget_requests_answerer_id", "answerer_id", "state"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id))
    limit_id: Mapped[UUID] = mapped_column(ForeignKey(SpendingLimit.id), index=True)
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    amount: Mapped[Money] = mapped_column("amount_pence")
    """The most the exception is good for."""
    what: Mapped[str]
    """What is to be bought, as the person reads it."""
    words: Mapped[str]
    """Why, in the words of who asks."""
    state: Mapped[RequestState]
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    answerer_id: Mapped[UUID | None]
    """The named person who is asked; None means any practitioner of the council."""
    answerer_name: Mapped[str]
    for_council: Mapped[bool]
    """Practitioners of the council answer it; otherwise the named person of the circle alone."""
    answered_by_id: Mapped[UUID | None]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str]
    expires_at: Mapped[datetime | None]
    used_by_order_id: Mapped[UUID | None]
    used_at: Mapped[datetime | None]
