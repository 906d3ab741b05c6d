"""The table of own money that is paid in regularly by card, until the person stops it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.payments.rules import Every, RegularState


class Regular(Model):
    """A yes to so much own money each month or four weeks. The card is kept by its company."""

    __tablename__ = "payment_regulars"
    __table_args__ = (
        UniqueConstraint("session_id"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("state <> 'on' OR (method IS NOT NULL AND next_on IS NOT NULL)", name="on"),
        CheckConstraint("(state = 'stopped') = (stopped_at IS NOT NULL)", name="stopped"),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        Index("ix_payment_regulars_person_id", "person_id"),
        Index("ix_payment_regulars_state", "state", "next_on"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    amount: Mapped[Money] = mapped_column("amount_pence")
    every: Mapped[Every]
    starts_on: Mapped[date]
    next_on: Mapped[date | None]
    """The next day on which the card is asked; None once it is stopped."""
    state: Mapped[RegularState]
    customer: Mapped[str | None]
    """The card company's name for whoever pays; it knows no other of them from us."""
    method: Mapped[str | None]
    """The card company's name for the card."""
    session_id: Mapped[str | None]
    page_url: Mapped[str | None]
    consent: Mapped[str]
    """The words to which the person said yes."""
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    """When the card's bank had the person prove that it is them."""
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str]
    failures: Mapped[int]
    """How many times in a row the card has said no."""
