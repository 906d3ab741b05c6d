"""Providers who stop, and what of whom they had still to do."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders.models.orders import Order, OrderLine
from marketplace.orders.models.standing import StandingOrder
from marketplace.orders.rules.stops import StopItemState, StopKind


class ProviderStop(Model):
    """A provider stops after a day. Nobody's order moves without their yes."""

    __tablename__ = "provider_stops"
    __table_args__ = (
        UniqueConstraint("live_key"),
        CheckConstraint("(live_key IS NULL) = (ended_at IS NOT NULL)", name="live"),
        Index("ix_provider_stops_provider_id", "provider_id"),
        Index("ix_provider_stops_council_id", "council_id"),
    )

    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    council_id: Mapped[UUID | None]
    """Whose people it is about; None: everybody's, the provider says so."""
    live_key: Mapped[str | None]
    """The provider, and the council if one is named, until it has ended: once at a time."""
    kind: Mapped[StopKind]
    last_on: Mapped[date]
    """The last day on which they come."""
    reason: Mapped[str]
    said_by_id: Mapped[UUID | None]
    said_by_name: Mapped[str]
    said_at: Mapped[datetime]
    withdrawn: Mapped[bool]
    """They go on after all."""
    ended_at: Mapped[datetime | None]
    """When it was withdrawn, or the last day had gone."""


class StopItem(Model):
    """One order, or standing order, that a provider who stops cannot finish."""

    __tablename__ = "provider_stop_items"
    __table_args__ = (
        UniqueConstraint("stop_id", "standing_id"),
        UniqueConstraint("stop_id", "line_id"),
        CheckConstraint("(standing_id IS NULL) = (line_id IS NOT NULL)", name="one_of_both"),
        CheckConstraint("(order_id IS NULL) = (line_id IS NULL)", name="line_of_order"),
        CheckConstraint("planned >= 0", name="planned_not_negative"),
        Index("ix_provider_stop_items_person_id", "person_id"),
        Index("ix_provider_stop_items_council_id", "council_id"),
    )

    stop_id: Mapped[UUID] = mapped_column(ForeignKey(ProviderStop.id))
    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    standing_id: Mapped[UUID | None] = mapped_column(ForeignKey(StandingOrder.id))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey(Order.id))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey(OrderLine.id))
    title: Mapped[str]
    planned: Mapped[int]
    """How many visits after the last day were planned when it was said."""
    held: Mapped[Money] = mapped_column("held_pence")
    """How much was set aside for them then."""
    state: Mapped[StopItemState]
    new_order_id: Mapped[UUID | None]
    """The order that takes its place: not there before it is placed."""
    new_provider_name: Mapped[str]
    told_at: Mapped[datetime]
    answered_by_id: Mapped[UUID | None]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]
