"""Points, postcodes and the way between two points."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from marketplace.places.errors import PlaceNotFoundError

METRES_A_MILE = 1609.344

_OUTCODE = r"(?:[A-Z]{1,2}[0-9][0-9A-Z]?)"
_FULL = re.compile(rf"({_OUTCODE})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_DISTRICT = re.compile(_OUTCODE)
_TYPED_MAX = 40


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the British National Grid, in whole metres."""

    easting: int
    northing: int


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode that is well formed: a district, and perhaps its second half."""

    outcode: str
    incode: str | None = None

    def __str__(self) -> str:
        """Return the postcode as it is printed on a letter."""
        return self.outcode if self.incode is None else f"{self.outcode} {self.incode}"


class Precision(StrEnum):
    """How exactly a place is known."""

    POSTCODE = "postcode"
    DISTRICT = "district"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class Place:
    """A place people can name, and where it lies."""

    label: str
    point: Point
    precision: Precision
    outcode: str
    """The postcode district it is in, or in whose middle it is placed."""


def parse_postcode(text: str) -> Postcode:
    """Read a postcode or its first half, whatever its case and spaces.

    Raises:
        PlaceNotFoundError: the text is not written like a postcode.
    """
    typed = text[:_TYPED_MAX].strip().upper()
    full = _FULL.fullmatch(re.sub(r"[\s.\-]+", "", typed))
    if full:
        return Postcode(full[1], full[2])
    # A space here is half a second half: "LS1 6" is not the district LS16.
    if _DISTRICT.fullmatch(typed):
        return Postcode(typed)
    raise PlaceNotFoundError(text)


def distance(a: Point, b: Point) -> int:
    """Return the metres between two points, rounded down."""
    return math.isqrt((a.easting - b.easting) ** 2 + (a.northing - b.northing) ** 2)


def miles(metres: int) -> float:
    """Return metres as miles, to one decimal: what a page shows."""
    return round(metres / METRES_A_MILE, 1)


def metres(miles_: float) -> int:
    """Return miles as whole metres: what a search asks for."""
    return round(miles_ * METRES_A_MILE)
