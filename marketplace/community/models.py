"""The community catalogue's tables."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.community.rules import ListingState
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Group(Model):
    """People who run something for others."""

    __tablename__ = "community_groups"
    __table_args__ = (UniqueConstraint("slug"),)

    slug: Mapped[str]
    name: Mapped[str]
    about: Mapped[str]
    postcode: Mapped[str]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    email: Mapped[str]
    council_id: Mapped[UUID | None] = mapped_column(index=True)
    """The council whose portal shows it; None for all of them."""
    made_at: Mapped[datetime]


class Listing(Model):
    """An activity with a timetable, or an event on one day."""

    __tablename__ = "community_listings"
    __table_args__ = (
        UniqueConstraint("group_id", "slug"),
        CheckConstraint("cost_pence >= 0", name="cost_not_negative"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("(rrule = '') = (on_day IS NOT NULL)", name="rule_or_day"),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey(Group.id))
    slug: Mapped[str]
    title: Mapped[str]
    category: Mapped[str]
    about: Mapped[str]
    venue: Mapped[str]
    postcode: Mapped[str]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    cost: Mapped[Money] = mapped_column("cost_pence")
    cost_words: Mapped[str]
    for_whom: Mapped[list[str]] = mapped_column(JSON)
    access: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    rrule: Mapped[str]
    """RFC 5545 rule; empty for a one-off."""
    on_day: Mapped[date | None]
    """The day of a one-off."""
    starts: Mapped[str]
    """Local time, ``10:30``."""
    minutes: Mapped[int]
    contact: Mapped[str]
    state: Mapped[ListingState]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    """When somebody last said that all this is still right."""
