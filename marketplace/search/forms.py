"""What was asked for on the page of results, read from its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, HiddenField
from wtforms.validators import InputRequired, Length, NumberRange

from marketplace.kernel.labels import labels
from marketplace.kernel.paging import page_number
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import find_place
from marketplace.places.rules import Place, Point, Precision, metres
from marketplace.search.rules import (
    PAGE_SIZE,
    REGULATED,
    SHOWN_FACETS,
    YES,
    EntryKind,
    Facet,
    PriceBand,
    Query,
    Sort,
)
from marketplace.web.fields import tidy

WORDS_LENGTH_MAX = 300
_NEAR_LENGTH_MAX = 60
MILES = (2, 5, 10, 20, 40)
MILES_UNLESS_SAID = 20
"""How far around a postcode is looked unless the visitor says otherwise."""
ANYWHERE = "any"

_KINDS = {
    EntryKind.OFFER: "Support you pay for",
    EntryKind.PROVIDER: "Providers",
    EntryKind.GROUP: "Groups",
    EntryKind.ACTIVITY: "Activities",
    EntryKind.EVENT: "One-day events",
    EntryKind.ADVICE: "Advice and information",
    EntryKind.VOLUNTEERING: "Volunteering and time banks",
}
_BANDS = {
    PriceBand.FREE: "Free",
    PriceBand.UNDER_10: "Under £10",
    PriceBand.FROM_10: "£10 to £15",
    PriceBand.FROM_15: "£15 to £20",
    PriceBand.FROM_20: "£20 to £30",
    PriceBand.OVER_30: "£30 and over",
}
LEGENDS: Mapping[Facet, str] = MappingProxyType(
    {
        Facet.CATEGORY: "What kind of support",
        Facet.KIND: "What to show",
        Facet.PRICE_BAND: "Price",
        Facet.FREE: "Free of charge",
        Facet.SPACE: "Room for you",
        Facet.CHECKED: "Checked",
        Facet.DAY: "Day",
        Facet.TIME: "Time of day",
        Facet.FOR_WHOM: "Who it is for",
        Facet.AGE: "Age",
        Facet.GENDER: "Who helps you",
        Facet.LANGUAGE: "Language",
        Facet.ACCESS: "Access",
    }
)
SORTS: Mapping[Sort, str] = MappingProxyType(
    {
        Sort.BEST: "Best match",
        Sort.NEAREST: "Nearest",
        Sort.PRICE: "Lowest price",
        Sort.RATING: "Best rated",
    }
)
_OPEN = frozenset({Facet.CATEGORY, Facet.KIND, Facet.PRICE_BAND})
"""The groups of filters that are unfolded from the start."""


_NOTHING_AGREED: Mapping[UUID, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """The place a visitor gave, which their browser keeps: all of the postcode, or a point."""

    typed: str = ""
    point: Point | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One search as it was typed, and as it was understood."""

    words: str
    near: str
    place: Place | None
    place_error: str
    miles: int | None
    selected: Mapping[Facet, frozenset[str]]
    sort: Sort
    page: int

    def query(
        self,
        *,
        on: date,
        council: str | None,
        own_prices: Mapping[UUID, int] = _NOTHING_AGREED,
        page_size: int = PAGE_SIZE,
    ) -> Query:
        """Return the search for an engine, with what this person pays by agreement."""
        return Query(
            on=on,
            text=self.words,
            near=self.place.point if self.place else None,
            within_metres=metres(self.miles) if self.miles and self.place else None,
            district=self.place.outcode if self.place else "",
            selected=self.selected,
            council=council,
            own_prices=own_prices,
            sort=self.sort,
            page=self.page,
            page_size=page_size,
        )

    @property
    def within(self) -> str:
        """Return the distance as the address says it; nothing where it goes without saying."""
        if self.miles is None:
            return ANYWHERE
        return "" if self.miles == MILES_UNLESS_SAID else str(self.miles)

    @property
    def narrowed(self) -> bool:
        """Tell whether a filter was chosen that could be taken off."""
        return any(self.selected.values()) or bool(self.place and self.within)

    def address(self) -> dict[str, object]:
        """Return the arguments that lead to this search again, but for its page."""
        chosen = {facet.value: sorted(values) for facet, values in self.selected.items() if values}
        plain = {
            "q": self.words,
            "near": self.near,
            "within": self.within,
            "sort": "" if self.sort is Sort.BEST else self.sort.value,
        }
        return {**{name: value for name, value in plain.items() if value}, **chosen}


