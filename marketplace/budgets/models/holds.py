"""The tables of money set aside for orders, and of what was refused."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.models.limits import SpendingLimit
from marketplace.budgets.models.lines import FundingLine
from marketplace.budgets.rules import HoldKind, RefusalReason
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Hold(Model):
    """Money set aside for one order, whose id it has."""

    __tablename__ = "budget_holds"
    __table_args__ = (
        CheckConstraint("tolerance_pence >= 0", name="tolerance_not_negative"),
        CheckConstraint("agreed_pence >= 0", name="agreed_not_negative"),
    )

    person_id: Mapped[UUID] = mapped_column(index=True)
    council_id: Mapped[UUID]
    kind: Mapped[HoldKind]
    provider_id: Mapped[UUID | None]
    """None for what was bought outside the market."""
    made_at: Mapped[datetime]
    tolerance: Mapped[Money] = mapped_column("tolerance_pence")
    """By how much more the provider may be paid than was set aside, as agreed with the order."""
    agreed: Mapped[Money] = mapped_column("agreed_pence")
    """What one period of a standing order may cost; more needs consent. Nothing if it has none."""
    covers_until: Mapped[date | None]
    """The first day that a standing order's hold does not cover yet."""
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    """When what is still set aside goes back, if the order comes to nothing."""


class HoldShare(Model):
    """What one line set aside for one part of an order, and what became of it."""

    __tablename__ = "budget_hold_shares"
    __table_args__ = (
        UniqueConstraint("hold_id", "position"),
        CheckConstraint("held_pence > 0", name="held_positive"),
        CheckConstraint(
            "captured_pence >= 0 AND released_pence >= 0 "
            "AND captured_pence + released_pence <= held_pence",
            name="not_more_than_held",
        ),
        CheckConstraint(
            "refunded_pence >= 0 AND refunded_pence <= captured_pence",
            name="not_more_than_captured",
        ),
    )

    hold_id: Mapped[UUID] = mapped_column(ForeignKey(Hold.id))
    line_id: Mapped[UUID] = mapped_column(ForeignKey(FundingLine.id), index=True)
    position: Mapped[int]
    """Which share pays first."""
    category: Mapped[str]
    outcome_id: Mapped[UUID | None]
    held: Mapped[Money] = mapped_column("held_pence")
    captured: Mapped[Money] = mapped_column("captured_pence")
    released: Mapped[Money] = mapped_column("released_pence")
    refunded: Mapped[Money] = mapped_column("refunded_pence")


class HoldTaking(Model):
    """What a share uses of one limit's window; given back there, whenever that is."""

    __tablename__ = "budget_hold_takings"
    __table_args__ = (
        UniqueConstraint("share_id", "limit_id"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint("count IN (0, 1)", name="count_once"),
    )

    hold_id: Mapped[UUID] = mapped_column(ForeignKey(Hold.id), index=True)
    share_id: Mapped[UUID] = mapped_column(ForeignKey(HoldShare.id))
    limit_id: Mapped[UUID] = mapped_column(ForeignKey(SpendingLimit.id), index=True)
    window_starts_on: Mapped[date]
    amount: Mapped[Money] = mapped_column("amount_pence")
    count: Mapped[int]
    """1 at the share with which the order counts as one of the limit's orders."""


class Refusal(Model):
    """A spend that was refused: market intelligence too."""

    __tablename__ = "budget_refusals"

    person_id: Mapped[UUID] = mapped_column(index=True)
    council_id: Mapped[UUID | None] = mapped_column(index=True)
    line_id: Mapped[UUID | None]
    limit_id: Mapped[UUID | None]
    why: Mapped[RefusalReason]
    wanted: Mapped[Money] = mapped_column("wanted_pence")
    remaining: Mapped[Money] = mapped_column("remaining_pence")
    category: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
