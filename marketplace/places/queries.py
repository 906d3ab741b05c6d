"""Where a postcode is."""

from functools import cache

from marketplace.places.adapters import Gazetteer
from marketplace.places.adapters.districts import Districts
from marketplace.places.adapters.postcodes import Postcodes, installed_folder
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.rules import Place, Point, Precision, parse_postcode


def locate(text: str) -> Place:
    """Return the place of a postcode, or of its first half, however it was typed.

    Where single postcodes are not known, a whole one is placed at the centre of its district.

    Raises:
        PlaceNotFoundError: it is not written like a postcode, or there is no such place.
    """
    postcode = parse_postcode(text)
    exact = _postcodes().find(postcode)
    if exact is not None:
        return Place(str(postcode), exact, Precision.POSTCODE)
    district = Districts().find(postcode)
    if district is None or _postcodes().covers(postcode):
        raise PlaceNotFoundError(text)
    return Place(postcode.outcode, district, Precision.DISTRICT)


def find_point(text: str) -> Point | None:
    """Return where a postcode is, at worst the centre of its district, or nothing.

    For what is imported or kept: a new or mistaken postcode there is nobody's to correct now.
    """
    try:
        postcode = parse_postcode(text)
    except PlaceNotFoundError:
        return None
    return _postcodes().find(postcode) or Districts().find(postcode)


@cache
def _postcodes() -> Gazetteer:
    return Postcodes(installed_folder())
