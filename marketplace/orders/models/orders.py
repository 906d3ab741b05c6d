"""Baskets, orders, their lines and visits, and the yeses to what was suggested."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders.rules import (
    NOTHING_DELIVERED,
    NoteKind,
    OrderState,
    Verdict,
    VisitState,
    Wanted,
    next_order_state,
    next_visit_state,
)


class BasketLine(Model):
    """Something a person, or a supporter for them, is thinking of ordering."""

    __tablename__ = "order_basket_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("visits > 0", name="visits_positive"),
        CheckConstraint("every_days > 0", name="every_days_positive"),
        Index("ix_order_basket_lines_person_id", "person_id"),
    )

    person_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    order_id: Mapped[UUID]
    """The id its order will get: two tabs, or two clicks, that place it make one order."""
    quantity: Mapped[int]
    """Units each time."""
    visits: Mapped[int]
    """How many times."""
    first_at: Mapped[datetime | None]
    every_days: Mapped[int]
    worker_wish: Mapped[str]
    language_wish: Mapped[str] = mapped_column(default="")
    gender_wish: Mapped[str] = mapped_column(default="")
    choice: Mapped[str] = mapped_column(default="")
    """What was chosen of the menu of the offer."""
    outcome_id: Mapped[UUID | None]
    note: Mapped[str]
    seen_total: Mapped[Money] = mapped_column("seen_total_pence")
    """What it cost when it was put in or last changed; another price is shown before it is paid."""
    added_by_id: Mapped[UUID]
    added_by_name: Mapped[str]
    added_at: Mapped[datetime]
    pool_id: Mapped[UUID | None]
    """The pool that is to pay; None for the person's own money."""

    @property
    def wanted(self) -> Wanted:
        """How much of what, and when."""
        return Wanted(
            offer_id=self.offer_id,
            quantity=self.quantity,
            visits=self.visits,
            first_at=self.first_at,
            every_days=self.every_days,
        )


class Order(Model):
    """A promise of support by one provider. Titles, prices and names are copied."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("total_pence >= 0", name="total_not_negative"),
        Index("ix_orders_person_id", "person_id", "placed_at"),
        Index("ix_orders_provider_id", "provider_id", "placed_at"),
        Index("ix_orders_council_id", "council_id", "placed_at"),
        Index("ix_orders_state", "state"),
        Index(
            "uq_orders_standing_id_pattern_number_occasion_at",
            "standing_id",
            "pattern_number",
            "occasion_at",
            unique=True,
        ),
    )

    number: Mapped[int]
    """Short, for the telephone."""
    person_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    council_id: Mapped[UUID]
    """Whose lines pay."""
    pool_id: Mapped[UUID | None]
    """The pool that pays; None for the person's own money."""
    state: Mapped[OrderState]
    total: Mapped[Money] = mapped_column("total_pence")
    placed_by_id: Mapped[UUID]
    """Who placed or suggested it."""
    placed_by_name: Mapped[str]
    placed_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None]
    approved_by_name: Mapped[str | None]
    held_at: Mapped[datetime | None]
    """When the money was set aside; None while it is only suggested."""
    decided_at: Mapped[datetime | None]
    """When the provider, or whoever approves, said yes or no."""
    reason: Mapped[str]
    """Why it was declined, cancelled or not agreed to; or the words to a suggested time."""
    change_line_id: Mapped[UUID | None]
    change_first_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    yeses_needed: Mapped[int] = mapped_column(default=1)
    """How many people must say yes to it, if it was only suggested."""
    needs_own_yes: Mapped[bool] = mapped_column(default=False)
    """One of the yeses must be the person's own."""
    conflict: Mapped[str] = mapped_column(default="")
    """Who of the circle earns from it, in a sentence that was shown before it was agreed to."""
    standing_id: Mapped[UUID | None] = mapped_column(default=None)
    """The standing order it is a week of."""
    period_from: Mapped[date | None] = mapped_column(default=None)
    """The Monday of that week."""
    pattern_number: Mapped[int | None] = mapped_column(default=None)
    """By which pattern of the standing order it was made."""
    occasion_at: Mapped[datetime | None] = mapped_column(default=None)
    """The first time in it: no time of a pattern is ordered twice."""

    def go_to(self, state: OrderState) -> None:
        """Move along the life of an order, or raise WrongStateError."""
        self.state = next_order_state(self.state, state)

    def open_again(self) -> None:
        """Wait for answers once more, because a note that ended it was put right."""
        self.state, self.completed_at = OrderState.ACCEPTED, None
        if self.reason == NOTHING_DELIVERED:
            self.reason = ""


