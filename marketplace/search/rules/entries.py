"""What can be found, and by what it can be narrowed down."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.places.rules import Point

YES = "yes"
"""The value of a facet that is either so or not: free, has space, checked by a council."""
REGULATED = "regulated"
"""The other value of the facet "checked": a public regulator inspects this provider."""


class EntryKind(StrEnum):
    """What sort of thing is found."""

    OFFER = "offer"
    PROVIDER = "provider"
    GROUP = "group"
    ACTIVITY = "activity"
    EVENT = "event"
    ADVICE = "advice"
    VOLUNTEERING = "volunteering"


class Facet(StrEnum):
    """A way to narrow a search down."""

    CATEGORY = "category"
    KIND = "kind"
    PRICE_BAND = "price_band"
    DAY = "day"
    TIME = "time"
    FOR_WHOM = "for_whom"
    AGE = "age"
    ACCESS = "access"
    LANGUAGE = "language"
    GENDER = "gender"
    CHECKED = "checked"
    FREE = "free"
    SPACE = "space"
    COVERS = "covers"
    """The districts a provider comes to, near or far: asked for by a place, never shown."""


SHOWN_FACETS = tuple(facet for facet in Facet if facet is not Facet.COVERS)
"""The facets that people choose in and that are counted."""


class PriceBand(StrEnum):
    """What something costs, roughly."""

    FREE = "free"
    UNDER_10 = "under_10"
    FROM_10 = "10_15"
    FROM_15 = "15_20"
    FROM_20 = "20_30"
    OVER_30 = "over_30"


_BANDS_BELOW_PENCE = (
    (10_00, PriceBand.UNDER_10),
    (15_00, PriceBand.FROM_10),
    (20_00, PriceBand.FROM_15),
    (30_00, PriceBand.FROM_20),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found, as the index keeps it.

    ``councils`` are the slugs of the portals it shows in; none means all of them. A provider
    that travels says how far in ``reach_metres``, and in ``covers`` which postcode districts it
    comes to besides. ``price_pence`` is what anyone pays: an
    agreed price never enters the index.
    """

    id: UUID
    kind: EntryKind
    title: str
    by: str = ""
    words: str = ""
    also: str = ""
    """What it is found by because of where it is filed, for whom it is and who does it."""
    category: str = ""
    councils: frozenset[str] = frozenset()
    easting: int | None = None
    northing: int | None = None
    reach_metres: int | None = None
    covers: frozenset[str] = frozenset()
    price_pence: int | None = None
    free: bool = False
    days: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    for_whom: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    """The bands of age of whom at least some may come."""
    access: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    genders: frozenset[str] = frozenset()
    checked: bool = False
    regulated: bool = False
    has_space: bool = False
    rating_tenths: int | None = None
    rating_count: int = 0
    stale: bool = False
    from_register: bool = False

    @property
    def point(self) -> Point | None:
        """Return where it is, if that is known."""
        if self.easting is None or self.northing is None:
            return None
        return Point(self.easting, self.northing)

    @property
    def said(self) -> str:
        """Return everything it is found by."""
        return f"{self.title} {self.by} {self.words} {self.also}"

    @property
    def comes_last(self) -> bool:
        """Return whether it stands after everything that somebody looks after."""
        return self.stale or self.from_register


def price_band(*, price_pence: int | None, free: bool) -> PriceBand | None:
    """Return the band a public price falls in; none if there is no price to show."""
    if free or price_pence == 0:
        return PriceBand.FREE
    if price_pence is None:
        return None
    for below, band in _BANDS_BELOW_PENCE:
        if price_pence < below:
            return band
    return PriceBand.OVER_30


def facet_values(entry: Entry) -> Mapping[Facet, frozenset[str]]:
    """Return the values under which each facet shows an entry."""
    band = price_band(price_pence=entry.price_pence, free=entry.free)
    return MappingProxyType(
        {
            Facet.CATEGORY: _named(entry.category),
            Facet.KIND: _named(entry.kind.value),
            Facet.PRICE_BAND: _named(band.value if band else ""),
            Facet.DAY: entry.days,
            Facet.TIME: entry.times,
            Facet.FOR_WHOM: entry.for_whom,
            Facet.AGE: entry.ages,
            Facet.ACCESS: entry.access,
            Facet.LANGUAGE: entry.languages,
            Facet.GENDER: entry.genders,
            Facet.CHECKED: _yes(so=entry.checked) | _named(REGULATED if entry.regulated else ""),
            Facet.FREE: _yes(so=band is PriceBand.FREE),
            Facet.SPACE: _yes(so=entry.has_space),
            Facet.COVERS: entry.covers,
        }
    )


def _named(value: str) -> frozenset[str]:
    return frozenset((value,)) if value else frozenset()


def _yes(*, so: bool) -> frozenset[str]:
    return frozenset((YES,)) if so else frozenset()