class NearMeForm(FlaskForm):  # type: ignore[misc]
    """Where a browser says that it is, and the search it belongs to."""

    latitude = DecimalField(places=None, validators=[InputRequired(), NumberRange(49, 61.5)])
    longitude = DecimalField(places=None, validators=[InputRequired(), NumberRange(-9, 2.5)])
    q = HiddenField(validators=[Length(max=300)])
    council_slug = HiddenField(validators=[Length(max=60)])


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One group of filters with its counts."""

    legend: str
    name: str
    options: tuple[tuple[str, str, int, bool], ...]
    unfolded: bool


def read_search(typed: MultiDict[str, str], *, kept: KeptPlace) -> Asked:
    """Read a search from an address.

    The address carries only the first half of a postcode, so that it can be shared; ``kept`` has
    the rest of it.
    """
    near = tidy(typed.get("near", "")).replace("\n", " ")[:_NEAR_LENGTH_MAX]
    place, place_error = _place(near, kept)
    return Asked(
        words=tidy(typed.get("q", "")).replace("\n", " ")[:WORDS_LENGTH_MAX],
        near=near,
        place=place,
        place_error=place_error,
        miles=_miles(typed.get("within", "")),
        selected={facet: frozenset(typed.getlist(facet.value)[:50]) for facet in SHOWN_FACETS},
        sort=_sort(typed.get("sort", ""), place),
        page=page_number(typed.get("page")),
    )


def facet_groups(
    asked: Asked, counts: Mapping[Facet, Mapping[str, int]], categories: Mapping[str, str]
) -> list[FacetGroup]:
    """Return the filters that would leave something, and those that are chosen."""
    groups = []
    for facet, legend in LEGENDS.items():
        found = counts.get(facet, {})
        chosen = asked.selected.get(facet, frozenset())
        options = tuple(
            (value, name, found.get(value, 0), value in chosen)
            for value, name in facet_names(facet, categories).items()
            if found.get(value) or value in chosen
        )
        if options:
            groups.append(FacetGroup(legend, facet.value, options, facet in _OPEN or bool(chosen)))
    return groups


def facet_names(facet: Facet, categories: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values that can be chosen of a facet, and what they are called."""
    match facet:
        case Facet.CATEGORY:
            return categories
        case Facet.KIND:
            return {kind.value: name for kind, name in _KINDS.items()}
        case Facet.PRICE_BAND:
            return {band.value: name for band, name in _BANDS.items()}
        case Facet.FREE:
            return {YES: "Free only"}
        case Facet.SPACE:
            return {YES: "Has room now"}
        case Facet.CHECKED:
            return {YES: "Checked by a council", REGULATED: "Inspected by a regulator"}
        case _:
            return labels(_TOPICS[facet])


_TOPICS = {
    Facet.DAY: "days",
    Facet.TIME: "times",
    Facet.FOR_WHOM: "for_whom",
    Facet.AGE: "ages",
    Facet.GENDER: "genders",
    Facet.LANGUAGE: "languages",
    Facet.ACCESS: "access",
}


def _place(near: str, kept: KeptPlace) -> tuple[Place | None, str]:
    if not near:
        return None, ""
    outcode = kept.typed.partition(" ")[0]
    same = _letters(near) in {_letters(kept.typed), outcode}
    try:
        place = find_place(kept.typed if same else near)
    except PlaceNotFoundError as refusal:
        return None, str(refusal)
    if same and kept.point:
        return Place("where you are", kept.point, Precision.POSTCODE, place.outcode), ""
    return place, ""


def _letters(typed: str) -> str:
    return typed.upper().replace(" ", "")


def _miles(typed: str) -> int | None:
    if typed == ANYWHERE:
        return None
    return next((miles for miles in MILES if str(miles) == typed), MILES_UNLESS_SAID)


def _sort(typed: str, place: Place | None) -> Sort:
    sort = next((sort for sort in Sort if sort == typed), Sort.BEST)
    return Sort.BEST if sort is Sort.NEAREST and place is None else sort
