"""What another catalogue says, once it has been cleaned. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

Values = dict[str, Any]
"""The fields of an entry as plain JSON, so that they can be kept and compared."""

GROUP_FIELDS = ("name", "about", "postcode", "email", "phone", "website")
LISTING_FIELDS = (
    "kind",
    "title",
    "category",
    "about",
    "venue",
    "postcode",
    "online",
    "cost_pence",
    "cost_words",
    "cost_known",
    "for_whom",
    "youngest",
    "oldest",
    "access",
    "languages",
    "rrule",
    "on_day",
    "first_on",
    "last_on",
    "starts",
    "minutes",
    "contact",
)
PROVIDER_FIELDS = (
    "name",
    "about",
    "postcode",
    "phone",
    "website",
    "cqc_id",
    "categories",
    "for_whom",
    "youngest",
    "oldest",
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a feed that was refused or cleaned: where, and why."""

    where: str
    why: str

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSaid:
    """An organisation, as another catalogue has it."""

    key: str
    name: str
    about: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    postcode: str = ""
    cqc_id: str = ""
    charity: str = ""
    """Its number in a register of charities or companies."""

    @property
    def values(self) -> Values:
        """What a group would say of itself."""
        return {name: getattr(self, name) for name in GROUP_FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSaid:
    """A service, as another catalogue has it, in the words of this market."""

    key: str
    organisation_key: str
    is_care: bool
    """Paid care: it becomes a store nobody looks after yet, like those of a register."""
    kind: str
    title: str
    about: str
    category: str
    categories: tuple[str, ...]
    venue: str = ""
    postcode: str = ""
    online: str = ""
    cost_pence: int = 0
    cost_words: str = ""
    cost_known: bool = True
    for_whom: tuple[str, ...] = ()
    youngest: int | None = None
    oldest: int | None = None
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    rrule: str = ""
    on_day: date | None = None
    first_on: date | None = None
    last_on: date | None = None
    starts: str = ""
    minutes: int = 0
    contact: str = ""
    phone: str = ""
    cqc_id: str = ""
    modified_at: datetime | None = None

    @property
    def name(self) -> str:
        """What the store is called, if it becomes one."""
        return self.title

    @property
    def website(self) -> str:
        """Where the store is on the web, if it becomes one."""
        return self.online

    @property
    def values(self) -> Values:
        """What the entry would say."""
        names = PROVIDER_FIELDS if self.is_care else LISTING_FIELDS
        return {name: _plain(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSaid:
    """Everything a feed says that can be used, and what was refused or cleaned."""

    organisations: Mapping[str, OrganisationSaid]
    services: tuple[ServiceSaid, ...]
    remarks: tuple[Remark, ...] = ()
    complete: bool = True
    """False if some of it could not be read: then nothing counts as gone."""
    publisher: str = ""
    licence: str = ""
    modified: Mapping[str, str] = field(default_factory=dict)


def digest(values: Mapping[str, Any]) -> str:
    """Return a mark of some values: equal values have equal marks."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def to_json(said: OrganisationSaid | ServiceSaid) -> dict[str, Any]:
    """Return what was said as plain JSON, to be kept."""
    return {name: _plain(value) for name, value in asdict(said).items()}


def organisation_from(kept: Mapping[str, Any]) -> OrganisationSaid:
    """Return an organisation from what was kept of it."""
    return OrganisationSaid(**kept)


def service_from(kept: Mapping[str, Any]) -> ServiceSaid:
    """Return a service from what was kept of it."""
    lists = ("categories", "for_whom", "access", "languages")
    days = ("on_day", "first_on", "last_on")
    values = {
        **kept,
        **{name: tuple(kept[name]) for name in lists},
        **{name: date.fromisoformat(kept[name]) if kept[name] else None for name in days},
        "modified_at": datetime.fromisoformat(kept["modified_at"]) if kept["modified_at"] else None,
    }
    return ServiceSaid(**values)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
