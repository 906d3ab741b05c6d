"""The tables of councils that pay providers through the card company, and of who can be paid so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.payments.models.runs import PaymentItem
from marketplace.payments.rules import SendingState


class PayingWay(Model):
    """Whether a council pays providers through the card company. Id = council."""

    __tablename__ = "payment_paying_ways"

    by_transfer: Mapped[bool]
    said_by_id: Mapped[UUID]
    said_by_name: Mapped[str]
    said_at: Mapped[datetime]


class ConnectAccount(Model):
    """A provider's own account with the card company. Id = provider."""

    __tablename__ = "payment_connect_accounts"
    __table_args__ = (
        UniqueConstraint("account_id"),
        CheckConstraint("NOT ready OR account_id IS NOT NULL", name="ready"),
    )

    account_id: Mapped[str | None]
    ready: Mapped[bool]
    """Can money be sent there, and on to the provider's bank?"""
    missing: Mapped[str]
    """What the card company still wants to know, as it calls these things, with spaces between."""
    began_by_id: Mapped[UUID]
    began_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the card company last said how it stands."""


class Sending(Model):
    """A payment of a run that goes through the card company. Id = payment."""

    __tablename__ = "payment_sendings"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("transfer_id"),
        CheckConstraint("state <> 'done' OR transfer_id IS NOT NULL", name="known_when_done"),
        Index("ix_payment_sendings_state", "state"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey(PaymentItem.id), primary_key=True, sort_order=-1)
    council_id: Mapped[UUID]
    account_id: Mapped[str]
    key: Mapped[str]
    """Under this name the card company sends it once, however often it is asked."""
    state: Mapped[SendingState]
    transfer_id: Mapped[str | None]
    why: Mapped[str]
    """The card company's word for why it did not send it."""
    asked_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
