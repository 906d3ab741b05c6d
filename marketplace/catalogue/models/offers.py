"""The tables of what stores sell: offers, their versions and prices."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.models.stores import Provider
from marketplace.catalogue.rules import CategoryVat, OfferState, PriceBands, SaleDays, Unit
from marketplace.kernel.ages import Ages
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


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
        CheckConstraint(
            "bank_holiday_price_pence IS NULL OR bank_holiday_price_pence > 0",
            name="bank_holiday_price_positive",
        ),
        CheckConstraint("late_cancel_percent BETWEEN 0 AND 100", name="late_cancel_percent"),
        CheckConstraint("notice_hours BETWEEN 0 AND 8760", name="notice_hours"),
        CheckConstraint(
            "on_sale_until IS NULL OR on_sale_from IS NULL OR on_sale_until >= on_sale_from",
            name="sale_days",
        ),
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
    bank_holiday_price: Mapped[Money | None] = mapped_column("bank_holiday_price_pence")
    included: Mapped[list[str]] = mapped_column(JSON)
    menu: Mapped[list[str]] = mapped_column(JSON)
    """What people can choose from; nothing if there is no choice."""
    must_choose: Mapped[bool]
    notice_hours: Mapped[int]
    late_cancel_percent: Mapped[int]
    terms: Mapped[str]
    days: Mapped[list[str]] = mapped_column(JSON)
    times: Mapped[list[str]] = mapped_column(JSON)
    youngest: Mapped[int | None]
    oldest: Mapped[int | None]
    places_free: Mapped[int | None]
    """None: not counted, there is room."""
    on_sale_from: Mapped[date | None]
    on_sale_until: Mapped[date | None]
    state: Mapped[OfferState]
    ready: Mapped[bool] = mapped_column(default=False)
    """It was published, and waits for its first day on sale."""
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]

    @property
    def ages(self) -> Ages:
        """For which ages it is; without a limit those of the store count."""
        return Ages(self.youngest, self.oldest)

    @property
    def sale_days(self) -> SaleDays:
        """From when until when it is on sale."""
        return SaleDays(self.on_sale_from, self.on_sale_until)

    @property
    def bands(self) -> PriceBands:
        """What anybody pays."""
        return PriceBands(
            self.price, self.evening_price, self.weekend_price, self.bank_holiday_price
        )

    def set_bands(self, bands: PriceBands) -> None:
        """Change what anybody pays."""
        self.price, self.evening_price = bands.price, bands.evening
        self.weekend_price, self.bank_holiday_price = bands.weekend, bands.bank_holiday


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
        CheckConstraint(
            "bank_holiday_price_pence IS NULL OR bank_holiday_price_pence > 0",
            name="bank_holiday_price_positive",
        ),
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="ends_after_start"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id))
    council_id: Mapped[UUID] = mapped_column(index=True)
    price: Mapped[Money] = mapped_column("price_pence")
    evening_price: Mapped[Money | None] = mapped_column("evening_price_pence")
    weekend_price: Mapped[Money | None] = mapped_column("weekend_price_pence")
    bank_holiday_price: Mapped[Money | None] = mapped_column("bank_holiday_price_pence")
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    @property
    def bands(self) -> PriceBands:
        """What was agreed."""
        return PriceBands(
            self.price, self.evening_price, self.weekend_price, self.bank_holiday_price
        )


class PersonalPrice(Model):
    """The most that one person pays for an offer until a day: their provider has said so."""

    __tablename__ = "catalogue_personal_prices"
    __table_args__ = (
        UniqueConstraint("offer_id", "person_id"),
        CheckConstraint("price_pence > 0", name="price_positive"),
        Index("ix_catalogue_personal_prices_person_id", "person_id"),
        Index("ix_catalogue_personal_prices_last_on", "last_on"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id))
    person_id: Mapped[UUID]
    price: Mapped[Money] = mapped_column("price_pence")
    last_on: Mapped[date]
    """The last day on which it counts."""
    agreed_at: Mapped[datetime]


class OfferVersion(Model):
    """What an offer said and cost from an instant on. Nothing of it is ever changed."""

    __tablename__ = "catalogue_offer_versions"
    __table_args__ = (
        UniqueConstraint("offer_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[list[str]] = mapped_column(JSON)
    """What became different, one sentence each."""
    by_user_id: Mapped[UUID | None]
    """Nobody where it is not known: what an offer said before versions were kept."""
    by_name: Mapped[str]
    at: Mapped[datetime]
