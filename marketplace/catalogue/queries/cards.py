"""What the rest of the market sees of stores and offers."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from marketplace.catalogue.rules import (
    CategoryVat,
    CheckState,
    EvidenceKind,
    OfferState,
    PriceBands,
    ProviderKind,
    ProviderState,
    SaleDays,
    Unit,
)
from marketplace.kernel.ages import Ages


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One thing people look for."""

    slug: str
    name: str
    welsh: str
    sort: int
    vat: CategoryVat = CategoryVat.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """An offer as one particular person sees it."""

    id: UUID
    provider_id: UUID
    provider_slug: str
    provider_name: str
    title: str
    category: str
    category_name: str
    summary: str
    about: str
    unit: Unit
    public: PriceBands
    agreed: PriceBands | None
    """What a council that funds the one who looks has negotiated, or a provider promised them."""
    agreed_council_id: UUID | None
    included: tuple[str, ...]
    menu: tuple[str, ...]
    """What people can choose from; nothing if there is no choice."""
    must_choose: bool
    notice_hours: int
    late_cancel_percent: int
    terms: str
    days: tuple[str, ...]
    times: tuple[str, ...]
    ages: Ages
    places_free: int | None
    sale_days: SaleDays
    """From when until when it is on sale."""
    full_until: date | None
    """The last day on which the provider has no room for anybody new, if that is still to come."""
    checked: bool
    regulated: bool
    picture_id: UUID | None
    picture_alt: str
    state: OfferState
    confirmed_at: datetime
    ready: bool = False
    """It waits for its first day on sale; only its own staff see it then."""
    is_full: bool = False
    """Whether the provider has as many people or hours as it can take."""
    back_on: date | None = None
    """When the provider is back, if it is away on the day that was asked about."""
    promised_until: date | None = None
    """The last day of a price that the provider has promised the one who looks, if that is it."""

    @property
    def price_for_you(self) -> PriceBands:
        """What the one who looks pays."""
        return self.agreed or self.public

    @property
    def has_space(self) -> bool:
        """Tell whether there is room for somebody new."""
        has_place = self.places_free is None or self.places_free > 0
        return self.full_until is None and not self.is_full and has_place


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker by name."""

    id: UUID
    name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A piece of evidence that at least one council accepts."""

    kind: EvidenceKind
    expires_on: date | None
    checked_by: tuple[str, ...]

    def counts_on(self, day: date) -> bool:
        """Tell whether it has not run out."""
        return self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCouncil:
    """Where a store stands with one council."""

    council_id: UUID
    slug: str
    name: str
    state: CheckState
    since_at: datetime
    shows: bool
    """Whether the council's portal shows the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCard:
    """A store as everybody sees it."""

    id: UUID
    slug: str
    name: str
    kind: ProviderKind
    about: str
    district: str
    """The first half of the postcode: a store may be somebody's home."""
    easting: int | None
    northing: int | None
    reach_metres: int | None
    phone: str
    email: str
    website: str
    regulated: bool
    cqc_id: str | None
    why_no_cqc: str
    languages: tuple[str, ...]
    genders: tuple[str, ...]
    access: tuple[str, ...]
    for_whom: tuple[str, ...]
    ages: Ages
    categories: tuple[str, ...]
    picture_id: UUID | None
    picture_alt: str
    state: ProviderState
    source: str
    source_words: str
    """The other catalogue it was taken over from, with its licence; empty if none."""
    source_url: str
    joined_at: datetime
    confirmed_at: datetime
    workers: tuple[WorkerRow, ...]
    checks: tuple[CheckRow, ...]
    councils: tuple[StoreCouncil, ...]

    @property
    def checked(self) -> bool:
        """Tell whether at least one council has checked the provider."""
        return any(council.state is CheckState.CHECKED for council in self.councils)

    @property
    def from_register(self) -> bool:
        """Tell whether nobody looks after this store yet."""
        return self.state is ProviderState.UNCLAIMED


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderableOffer:
    """An offer as an order copies it, at the price of the council that pays."""

    offer_id: UUID
    provider_id: UUID
    provider_name: str
    title: str
    category: str
    unit: Unit
    bands: PriceBands
    notice_hours: int
    late_cancel_percent: int
    terms: str
    workers: tuple[WorkerRow, ...]
    menu: tuple[str, ...] = ()
    """What one can choose from."""
    must_choose: bool = False
    on_sale_until: date | None = None
    """For days after it nothing can be ordered."""
    languages: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    """Who can come, and what they speak: an order can ask for one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindableOffer:
    """Everything of an offer that can be searched for; the price is what anybody pays."""

    id: UUID
    provider_id: UUID
    provider_name: str
    title: str
    summary: str
    about: str
    category: str
    category_name: str
    included: tuple[str, ...]
    menu: tuple[str, ...]
    public: PriceBands
    unit: Unit
    council_slugs: frozenset[str]
    """The portals that show it; none at all means every portal."""
    easting: int | None
    northing: int | None
    reach_metres: int | None
    days: tuple[str, ...]
    times: tuple[str, ...]
    for_whom: tuple[str, ...]
    ages: Ages
    access: tuple[str, ...]
    languages: tuple[str, ...]
    genders: tuple[str, ...]
    checked: bool
    regulated: bool
    has_space: bool
    confirmed_at: datetime
    covers: frozenset[str] = frozenset()
    """Postcode districts they come to besides the radius: ``LS6``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindableProvider:
    """Everything of a store that can be searched for."""

    id: UUID
    slug: str
    name: str
    about: str
    categories: tuple[str, ...]
    offer_titles: tuple[str, ...]
    council_slugs: frozenset[str]
    """The portals that show it; none at all means every portal."""
    easting: int | None
    northing: int | None
    reach_metres: int | None
    for_whom: tuple[str, ...]
    ages: frozenset[str]
    """Bands of age for whom there is anything; empty where a register does not say it."""
    access: tuple[str, ...]
    languages: tuple[str, ...]
    genders: tuple[str, ...]
    checked: bool
    regulated: bool
    from_register: bool
    confirmed_at: datetime
    covers: frozenset[str] = frozenset()
    """Postcode districts they come to besides the radius: ``LS6``."""
