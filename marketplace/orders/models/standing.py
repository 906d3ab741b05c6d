"""Standing orders: what goes on week after week, how it changed, and what is not covered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders.rules.standing import BankHolidays, Gap, Pattern, Reply


class StandingOrder(Model):
    """An order that goes on. Each of its weeks becomes an ordinary order with its own hold."""

    __tablename__ = "standing_orders"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("price_pence >= 0", name="price_not_negative"),
        CheckConstraint("ends_before IS NULL OR ends_before >= begins_on", name="ends_after_begin"),
        Index("ix_standing_orders_person_id", "person_id"),
        Index("ix_standing_orders_provider_id", "provider_id"),
        Index("ix_standing_orders_council_id", "council_id"),
        Index("ix_standing_orders_pool_id", "pool_id"),
        Index("ix_standing_orders_next_look_at", "next_look_at"),
    )

    number: Mapped[int]
    person_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    council_id: Mapped[UUID]
    """Whose lines pay."""
    offer_id: Mapped[UUID]
    title: Mapped[str]
    unit: Mapped[str]
    price: Mapped[Money] = mapped_column("price_pence")
    """The price that was agreed to; a higher one waits for a yes."""
    evening_price: Mapped[Money | None] = mapped_column("evening_price_pence")
    weekend_price: Mapped[Money | None] = mapped_column("weekend_price_pence")
    bank_holiday_price: Mapped[Money | None] = mapped_column("bank_holiday_price_pence")
    outcome_id: Mapped[UUID | None]
    worker: Mapped[str]
    """Who comes as a rule: the one asked for, until the provider says somebody else."""
    worker_wish: Mapped[str]
    language_wish: Mapped[str]
    gender_wish: Mapped[str]
    note: Mapped[str]
    begins_on: Mapped[date]
    ends_before: Mapped[date | None]
    first_order_id: Mapped[UUID]
    """The order of the first week: the circle's yes and the provider's to it are those to all."""
    placed_by_id: Mapped[UUID]
    placed_by_name: Mapped[str]
    placed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    """When the provider took it on."""
    end_reason: Mapped[str]
    ended_by_id: Mapped[UUID | None]
    ended_by_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    """When somebody said that it ends; the last day may still be to come."""
    next_look_at: Mapped[datetime | None]
    """When the worker looks after it again; None: there is nothing to look after."""
    short_told_at: Mapped[datetime | None]
    """When the person was told that the money will not last; None while it does."""
    over_from: Mapped[date | None]
    """The first day for which the offer is over; None while it can be ordered."""
    over_words: Mapped[str] = mapped_column(default="")
    """Why it is over; the person was told once."""
    pool_id: Mapped[UUID | None] = mapped_column(default=None)
    """The pool that pays; None for the person's own money."""
    needs_pool_yes: Mapped[bool] = mapped_column(default=False)
    """It is so dear that another member of the pool has to say yes to it."""

    @property
    def bands(self) -> PriceBands:
        """The price that was agreed to."""
        return PriceBands(
            self.price, self.evening_price, self.weekend_price, self.bank_holiday_price
        )

    def agree_to(self, bands: PriceBands) -> None:
        """Take a price as the one agreed to."""
        self.price, self.evening_price = bands.price, bands.evening
        self.weekend_price, self.bank_holiday_price = bands.weekend, bands.bank_holiday


