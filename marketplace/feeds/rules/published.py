"""What leaves the market as open data, whatever kind of entry it was. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from marketplace.feeds.rules.identity import term_id
from marketplace.kernel.ages import ANY_AGE, Ages


class Kind(StrEnum):
    """What an entry of the market is."""

    OFFER = "offer"
    PROVIDER = "provider"
    ACTIVITY = "activity"
    EVENT = "event"
    ADVICE = "advice"
    VOLUNTEERING = "volunteering"
    TIME_BANK = "time_bank"
    GROUP = "group"

    @property
    def label(self) -> str:
        """The kind in words."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    Kind.OFFER: "Support with a price",
    Kind.PROVIDER: "Provider of support",
    Kind.ACTIVITY: "Activity",
    Kind.EVENT: "Event on one day",
    Kind.ADVICE: "Advice and information",
    Kind.VOLUNTEERING: "Volunteering",
    Kind.TIME_BANK: "Time bank",
    Kind.GROUP: "Community group",
}

CATEGORIES, FOR_WHOM, KINDS = "categories", "for-whom", "kinds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One service of a feed, and what it can be asked for by."""

    id: UUID
    kind: Kind
    organisation_id: UUID
    categories: tuple[str, ...]
    for_whom: tuple[str, ...]
    days: frozenset[str]
    """``mon`` … ``sun``."""
    opens: time | None
    closes: time | None
    grid: tuple[int, int] | None
    """Where it is, in metres, no closer than a page shows."""
    reach_metres: int | None
    councils: frozenset[str]
    """The portals that show it; none at all means every portal."""
    changed_at: datetime
    words: str
    ages: Ages = ANY_AGE

    @property
    def term_ids(self) -> frozenset[UUID]:
        """The terms it is tagged with."""
        return frozenset(
            {
                *(term_id(CATEGORIES, slug) for slug in self.categories),
                *(term_id(FOR_WHOM, slug) for slug in self.for_whom),
                term_id(KINDS, self.kind.value),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who runs a service."""

    id: UUID
    name: str
    about: str
    email: str = ""
    website: str = ""
    page: str = ""
    """The address of its page in the market."""
    identifiers: tuple[tuple[str, str, str], ...] = ()
    """Scheme, type and number."""


@dataclass(frozen=True, slots=True)
class Price:
    """What anybody pays."""

    option: str
    pence: int
    per: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When it takes place, in the words of RFC 5545 as far as the standard has them."""

    starts_on: date | None = None
    ends_on: date | None = None
    freq: str = ""
    interval: int = 1
    days: tuple[str, ...] = ()
    """``MO``, or ``2TU`` for the second Tuesday."""
    month_days: tuple[int, ...] = ()
    until: date | None = None
    count: int | None = None
    rule: str = ""
    """The whole rule, for who can read it."""
    opens: time | None = None
    closes: time | None = None
    words: str = ""
    not_on: tuple[date, ...] = ()
    """Days on which it is called off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where it is."""

    id: UUID
    name: str
    about: str
    latitude: float | None
    longitude: float | None
    street: str = ""
    """Only what a page shows; without it there is no address, only a part of town."""
    town: str = ""
    county: str = ""
    postcode: str = ""
    access: tuple[tuple[str, str], ...] = ()
    """Short name and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One service with all that belongs to it."""

    id: UUID
    kind: Kind
    title: str
    about: str
    page: str
    organisation: Organisation
    changed_at: datetime
    assured_on: date
    categories: tuple[str, ...]
    for_whom: tuple[str, ...]
    languages: tuple[tuple[str, str, str], ...]
    """Short name, words, ISO 639 code."""
    prices: tuple[Price, ...]
    fees: str
    slots: tuple[Slot, ...]
    spot: Spot | None
    area: str
    email: str = ""
    contact: str = ""
    phone: str = ""
    alert: str = ""
    accreditations: str = ""
    ages: Ages = ANY_AGE
    happens_at: tuple[datetime, datetime] | None = None
    """When a one-off begins and ends."""
