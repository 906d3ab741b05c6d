"""What is asked of a search, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.places.rules import Point
from marketplace.search.rules.entries import EntryKind, Facet

PAGE_SIZE = 20
PAGE_SIZE_MAX = 50
PAGE_MAX = 10_000

Selections = Mapping[Facet, frozenset[str]]
Counts = Mapping[Facet, Mapping[str, int]]


class Sort(StrEnum):
    """The order of the answers."""

    BEST = "best"
    NEAREST = "nearest"
    PRICE = "price"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One search: words, a place, choices, an order and a page.

    Choices inside one facet widen, choices in different facets narrow. ``within_metres``
    means nothing without ``near``. ``on`` is today: equals are shown in another order each day.
    ``own_prices`` are the pence that this person pays by agreement, by the offer's id: for them
    the price band, its counts and the order by price go by these. They stay with the search and
    never enter an index.
    """

    on: date
    text: str = ""
    near: Point | None = None
    within_metres: int | None = None
    district: str = ""
    """The postcode district of ``near``: who comes there is near enough."""
    selected: Selections = field(default_factory=lambda: MappingProxyType({}))
    council: str | None = None
    own_prices: Mapping[UUID, int] = field(default_factory=lambda: MappingProxyType({}))
    sort: Sort = Sort.BEST
    page: int = 1
    page_size: int = PAGE_SIZE

    @property
    def limit(self) -> int:
        """Return how many answers a page has, whatever was asked."""
        return min(max(self.page_size, 1), PAGE_SIZE_MAX)

    @property
    def offset(self) -> int:
        """Return how many answers come before the page."""
        return (min(max(self.page, 1), PAGE_MAX) - 1) * self.limit

    @property
    def coming(self) -> Selections:
        """Return the choice of those who come to the place; of nobody without one."""
        return {Facet.COVERS: frozenset({self.district} - {""})}

    @property
    def chosen(self) -> Selections:
        """Return the facets in which something is chosen."""
        return {facet: values for facet, values in self.selected.items() if values}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, and how far away it is."""

    id: UUID
    kind: EntryKind
    distance_metres: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on with what has been typed, and how many entries that would find now."""

    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of things found.

    ``counts`` says for each facet how many answers each of its values would give, with the
    choices in all other facets kept. ``ignored`` are typed words that occur nowhere and were
    left out; ``widened`` is true where nothing had all the words, so some of them sufficed, or
    what is nearest to them. ``corrected`` says that this is for ``did_you_mean``, because nothing
    was found for the words as they were typed, or because that was ``surely`` meant.
    """

    ids: tuple[Hit, ...] = ()
    total: int = 0
    counts: Counts = field(default_factory=lambda: MappingProxyType({}))
    did_you_mean: str | None = None
    surely: bool = False
    ignored: tuple[str, ...] = ()
    widened: bool = False
    corrected: bool = False