class Approval(Model):
    """One yes or no to a suggested order. Only added to: the last of each user counts."""

    __tablename__ = "order_approvals"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    number: Mapped[int]
    """Counts up within the order, from 1."""
    user_id: Mapped[UUID]
    user_name: Mapped[str]
    verdict: Mapped[Verdict]
    words: Mapped[str]
    knowing: Mapped[str]
    """Who of the circle earns from the order, as this person was told when they said yes."""
    at: Mapped[datetime]


class OrderLine(Model):
    """One offer in an order, as it was sold."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("visits > 0", name="visits_positive"),
        CheckConstraint("unit_price_pence >= 0", name="unit_price_not_negative"),
        CheckConstraint("late_cancel_percent BETWEEN 0 AND 100", name="late_cancel_percent"),
        Index("ix_order_lines_offer_id", "offer_id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    position: Mapped[int]
    offer_id: Mapped[UUID]
    title: Mapped[str]
    category: Mapped[str]
    unit: Mapped[str]
    unit_price: Mapped[Money] = mapped_column("unit_price_pence")
    evening_price: Mapped[Money | None] = mapped_column("evening_price_pence")
    weekend_price: Mapped[Money | None] = mapped_column("weekend_price_pence")
    bank_holiday_price: Mapped[Money | None] = mapped_column("bank_holiday_price_pence")
    quantity: Mapped[int]
    visits: Mapped[int]
    outcome_id: Mapped[UUID | None]
    outcome: Mapped[str]
    worker_wish: Mapped[str]
    language_wish: Mapped[str] = mapped_column(default="")
    gender_wish: Mapped[str] = mapped_column(default="")
    choice: Mapped[str] = mapped_column(default="")
    """What was chosen, in the words of then."""
    notice_hours: Mapped[int]
    late_cancel_percent: Mapped[int]
    note: Mapped[str]

    @property
    def bands(self) -> PriceBands:
        """What a unit costs, as it was when it was ordered."""
        return PriceBands(
            self.unit_price, self.evening_price, self.weekend_price, self.bank_holiday_price
        )


class Visit(Model):
    """One time that something ordered happens, or does not."""

    __tablename__ = "order_visits"
    __table_args__ = (
        UniqueConstraint("line_id", "number"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint(
            "due_pence IS NULL OR (due_pence >= 0 AND due_pence <= amount_pence)",
            name="due_within_amount",
        ),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
        Index("ix_order_visits_state", "state", "noted_at"),
        Index("ix_order_visits_worker", "worker", "began_at"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey(OrderLine.id))
    number: Mapped[int]
    planned_at: Mapped[datetime | None]
    amount: Mapped[Money] = mapped_column("amount_pence")
    worker: Mapped[str]
    state: Mapped[VisitState]
    note_kind: Mapped[NoteKind | None]
    due: Mapped[Money | None] = mapped_column("due_pence")
    note: Mapped[str]
    noted_by_id: Mapped[UUID | None]
    noted_at: Mapped[datetime | None]
    minutes: Mapped[int | None] = mapped_column(default=None)
    """How long it was, if only part of it happened."""
    occasion_at: Mapped[datetime | None] = mapped_column(default=None)
    """The time of a standing order that it was made for, wherever it was moved since."""
    began_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was, once it has been: as planned, unless the note says another time."""
    arrived_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the worker said to have arrived, by our clock."""
    arrived_said_at: Mapped[datetime | None] = mapped_column(default=None)
    """The same by the clock of a phone that had no network then."""
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    left_said_at: Mapped[datetime | None] = mapped_column(default=None)
    told_first_at: Mapped[datetime | None]
    told_second_at: Mapped[datetime | None]
    query: Mapped[str]
    """What the person says is wrong."""
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]
    settled_by_silence: Mapped[bool]

    def go_to(self, state: VisitState) -> None:
        """Move along the life of a visit, or raise WrongStateError."""
        self.state = next_visit_state(self.state, state)

    def settle(self, state: VisitState, *, by_user_id: UUID | None, at: datetime) -> None:
        """Note that the visit's money has gone where it belongs."""
        self.go_to(state)
        self.settled_at, self.settled_by_id = at, by_user_id

    def open_again(self, state: VisitState) -> None:
        """Go back from where its money went back, because that was a mistake."""
        assert self.state is VisitState.RELEASED, "nothing else is opened again"
        self.state, self.settled_at, self.settled_by_id = state, None, None
