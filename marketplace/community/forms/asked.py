"""What somebody asks of "what is on", as it stands in the address: nothing about who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from werkzeug.datastructures import MultiDict

from marketplace.community.queries import Wanted, category_names
from marketplace.kernel.labels import labels
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import find_place
from marketplace.places.rules import Place, metres, parse_postcode

WEEK, NEXT_WEEK, MONTH = "week", "next-week", "month"
PERIODS: Mapping[str, tuple[str, int, int]] = MappingProxyType(
    {
        WEEK: ("This week", 0, 7),
        NEXT_WEEK: ("Next week", 7, 7),
        MONTH: ("The coming month", 0, 31),
    }
)
"""What each is called, in how many days it begins, and how many it has."""
MILES = (1, 2, 5, 10, 20)
_MILES_FIRST = 5
_NEAR_LENGTH_MAX = 40
PARTS = ("morning", "afternoon", "evening")
ALL_PORTALS = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfWhatsOn:
    """What was asked for; what nobody offers is left out."""

    when: str
    days: tuple[str, ...]
    parts: tuple[str, ...]
    categories: tuple[str, ...]
    free: bool
    near: str
    place: Place | None
    place_error: str
    miles: int
    portal: str
    """The address part of a council's portal, ``all``, or empty for the one we are in."""

    @property
    def words(self) -> str:
        """The span of time in words."""
        return PERIODS[self.when][0]

    @property
    def begins_in(self) -> int:
        """In how many days the span begins."""
        return PERIODS[self.when][1]

    @property
    def length(self) -> int:
        """How many days the span has."""
        return PERIODS[self.when][2]

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the span was asked for."""
        return bool(self.days or self.parts or self.categories or self.free or self.near)

    def address(self, **changed: object) -> dict[str, object]:
        """Return what stands in the address for this, with something changed."""
        given: dict[str, object] = {
            "when": self.when if self.when != WEEK else "",
            "day": list(self.days),
            "part": list(self.parts),
            "category": list(self.categories),
            "free": "yes" if self.free else "",
            "near": shareable(self.near),
            "within": str(self.miles) if self.near and self.miles != _MILES_FIRST else "",
            "portal": self.portal,
            **changed,
        }
        return {name: value for name, value in given.items() if value}

    def wanted(self, council_id: object) -> Wanted:
        """Return this as the catalogue is asked."""
        return Wanted(
            days=frozenset(self.days),
            parts=frozenset(self.parts),
            categories=frozenset(self.categories),
            free=self.free,
            near=self.place.point if self.place else None,
            within_metres=metres(self.miles) if self.place else None,
            council_id=council_id,  # type: ignore[arg-type]
        )


def shareable(near: str) -> str:
    """Return what an address may say of a place: the first half of a postcode, never all of it."""
    try:
        return parse_postcode(near).outcode
    except PlaceNotFoundError:
        return near


def read_asked(given: MultiDict[str, str], *, near: str = "") -> AskedOfWhatsOn:
    """Read what stands in an address; what nobody offers is left out."""
    typed = (near or given.get("near", "")).strip()[:_NEAR_LENGTH_MAX]
    place, error = None, ""
    if typed:
        try:
            place = find_place(typed)
        except PlaceNotFoundError as refusal:
            error = str(refusal)
    miles = given.get("within", "")
    when = given.get("when", "")
    return AskedOfWhatsOn(
        when=when if when in PERIODS else WEEK,
        days=_offered(given, "day", labels("days")),
        parts=_offered(given, "part", dict.fromkeys(PARTS, "")),
        categories=_offered(given, "category", category_names()),
        free=given.get("free", "") == "yes",
        near=typed,
        place=place,
        place_error=error,
        miles=int(miles) if miles in {str(each) for each in MILES} else _MILES_FIRST,
        portal=given.get("portal", "")[:_NEAR_LENGTH_MAX],
    )


def _offered(given: MultiDict[str, str], name: str, offered: Mapping[str, str]) -> tuple[str, ...]:
    typed = set(given.getlist(name))
    return tuple(value for value in offered if value in typed)
