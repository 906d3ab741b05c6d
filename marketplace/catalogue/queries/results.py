"""What a page of results shows of offers and stores: each in one statement, however many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, not_, null, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import (
    AgreedPrice,
    Offer,
    PersonalPrice,
    Picture,
    Provider,
    ProviderCouncil,
)
from marketplace.catalogue.queries.holidays import back_on, full_store
from marketplace.catalogue.queries.standing import SHOWN_STATES
from marketplace.catalogue.queries.stores import district
from marketplace.catalogue.rules import CheckState, OfferState, ProviderState, Unit
from marketplace.councils.queries import opens_unchecked
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFound:
    """An offer among results, at the price of the one who looks."""

    id: UUID
    title: str
    category: str
    unit: Unit
    public: Money
    agreed: Money | None
    """What was agreed for the one who looks: by a council that funds them, or by the provider."""
    places_free: int | None
    full_until: date | None
    """The last day on which the provider has no room for anybody new."""
    provider_id: UUID
    provider_name: str
    postcode: str
    regulated: bool
    picture_id: UUID | None
    picture_alt: str
    checked: bool
    confirmed_at: datetime
    is_full: bool
    back_on: date | None
    """When the provider is back, if it is away on that day."""

    @property
    def price(self) -> Money:
        """What the one who looks pays."""
        return self.public if self.agreed is None else self.agreed

    @property
    def has_space(self) -> bool:
        """Tell whether there is room for somebody new."""
        has_place = self.places_free is None or self.places_free > 0
        return self.full_until is None and not self.is_full and has_place

    @property
    def district(self) -> str:
        """The first half of the postcode: a store may be somebody's home."""
        return district(self.postcode)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFound:
    """A store among results."""

    id: UUID
    slug: str
    name: str
    about: str
    category: str
    """One of what it does, for the picture of its card; empty if nothing is known."""
    district: str
    state: ProviderState
    picture_id: UUID | None
    picture_alt: str
    checked: bool
    confirmed_at: datetime

    @property
    def from_register(self) -> bool:
        """Tell whether nobody looks after this store yet."""
        return self.state is ProviderState.UNCLAIMED


def offers_found(
    session: Session,
    *,
    offer_ids: Collection[UUID],
    funded_by: Collection[UUID],
    on: date,
    person_id: UUID | None = None,
) -> dict[UUID, OfferFound]:
    """Return those of some offers that are on sale, by id, as somebody sees them.

    With a person, at what was agreed for that one person: only they may be shown these.
    """
    if not offer_ids:
        return {}
    rows = (
        select(
            Offer.id,
            Offer.title,
            Offer.category,
            Offer.unit,
            Offer.price.label("public"),
            _agreed(funded_by, on).label("agreed"),
            _promised(person_id, on).label("promised"),
            Offer.places_free,
            Provider.full_until,
            Offer.provider_id,
            Provider.name.label("provider_name"),
            Provider.postcode,
            Provider.regulated,
            Provider.picture_id,
            _alt().label("picture_alt"),
            _checked().label("checked"),
            Offer.confirmed_at,
            full_store().label("is_full"),
            back_on(on).label("back_on"),
        )
        .join(Provider, Provider.id == Offer.provider_id)
        .where(
            Offer.id.in_(offer_ids),
            Offer.state == OfferState.ON_SALE,
            Provider.state == ProviderState.OPEN,
            _shown_somewhere(),
        )
    )
    found = {}
    for row in session.execute(rows).mappings():
        kept = dict(row)
        promise = kept.pop("promised")
        if promise is not None and promise < (kept["agreed"] or kept["public"]):
            kept["agreed"] = promise
        found[row["id"]] = OfferFound(**kept)
    return found


