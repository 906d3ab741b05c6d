"""The tables of stores and offers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.rules import (
    BankChangeState,
    CategoryVat,
    CheckState,
    ClaimState,
    EvidenceKind,
    OfferState,
    PriceBands,
    ProviderKind,
    ProviderState,
    Unit,
)
from marketplace.kernel.ages import Ages
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Provider(Model):
    """Somebody who sells support, and their store. Its id is also the organisation of its staff."""

    __tablename__ = "catalogue_providers"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("source_key"),
        CheckConstraint("reach_metres IS NULL OR reach_metres >= 0", name="reach_not_negative"),
    )

    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[ProviderKind]
    about: Mapped[str]
    postcode: Mapped[str]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    reach_metres: Mapped[int | None]
    """How far they travel; None: people come to them, or they work at a distance."""
    phone: Mapped[str]
    email: Mapped[str]
    website: Mapped[str]
    regulated: Mapped[bool]
    cqc_id: Mapped[str | None]
    why_no_cqc: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(JSON)
    genders: Mapped[list[str]] = mapped_column(JSON)
    access: Mapped[list[str]] = mapped_column(JSON)
    for_whom: Mapped[list[str]] = mapped_column(JSON)
    youngest: Mapped[int | None]
    """From which age on, where an offer does not say it; None: there is no limit."""
    oldest: Mapped[int | None]
    categories: Mapped[list[str]] = mapped_column(JSON)
    """What a register says they do; those of the offers come on top."""
    picture_id: Mapped[UUID | None]
    sort_code: Mapped[str | None]
    account_number: Mapped[str | None]
    account_name: Mapped[str | None]
    state: Mapped[ProviderState]
    source: Mapped[str]
    """``""`` joined by itself, else the public register it came from: ``cqc``, ``rqia``."""
    source_key: Mapped[str | None]
    source_words: Mapped[str] = mapped_column(default="")
    """The other catalogue it was taken over from, with its licence; empty if none."""
    source_url: Mapped[str] = mapped_column(default="")
    covered_districts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Postcode districts they come to, however far: ``["LS6", "BD1"]``."""
    covered_council_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Councils they come to the whole of, by id."""
    opening: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """When they can be reached, local time: ``[["mon", "09:00", "17:00"]]``."""
    opening_words: Mapped[str] = mapped_column(default="")
    answers_within: Mapped[str] = mapped_column(default="")
    """How soon they say they answer: a value of ``AnswersWithin``; empty if they do not say."""
    room: Mapped[list[str]] = mapped_column(JSON, default=list)
    """In which parts of a usual week they have room: ``["mon-morning"]``."""
    full_weeks: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Mondays of weeks without any room."""
    full_until: Mapped[date | None]
    """The last day on which they have no room for anybody new."""
    room_said_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]

    @property
    def ages(self) -> Ages:
        """For which ages it is, where an offer does not say it."""
        return Ages(self.youngest, self.oldest)


