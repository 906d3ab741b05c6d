"""What is shown of an offer or a store that was found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marketplace.catalogue.queries.stores import district
from marketplace.catalogue.rules import ProviderState, Unit
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


@dataclass(frozen=True, slots=True)
class SoldFound:
    """What was found of some offers and stores, each by its id."""

    offers: dict[UUID, OfferFound]
    """Those on sale."""
    stores: dict[UUID, StoreFound]
    """Those that anybody may see."""
    beside: dict[UUID, tuple[Any, ...]]
    """What a room above asked besides of their providers, by the provider's id."""
