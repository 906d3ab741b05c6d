"""The centres of postcode districts, shipped with the program."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from marketplace.places.rules import Point, Postcode, distance

DISTRICTS = Path(__file__).parents[3] / "seed" / "places" / "outcodes.csv"


class Districts:
    """Knows every district, and no single postcode."""

    def find(self, postcode: Postcode) -> Point | None:
        """Return the centre of a postcode's district."""
        return _centres().get(postcode.outcode)

    def nearest(self, point: Point) -> str:
        """Return the district whose centre is nearest to a point."""
        return min(_centres(), key=lambda outcode: distance(_centres()[outcode], point))

    def covers(self, postcode: Postcode) -> bool:
        """Say yes to a first half alone."""
        return postcode.incode is None


@cache
def _centres() -> Mapping[str, Point]:
    with DISTRICTS.open(encoding="utf-8", newline="") as file:
        return {
            row["outcode"]: Point(int(row["easting"]), int(row["northing"]))
            for row in csv.DictReader(file)
        }
