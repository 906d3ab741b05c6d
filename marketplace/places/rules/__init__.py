"""Points on the grid, the form of a postcode, and how far apart two points are. Pure."""

from marketplace.places.rules.grid import from_irish_grid, from_latitude, to_latitude
from marketplace.places.rules.maps import Marked, Pin, Sheet, Tile, sheet
from marketplace.places.rules.points import (
    METRES_A_MILE,
    Place,
    Point,
    Postcode,
    Precision,
    distance,
    metres,
    miles,
    parse_postcode,
)

__all__ = [
    "METRES_A_MILE",
    "Marked",
    "Pin",
    "Place",
    "Point",
    "Postcode",
    "Precision",
    "Sheet",
    "Tile",
    "distance",
    "from_irish_grid",
    "from_latitude",
    "metres",
    "miles",
    "parse_postcode",
    "sheet",
    "to_latitude",
]
