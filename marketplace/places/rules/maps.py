"""A small map as numbers: where pins stand on a sheet, how long a mile is, which tiles lie below.

The sheet is a piece of the square map of the world that tile servers use (Web Mercator), so the
same numbers serve a plain drawing and one with tiles underneath.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.places.rules.grid import to_latitude
from marketplace.places.rules.points import METRES_A_MILE, Point

TILE = 256
ZOOM_MIN, ZOOM_MAX = 4, 14
MARGIN = 24
NUMBERS_MAX = 3
LABEL_HEIGHT = 24
_EARTH_METRES = 40_075_016.7
_MILES = (100, 50, 20, 10, 5, 2, 1)


@dataclass(frozen=True, slots=True)
class Marked:
    """Something to be shown on a map: its number in the list, its name, where it is."""

    number: int
    name: str
    point: Point


@dataclass(frozen=True, slots=True)
class Pin:
    """One mark on the sheet, for everything that stands there or too close by to be told apart."""

    x: int
    y: int
    numbers: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def is_many(self) -> bool:
        """Tell whether all its numbers would be too long to read."""
        return len(self.numbers) > NUMBERS_MAX

    @property
    def label(self) -> str:
        """The numbers in the list, or how many there are if that would be long."""
        if self.is_many:
            return f"{len(self.numbers)} here"
        return ", ".join(map(str, self.numbers))

    @property
    def width(self) -> int:
        """How wide its label is drawn."""
        return 14 + 9 * len(self.label)

    def covers(self, other: "Pin") -> bool:
        """Tell whether the labels of two pins would lie over each other."""
        across, down = abs(self.x - other.x), abs(self.y - other.y)
        return across < (self.width + other.width) // 2 and down < LABEL_HEIGHT

    def and_(self, other: "Pin") -> "Pin":
        """Return one pin for two, where this one stands."""
        return Pin(
            self.x, self.y, tuple(sorted(self.numbers + other.numbers)), self.names + other.names
        )


@dataclass(frozen=True, slots=True)
class Tile:
    """One square picture of a tile server, and where its corner lies on the sheet."""

    zoom: int
    column: int
    row: int
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A finished map, in pixels from the upper left corner."""

    width: int
    height: int
    pins: tuple[Pin, ...]
    here: tuple[int, int] | None
    scale_miles: int
    scale_width: int
    tiles: tuple[Tile, ...]


def sheet(
    marked: Sequence[Marked], here: Point | None, *, width: int = 320, height: int = 320
) -> Sheet | None:
    """Return a map that shows everything marked, and where the person is; None with nothing."""
    points = [each.point for each in marked] + ([here] if here else [])
    if not marked:
        return None
    spots = {point: _on_globe(point) for point in points}
    zoom = _zoom(list(spots.values()), width, height)
    size = TILE * 2**zoom
    east = [x for x, _ in spots.values()]
    south = [y for _, y in spots.values()]
    left = (min(east) + max(east)) / 2 * size - width / 2
    top = (min(south) + max(south)) / 2 * size - height / 2

    def place(point: Point) -> tuple[int, int]:
        x, y = spots[point]
        return round(x * size - left), round(y * size - top)

    latitude, _ = to_latitude(points[0])
    miles, scale = _scale(_EARTH_METRES * math.cos(math.radians(latitude)) / size, width)
    return Sheet(
        width=width,
        height=height,
        pins=_pins([(each, place(each.point)) for each in marked]),
        here=place(here) if here else None,
        scale_miles=miles,
        scale_width=scale,
        tiles=_tiles(zoom, left, top, width, height),
    )


def _on_globe(point: Point) -> tuple[float, float]:
    """Return how far a point lies across and down the map of the world, from 0 to 1."""
    latitude, longitude = to_latitude(point)
    rise = math.asinh(math.tan(math.radians(latitude)))
    return (longitude + 180) / 360, (1 - rise / math.pi) / 2


def _zoom(spots: Sequence[tuple[float, float]], width: int, height: int) -> int:
    across = max(x for x, _ in spots) - min(x for x, _ in spots)
    down = max(y for _, y in spots) - min(y for _, y in spots)
    for zoom in range(ZOOM_MAX, ZOOM_MIN, -1):
        size = TILE * 2**zoom
        if across * size <= width - 2 * MARGIN and down * size <= height - 2 * MARGIN:
            return zoom
    return ZOOM_MIN


def _pins(placed: Sequence[tuple[Marked, tuple[int, int]]]) -> tuple[Pin, ...]:
    at: dict[tuple[int, int], list[Marked]] = {}
    for each, spot in placed:
        at.setdefault(spot, []).append(each)
    return _apart(
        [
            Pin(x, y, tuple(one.number for one in ones), tuple(one.name for one in ones))
            for (x, y), ones in at.items()
        ]
    )


def _apart(pins: list[Pin]) -> tuple[Pin, ...]:
    """Return pins of which none hides another: those that would are one."""
    found: list[Pin] = []
    for pin in pins:
        # A label that has grown may reach the next pin, so the one that takes it up goes again.
        while near := next((each for each in found if each.covers(pin)), None):
            found.remove(near)
            pin = near.and_(pin)  # noqa: PLW2901
        found.append(pin)
    return tuple(sorted(found, key=lambda each: each.numbers))


def _scale(metres_a_pixel: float, width: int) -> tuple[int, int]:
    """Return the longest round number of miles that fits into half the sheet, and its width."""
    for miles in _MILES:
        pixels = miles * METRES_A_MILE / metres_a_pixel
        if pixels <= width / 2:
            return miles, round(pixels)
    return 1, round(METRES_A_MILE / metres_a_pixel)


def _tiles(zoom: int, left: float, top: float, width: int, height: int) -> tuple[Tile, ...]:
    count = 2**zoom
    return tuple(
        Tile(zoom, column, row, round(column * TILE - left), round(row * TILE - top))
        for row in range(math.floor(top / TILE), math.floor((top + height) / TILE) + 1)
        for column in range(math.floor(left / TILE), math.floor((left + width) / TILE) + 1)
        if 0 <= row < count and 0 <= column < count
    )
