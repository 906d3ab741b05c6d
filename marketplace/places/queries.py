"""Where a postcode is."""

import re
from functools import cache

from marketplace.places.adapters import Gazetteer
from marketplace.places.adapters.districts import Districts
from marketplace.places.adapters.names import nearest_name, places_named
from marketplace.places.adapters.postcodes import Postcodes, installed_folder
from marketplace.places.errors import NameNotFoundError, PlaceNotFoundError
from marketplace.places.rules import Place, Point, Precision, parse_postcode

_TYPED_MAX = 60
_BEGUN = re.compile(r"([A-Za-z]{1,2}[0-9][A-Za-z0-9]?)\s+[0-9][A-Za-z]?")
"""A postcode that ends in the middle of its second half: enough to look near."""


def locate(text: str) -> Place:
    """Return the place of a postcode, or of its first half, however it was typed.

    Where single postcodes are not known, a whole one is placed at the centre of its district.

    Raises:
        PlaceNotFoundError: it is not written like a postcode, or there is no such place.
    """
    postcode = parse_postcode(text)
    exact = _postcodes().find(postcode)
    if exact is not None:
        return Place(str(postcode), exact, Precision.POSTCODE, postcode.outcode)
    district = Districts().find(postcode)
    if district is None or _postcodes().covers(postcode):
        raise PlaceNotFoundError(text)
    return Place(postcode.outcode, district, Precision.DISTRICT, postcode.outcode)


def find_place(text: str) -> Place:
    """Return the place of a postcode, of its first half, or of a town: what a search is near to.

    Raises:
        PlaceNotFoundError: there is no such place.
        NameNotFoundError: there is no such town, or several have this name.
    """
    if any(sign.isdigit() for sign in text):
        begun = _BEGUN.fullmatch(text[:_TYPED_MAX].strip())
        return locate(begun[1] if begun else text)
    found = places_named(text[:_TYPED_MAX])
    if len(found) == 1:
        named = found[0]
        middle = locate(named.outcode)
        return Place(named.name, middle.point, Precision.TOWN, named.outcode)
    several = [each.full_name for each in found]
    raise NameNotFoundError(text, meant=nearest_name(text[:_TYPED_MAX]), several=several)


def find_point(text: str) -> Point | None:
    """Return where a postcode is, at worst the centre of its district, or nothing.

    For what is imported or kept: a new or mistaken postcode there is nobody's to correct now.
    """
    try:
        postcode = parse_postcode(text)
    except PlaceNotFoundError:
        return None
    return _postcodes().find(postcode) or Districts().find(postcode)


def district_at(point: Point) -> str:
    """Return the district whose middle is nearest to a point."""
    return Districts().nearest(point)


@cache
def _postcodes() -> Gazetteer:
    return Postcodes(installed_folder())
