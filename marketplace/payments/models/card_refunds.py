"""The tables of own money that goes back to cards, and of what their banks want back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.payments.models.card import TopUp
from marketplace.payments.rules import CardRefundState, DisputeState


class CardRefund(Model):
    """Own money on its way back to the card it came from. Its id names it to the card company."""

    __tablename__ = "payment_card_refunds"
    __table_args__ = (
        UniqueConstraint("owed_id"),
        UniqueConstraint("refund_id"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("state <> 'done' OR refund_id IS NOT NULL", name="known_when_done"),
        CheckConstraint("state <> 'asked' OR done_at IS NULL", name="done"),
        Index("ix_payment_card_refunds_top_up_id", "top_up_id"),
        Index("ix_payment_card_refunds_state", "state"),
    )

    top_up_id: Mapped[UUID] = mapped_column(ForeignKey(TopUp.id))
    owed_id: Mapped[UUID]
    """The own money that is owed, of which this is all."""
    amount: Mapped[Money] = mapped_column("amount_pence")
    state: Mapped[CardRefundState]
    refund_id: Mapped[str | None]
    """The card company's name for it."""
    why: Mapped[str]
    """The card company's word for why it could not be given back."""
    asked_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    """When we last asked the card company without knowing its answer."""
    done_at: Mapped[datetime | None]


class CardDispute(Model):
    """A payment by card that the payer's bank wants back, or asks about."""

    __tablename__ = "payment_card_disputes"
    __table_args__ = (
        UniqueConstraint("dispute_id"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("held_pence >= 0 AND held_pence <= amount_pence", name="held"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_name = '')", name="settled"),
        Index("ix_payment_card_disputes_top_up_id", "top_up_id"),
        Index("ix_payment_card_disputes_council_id", "council_id", "state"),
    )

    dispute_id: Mapped[str]
    """The card company's name for it."""
    top_up_id: Mapped[UUID] = mapped_column(ForeignKey(TopUp.id))
    council_id: Mapped[UUID]
    amount: Mapped[Money] = mapped_column("amount_pence")
    state: Mapped[DisputeState]
    reason: Mapped[str]
    """The card company's word for why."""
    is_taken: Mapped[bool]
    """Has the bank taken the money, and not given it back?"""
    held: Mapped[Money] = mapped_column("held_pence")
    """What of it was taken out of the wallet; less than the amount if the rest was spent before."""
    times_held: Mapped[int]
    due_at: Mapped[datetime | None]
    """Until when the council may answer the bank."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When a finance officer said that what was short is dealt with."""
    settled_by_name: Mapped[str]