def stores_found(session: Session, *, provider_ids: Collection[UUID]) -> dict[UUID, StoreFound]:
    """Return those of some stores that anybody may see, by id."""
    if not provider_ids:
        return {}
    sells = (
        select(func.min(Offer.category))
        .where(Offer.provider_id == Provider.id, Offer.state == OfferState.ON_SALE)
        .scalar_subquery()
    )
    rows = select(
        Provider.id,
        Provider.slug,
        Provider.name,
        Provider.about,
        Provider.categories,
        sells.label("sells"),
        Provider.postcode,
        Provider.state,
        Provider.picture_id,
        _alt().label("picture_alt"),
        _checked().label("checked"),
        Provider.confirmed_at,
    ).where(Provider.id.in_(provider_ids), Provider.state.in_(SHOWN_STATES), _shown_somewhere())
    found = {}
    for row in session.execute(rows).mappings():
        kept = dict(row)
        said, sold = kept.pop("categories"), kept.pop("sells")
        where = district(kept.pop("postcode"))
        category = said[0] if said else sold or ""
        found[row["id"]] = StoreFound(**kept, category=category, district=where)
    return found


def own_prices(
    session: Session, *, funded_by: Collection[UUID], person_id: UUID | None, on: date
) -> Mapping[UUID, int]:
    """Return the pence that somebody pays by agreement, by the offer's id.

    This belongs to one person's request: it is handed to a search and never kept.
    """
    own = _of_councils(session, funded_by, on) if funded_by else {}
    if person_id is None:
        return own
    rows = (
        select(Offer.id, Offer.price, PersonalPrice.price)
        .join(PersonalPrice, PersonalPrice.offer_id == Offer.id)
        .where(_promise_to(person_id, on))
    )
    for offer_id, public, promise in session.execute(rows):
        paid = own.get(offer_id, public.pence)
        if promise.pence < paid:
            own[offer_id] = promise.pence
    return own


def _of_councils(session: Session, funded_by: Collection[UUID], on: date) -> dict[UUID, int]:
    rows = (
        select(AgreedPrice.offer_id, func.min(AgreedPrice.price))
        .where(_in_force(funded_by, on))
        .group_by(AgreedPrice.offer_id)
    )
    return {offer_id: price.pence for offer_id, price in session.execute(rows)}


def _agreed(funded_by: Collection[UUID], on: date) -> ScalarSelect[Money]:
    return (
        select(func.min(AgreedPrice.price))
        .where(AgreedPrice.offer_id == Offer.id, _in_force(funded_by, on))
        .scalar_subquery()
    )


def _promised(person_id: UUID | None, on: date) -> ColumnElement[Money | None]:
    if person_id is None:
        return null()
    return (
        select(PersonalPrice.price)
        .where(PersonalPrice.offer_id == Offer.id, _promise_to(person_id, on))
        .scalar_subquery()
    )


def _promise_to(person_id: UUID, on: date) -> ColumnElement[bool]:
    return and_(PersonalPrice.person_id == person_id, PersonalPrice.last_on >= on)


def _in_force(funded_by: Collection[UUID], on: date) -> ColumnElement[bool]:
    return and_(
        AgreedPrice.council_id.in_(funded_by),
        AgreedPrice.starts_on <= on,
        or_(AgreedPrice.ends_before.is_(None), AgreedPrice.ends_before > on),
    )


def _alt() -> ColumnElement[str]:
    alt = select(Picture.alt).where(Picture.id == Provider.picture_id).scalar_subquery()
    return func.coalesce(alt, "")


def _checked() -> ColumnElement[bool]:
    return exists().where(
        ProviderCouncil.provider_id == Provider.id, ProviderCouncil.state == CheckState.CHECKED
    )


def _shown_somewhere() -> ColumnElement[bool]:
    """Return the condition that some portal shows a store: the same as ``is_shown`` has."""
    with_a_council = exists().where(ProviderCouncil.provider_id == Provider.id)
    shows = exists().where(
        ProviderCouncil.provider_id == Provider.id,
        or_(
            ProviderCouncil.state == CheckState.CHECKED,
            and_(
                ProviderCouncil.state == CheckState.APPLIED,
                opens_unchecked(ProviderCouncil.council_id),
            ),
        ),
    )
    return or_(not_(with_a_council), shows)