class StandingPattern(Model):
    """When and how much, from a day on. A change is a new row; the old ones stay."""

    __tablename__ = "standing_patterns"
    __table_args__ = (
        UniqueConstraint("standing_id", "number"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("every_weeks > 0", name="every_weeks_positive"),
        CheckConstraint("minute IS NULL OR minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("month_day IS NULL OR month_day BETWEEN 1 AND 28", name="month_day"),
    )

    standing_id: Mapped[UUID] = mapped_column(ForeignKey(StandingOrder.id))
    number: Mapped[int]
    starts_on: Mapped[date]
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    month_day: Mapped[int | None]
    minute: Mapped[int | None]
    """Local time of day, in minutes since midnight; None: there is no time, only a day."""
    more_minutes: Mapped[list[int]] = mapped_column(JSON)
    """The later times of the same day, if it is several times a day."""
    every_weeks: Mapped[int]
    counts_from: Mapped[date]
    """The Monday of a week that counts, when it is not every week."""
    quantity: Mapped[int]
    quantities: Mapped[list[int]] = mapped_column(JSON)
    """How much at each time, where it is not as much at all of them."""
    choice: Mapped[str]
    """What was chosen from the menu of the offer."""
    bank_holidays: Mapped[BankHolidays]
    said_by_id: Mapped[UUID]
    said_by_name: Mapped[str]
    said_at: Mapped[datetime]
    answer: Mapped[Reply]
    """What the provider says to it."""
    answered_at: Mapped[datetime | None]
    reason: Mapped[str]

    @property
    def pattern(self) -> Pattern:
        """The pattern, for working out its days."""
        return Pattern(
            number=self.number,
            starts_on=self.starts_on,
            weekdays=frozenset(self.weekdays),
            month_day=self.month_day,
            minutes=() if self.minute is None else (self.minute, *self.more_minutes),
            every_weeks=self.every_weeks,
            counts_from=self.counts_from,
            quantity=self.quantity,
            quantities=tuple(self.quantities),
            choice=self.choice,
            bank_holidays=self.bank_holidays,
        )


class StandingGap(Model):
    """Days on which a standing order rests: one visit skipped, or a pause."""

    __tablename__ = "standing_gaps"
    __table_args__ = (
        CheckConstraint("ends_before > starts_on", name="ends_after_start"),
        CheckConstraint("minute IS NULL OR minute BETWEEN 0 AND 1439", name="minute"),
        Index("ix_standing_gaps_standing_id", "standing_id"),
    )

    standing_id: Mapped[UUID] = mapped_column(ForeignKey(StandingOrder.id))
    starts_on: Mapped[date]
    ends_before: Mapped[date]
    minute: Mapped[int | None]
    """Which time of the day is left out; None: the whole day."""
    reason: Mapped[str]
    said_by_id: Mapped[UUID]
    said_by_name: Mapped[str]
    said_at: Mapped[datetime]

    @property
    def gap(self) -> Gap:
        """The days, for working out what is left out."""
        return Gap(self.starts_on, self.ends_before, self.minute)


class StandingMiss(Model):
    """A week whose money could not be set aside, and why. It is tried again every day."""

    __tablename__ = "standing_misses"
    __table_args__ = (UniqueConstraint("standing_id", "week_on", "pattern_number"),)

    standing_id: Mapped[UUID] = mapped_column(ForeignKey(StandingOrder.id))
    week_on: Mapped[date]
    pattern_number: Mapped[int]
    refusal: Mapped[str]
    first_at: Mapped[datetime]
    tried_at: Mapped[datetime]
    covered_at: Mapped[datetime | None]


class StandingRise(Model):
    """A price that went up, and what the person says to it."""

    __tablename__ = "standing_rises"
    __table_args__ = (UniqueConstraint("standing_id", "number"),)

    standing_id: Mapped[UUID] = mapped_column(ForeignKey(StandingOrder.id))
    number: Mapped[int]
    price: Mapped[Money] = mapped_column("price_pence")
    evening_price: Mapped[Money | None] = mapped_column("evening_price_pence")
    weekend_price: Mapped[Money | None] = mapped_column("weekend_price_pence")
    bank_holiday_price: Mapped[Money | None] = mapped_column("bank_holiday_price_pence")
    seen_at: Mapped[datetime]
    old_price_kept: Mapped[bool]
    """The provider charges the old price until the person has answered."""
    answer: Mapped[Reply]
    answered_by_id: Mapped[UUID | None]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]

    @property
    def bands(self) -> PriceBands:
        """What it costs from now on, if the person says yes."""
        return PriceBands(
            self.price, self.evening_price, self.weekend_price, self.bank_holiday_price
        )


class StandingYes(Model):
    """What a member of a pool says to a standing order, or to its new price. Append-only."""

    __tablename__ = "standing_yeses"

    standing_id: Mapped[UUID] = mapped_column(ForeignKey(StandingOrder.id), index=True)
    rise_id: Mapped[UUID | None] = mapped_column(ForeignKey(StandingRise.id))
    """The new price it is about; None: about the standing order itself."""
    person_id: Mapped[UUID] = mapped_column(index=True)
    """Which member."""
    agrees: Mapped[bool]
    amount: Mapped[Money] = mapped_column("amount_pence")
    """What four weeks cost on the page."""
    by_user_id: Mapped[UUID]
    """The member themself, or who decides for them."""
    at: Mapped[datetime]
