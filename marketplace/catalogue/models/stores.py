"""The tables of stores and those who look after them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.rules import (
    BankChangeState,
    CheckState,
    ClaimState,
    ProviderKind,
    ProviderState,
)
from marketplace.catalogue.rules.holidays import is_full
from marketplace.kernel.ages import Ages
from marketplace.kernel.model import Model


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
    people_most: Mapped[int | None]
    """How many people they can help at a time; None: they do not count."""
    hours_most: Mapped[int | None]
    """How many hours a week they can work; None: they do not count."""
    people_now: Mapped[int | None]
    """How many people have visits of theirs ahead, when it was last counted."""
    minutes_now: Mapped[int | None]
    """How many minutes of their busiest week ahead are ordered, when it was last counted."""
    counted_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]

    @property
    def is_full(self) -> bool:
        """Whether it has as many people, or hours in a week, as it said it can take."""
        return is_full(
            people_now=self.people_now,
            people_most=self.people_most,
            minutes_now=self.minutes_now,
            hours_most=self.hours_most,
        )

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


class Break(Model):
    """Days on which a store takes no visits: a holiday, from the first to the last day."""

    __tablename__ = "catalogue_breaks"
    __table_args__ = (
        CheckConstraint("ends_before > starts_on", name="some_days"),
        Index("ix_catalogue_breaks_provider_id", "provider_id", "ends_before"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    starts_on: Mapped[date]
    ends_before: Mapped[date]
    """The day on which they are back."""
    words: Mapped[str]
    made_by_id: Mapped[UUID]
    made_by_name: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was called off."""


class PriceSheet(Model):
    """What a provider typed to work out what an hour costs it; kept because it asked for that."""

    __tablename__ = "catalogue_price_sheets"
    __table_args__ = (UniqueConstraint("provider_id"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey(Provider.id))
    figures: Mapped[dict[str, int]] = mapped_column(JSON)
    saved_by_id: Mapped[UUID]
    saved_by_name: Mapped[str]
    saved_at: Mapped[datetime]


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