class ProviderCouncil(Model):
    """What one council says of a provider. The reason is for the provider and the council alone."""

    __tablename__ = "catalogue_provider_councils"
    __table_args__ = (
        UniqueConstraint("provider_id", "council_id"),
        Index("ix_catalogue_provider_councils_council_id_state", "council_id", "state"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    council_id: Mapped[UUID]
    state: Mapped[CheckState]
    reason: Mapped[str]
    since_at: Mapped[datetime]


class BankChange(Model):
    """Somebody said where a provider is paid, and whether those who were known before agree.

    The numbers stand in the store; here stand only their last digits.
    """

    __tablename__ = "catalogue_bank_changes"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("state <> 'waiting' OR waits_until IS NOT NULL", name="waits"),
        Index("ix_catalogue_bank_changes_provider_id", "provider_id", "changed_at"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    state: Mapped[BankChangeState]
    ends: Mapped[str]
    ended_before: Mapped[str]
    known_email: Mapped[str]
    """The address of whoever said it: the next change is asked about there."""
    known_phone: Mapped[str]
    """The store's number on that day: where a council rings after the next change."""
    asked_at_email: Mapped[str]
    """The address known before, which is asked about this change."""
    ring_at_phone: Mapped[str]
    token_hash: Mapped[str | None]
    changed_by_id: Mapped[UUID]
    changed_by_name: Mapped[str]
    changed_at: Mapped[datetime]
    waits_until: Mapped[date | None]
    answered_at: Mapped[datetime | None]


class Worker(Model):
    """A named worker, whom an order can ask for."""

    __tablename__ = "catalogue_workers"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    name: Mapped[str]
    about: Mapped[str]
    ended_at: Mapped[datetime | None]


class Category(Model):
    """What people look for."""

    __tablename__ = "catalogue_categories"
    __table_args__ = (UniqueConstraint("slug"),)

    slug: Mapped[str]
    name: Mapped[str]
    welsh: Mapped[str]
    sort: Mapped[int]
    vat: Mapped[CategoryVat] = mapped_column(default=CategoryVat.STANDARD)


class Offer(Model):
    """One thing a provider sells, with the price anybody pays."""

    __tablename__ = "catalogue_offers"
    __table_args__ = (
        CheckConstraint("price_pence > 0", name="price_positive"),
        CheckConstraint(
            "evening_price_pence IS NULL OR evening_price_pence > 0", name="evening_price_positive"
        ),
        CheckConstraint(
            "weekend_price_pence IS NULL OR weekend_price_pence > 0", name="weekend_price_positive"
        ),
        CheckConstraint("late_cancel_percent BETWEEN 0 AND 100", name="late_cancel_percent"),
        CheckConstraint("notice_hours BETWEEN 0 AND 8760", name="notice_hours"),
        CheckConstraint("places_free IS NULL OR places_free >= 0", name="places_free_not_negative"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    title: Mapped[str]
    category: Mapped[str] = mapped_column(ForeignKey(Category.slug), index=True)
    summary: Mapped[str]
    about: Mapped[str]
    unit: Mapped[Unit]
    price: Mapped[Money] = mapped_column("price_pence")
    evening_price: Mapped[Money | None] = mapped_column("evening_price_pence")
    weekend_price: Mapped[Money | None] = mapped_column("weekend_price_pence")
    included: Mapped[list[str]] = mapped_column(JSON)
    notice_hours: Mapped[int]
    late_cancel_percent: Mapped[int]
    terms: Mapped[str]
    days: Mapped[list[str]] = mapped_column(JSON)
    times: Mapped[list[str]] = mapped_column(JSON)
    youngest: Mapped[int | None]
    oldest: Mapped[int | None]
    places_free: Mapped[int | None]
    """None: not counted, there is room."""
    state: Mapped[OfferState]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]

    @property
    def ages(self) -> Ages:
        """For which ages it is; without a limit those of the store count."""
        return Ages(self.youngest, self.oldest)

    @property
    def bands(self) -> PriceBands:
        """What anybody pays."""
        return PriceBands(self.price, self.evening_price, self.weekend_price)

    def set_bands(self, bands: PriceBands) -> None:
        """Change what anybody pays."""
        self.price, self.evening_price, self.weekend_price = (
            bands.price,
            bands.evening,
            bands.weekend,
        )


class AgreedPrice(Model):
    """What a council has negotiated for the people it funds, from a day on."""

    __tablename__ = "catalogue_agreed_prices"
    __table_args__ = (
        UniqueConstraint("offer_id", "council_id", "starts_on"),
        CheckConstraint("price_pence > 0", name="price_positive"),
        CheckConstraint(
            "evening_price_pence IS NULL OR evening_price_pence > 0", name="evening_price_positive"
        ),
        CheckConstraint(
            "weekend_price_pence IS NULL OR weekend_price_pence > 0", name="weekend_price_positive"
        ),
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="ends_after_start"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id))
    council_id: Mapped[UUID] = mapped_column(index=True)
    price: Mapped[Money] = mapped_column("price_pence")
    evening_price: Mapped[Money | None] = mapped_column("evening_price_pence")
    weekend_price: Mapped[Money | None] = mapped_column("weekend_price_pence")
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    @property
    def bands(self) -> PriceBands:
        """What was agreed."""
        return PriceBands(self.price, self.evening_price, self.weekend_price)


class Evidence(Model):
    """Something in a provider's evidence locker."""

    __tablename__ = "catalogue_evidence"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    kind: Mapped[EvidenceKind]
    note: Mapped[str]
    expires_on: Mapped[date | None]
    """The last day on which it counts."""


class EvidenceCheck(Model):
    """A council has seen a piece of evidence and accepts it."""

    __tablename__ = "catalogue_evidence_checks"
    __table_args__ = (UniqueConstraint("evidence_id", "council_id"),)

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id))
    council_id: Mapped[UUID]
    checked_by_id: Mapped[UUID]
    at: Mapped[datetime]


class Picture(Model):
    """A picture, made anew from what was sent so that nothing hidden in it is kept."""

    __tablename__ = "catalogue_pictures"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    media_type: Mapped[str]
    alt: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    place: Mapped[int] = mapped_column(default=0)
    """Its place in the store; the smallest is the picture of the card."""


class Document(Model):
    """A paper of a store for people to take away: terms, a leaflet."""

    __tablename__ = "catalogue_documents"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    title: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    added_at: Mapped[datetime]


class Claim(Model):
    """Somebody says that a store from a public register is theirs."""

    __tablename__ = "catalogue_claims"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id), index=True)
    user_id: Mapped[UUID]
    words: Mapped[str]
    state: Mapped[ClaimState] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str]
