"""The tables of money that is paid in by card."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.payments.rules import EventOutcome, TopUpState


class FamilyLink(Model):
    """A link with which family pays money in, without an account and without seeing anything."""

    __tablename__ = "payment_family_links"
    __table_args__ = (UniqueConstraint("token_hash"),)

    person_id: Mapped[UUID] = mapped_column(index=True)
    council_id: Mapped[UUID]
    shown_name: Mapped[str]
    """What the person chose to be called on the page; nothing else of them is shown there."""
    token_hash: Mapped[str]
    made_by_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TopUp(Model):
    """A wish to pay money in by card, and what became of it. The card is never seen here."""

    __tablename__ = "payment_top_ups"
    __table_args__ = (
        UniqueConstraint("session_id"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("refunded_pence >= 0", name="refunded_not_negative"),
        CheckConstraint(
            "taken_back_pence >= 0 AND taken_back_pence <= refunded_pence", name="taken_back"
        ),
        CheckConstraint("state <> 'paid' OR line_id IS NOT NULL", name="paid_into_a_line"),
        Index("ix_payment_top_ups_person_id_asked_at", "person_id", "asked_at"),
        Index("ix_payment_top_ups_council_id", "council_id", "trouble"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    by_family: Mapped[bool]
    """True: it goes to the family's top-ups. False: it is the person's own money."""
    amount: Mapped[Money] = mapped_column("amount_pence")
    state: Mapped[TopUpState]
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey(FamilyLink.id), index=True)
    """The family link it came by; None if the person or a supporter pays."""
    giver: Mapped[str]
    """What somebody who gives said they are called."""
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    session_id: Mapped[str | None]
    """The card company's name for its payment page."""
    page_url: Mapped[str | None]
    """Where the card is typed; the card company's own page."""
    payment: Mapped[str | None] = mapped_column(index=True)
    """The card company's name for the payment itself: refunds and disputes name it."""
    regular_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_regulars.id"), index=True)
    """The regular payment it is one of; None if somebody began it by hand."""
    line_id: Mapped[UUID | None]
    paid_at: Mapped[datetime | None]
    refunded: Mapped[Money] = mapped_column("refunded_pence")
    """What the card company says was given back to the card in all."""
    taken_back: Mapped[Money] = mapped_column("taken_back_pence")
    """What of that was taken out of the line again."""
    trouble: Mapped[str]
    """What a finance officer must look at; empty when there is nothing, or it was dealt with."""


class CardEvent(Model):
    """A message of the card company, kept once, and what became of it."""

    __tablename__ = "payment_card_events"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("(outcome IS NULL) = (done_at IS NULL)", name="done"),
    )

    event_id: Mapped[str]
    kind: Mapped[str]
    real_money: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    came_at: Mapped[datetime]
    top_up_id: Mapped[UUID | None] = mapped_column(index=True)
    outcome: Mapped[EventOutcome | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
