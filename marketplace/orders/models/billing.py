"""In whose name invoices are made, and who is registered for VAT. Both are only ever added to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from marketplace.kernel.model import Model


class SelfBillingAgreement(Model):
    """An owner agreed that the market makes invoices in the provider's name. Append-only."""

    __tablename__ = "self_billing_agreements"
    __table_args__ = (
        UniqueConstraint("provider_id", "starts_on"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
    )

    provider_id: Mapped[UUID]
    version: Mapped[int]
    words: Mapped[str]
    """What was on the page."""
    agreed_by_id: Mapped[UUID]
    agreed_at: Mapped[datetime]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day on which it holds."""


class VatRegistration(Model):
    """An owner said that the provider is registered for VAT from a day on, or is not. Append-only.

    The one with the latest day counts; of one day, what was said last.
    """

    __tablename__ = "vat_registrations"
    __table_args__ = (
        CheckConstraint("(number = '') = (address = '')", name="number_and_address"),
        Index("ix_vat_registrations_provider_id", "provider_id", "starts_on"),
    )

    provider_id: Mapped[UUID]
    number: Mapped[str]
    """Nine digits; empty: not registered from that day on."""
    address: Mapped[str]
    """The name and address that HMRC knows."""
    starts_on: Mapped[date]
    said_by_id: Mapped[UUID]
    said_at: Mapped[datetime]
