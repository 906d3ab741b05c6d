"""From latitude and longitude to the British National Grid, and back.

The formulas are those of the Ordnance Survey's guide to coordinate systems: a projection on
an ellipsoid, and a shift of seven parameters between two ellipsoids. They are right to a few
metres, which is closer than a postcode is. Northern Ireland has a grid of its own; its points
are carried over to the British one, so that distances across the sea are plain arithmetic.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

from marketplace.places.rules.points import Point

_SAME_METRES = 1e-5
_SECONDS_A_DEGREE = 3600


@dataclass(frozen=True, slots=True)
class _Ellipsoid:
    a: float
    b: float

    @property
    def e2(self) -> float:
        return 1 - (self.b * self.b) / (self.a * self.a)


@dataclass(frozen=True, slots=True)
class _Grid:
    ellipsoid: _Ellipsoid
    scale: float
    latitude: float
    longitude: float
    easting: float
    northing: float


@dataclass(frozen=True, slots=True)
class _Shift:
    """Metres along each axis, seconds of arc about each axis, and parts in a million."""

    move: tuple[float, float, float]
    turn: tuple[float, float, float]
    grow: float

    def __neg__(self) -> "_Shift":
        x, y, z = self.move
        u, v, w = self.turn
        return _Shift((-x, -y, -z), (-u, -v, -w), -self.grow)


_WGS84 = _Ellipsoid(6378137.0, 6356752.314245)
_BRITISH = _Grid(_Ellipsoid(6377563.396, 6356256.909), 0.9996012717, 49.0, -2.0, 400_000, -100_000)
_IRISH = _Grid(_Ellipsoid(6377340.189, 6356034.447), 1.000035, 53.5, -8.0, 200_000, 250_000)
_TO_BRITISH = _Shift((-446.448, 125.157, -542.060), (-0.1502, -0.2470, -0.8421), 20.4894)
_FROM_IRISH = _Shift((482.530, -130.596, 564.557), (-1.042, -0.214, -0.631), 8.150)


def from_latitude(latitude: float, longitude: float) -> Point:
    """Return the grid point of a latitude and longitude as satellites give them."""
    return _project(_BRITISH, *_shift(latitude, longitude, _WGS84, _BRITISH.ellipsoid, _TO_BRITISH))


def to_latitude(point: Point) -> tuple[float, float]:
    """Return the latitude and longitude of a grid point, to five decimals (a metre)."""
    there = _unproject(_BRITISH, point.easting, point.northing)
    latitude, longitude = _shift(*there, _BRITISH.ellipsoid, _WGS84, -_TO_BRITISH)
    return round(latitude, 5), round(longitude, 5)


def from_irish_grid(easting: int, northing: int) -> Point:
    """Return the British grid point of a point on the Irish grid."""
    there = _unproject(_IRISH, easting, northing)
    return from_latitude(*_shift(*there, _IRISH.ellipsoid, _WGS84, _FROM_IRISH))


def _project(grid: _Grid, latitude: float, longitude: float) -> Point:
    phi = radians(latitude)
    away = radians(longitude - grid.longitude)
    e2 = grid.ellipsoid.e2
    bend = 1 - e2 * sin(phi) ** 2
    nu = grid.ellipsoid.a * grid.scale / sqrt(bend)
    rho = nu * (1 - e2) / bend
    eta2 = nu / rho - 1
    t2, c = tan(phi) ** 2, cos(phi)
    north = (
        grid.northing
        + _arc(grid, phi)
        + nu / 2 * sin(phi) * c * away**2
        + nu / 24 * sin(phi) * c**3 * (5 - t2 + 9 * eta2) * away**4
        + nu / 720 * sin(phi) * c**5 * (61 - 58 * t2 + t2**2) * away**6
    )
    east = (
        grid.easting
        + nu * c * away
        + nu / 6 * c**3 * (nu / rho - t2) * away**3
        + nu / 120 * c**5 * (5 - 18 * t2 + t2**2 + 14 * eta2 - 58 * t2 * eta2) * away**5
    )
    return Point(round(east), round(north))


def _unproject(grid: _Grid, easting: float, northing: float) -> tuple[float, float]:
    phi = radians(grid.latitude)
    while True:
        missing = northing - grid.northing - _arc(grid, phi)
        phi += missing / (grid.ellipsoid.a * grid.scale)
        if abs(missing) < _SAME_METRES:
            break
    e2 = grid.ellipsoid.e2
    bend = 1 - e2 * sin(phi) ** 2
    nu = grid.ellipsoid.a * grid.scale / sqrt(bend)
    rho = nu * (1 - e2) / bend
    eta2 = nu / rho - 1
    t, t2, t4 = tan(phi), tan(phi) ** 2, tan(phi) ** 4
    away = (easting - grid.easting) / nu
    latitude = phi - t * nu / rho * (
        away**2 / 2
        - away**4 / 24 * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
        + away**6 / 720 * (61 + 90 * t2 + 45 * t4)
    )
    longitude = (
        away
        - away**3 / 6 * (nu / rho + 2 * t2)
        + away**5 / 120 * (5 + 28 * t2 + 24 * t4)
        - away**7 / 5040 * (61 + 662 * t2 + 1320 * t4 + 720 * t2 * t4)
    ) / cos(phi)
    return degrees(latitude), grid.longitude + degrees(longitude)


def _arc(grid: _Grid, phi: float) -> float:
    """Return the metres along the middle line from the grid's origin to a latitude."""
    start = radians(grid.latitude)
    n = (grid.ellipsoid.a - grid.ellipsoid.b) / (grid.ellipsoid.a + grid.ellipsoid.b)
    less, more = phi - start, phi + start
    return (
        grid.ellipsoid.b
        * grid.scale
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _shift(
    latitude: float, longitude: float, source: _Ellipsoid, target: _Ellipsoid, shift: _Shift
) -> tuple[float, float]:
    phi, lam = radians(latitude), radians(longitude)
    nu = source.a / sqrt(1 - source.e2 * sin(phi) ** 2)
    x, y, z = nu * cos(phi) * cos(lam), nu * cos(phi) * sin(lam), nu * (1 - source.e2) * sin(phi)
    u, v, w = (radians(seconds / _SECONDS_A_DEGREE) for seconds in shift.turn)
    grown = 1 + shift.grow / 1e6
    x, y, z = (
        shift.move[0] + grown * x - w * y + v * z,
        shift.move[1] + w * x + grown * y - u * z,
        shift.move[2] - v * x + u * y + grown * z,
    )
    flat = hypot(x, y)
    phi = atan2(z, flat * (1 - target.e2))
    for _ in range(6):
        nu = target.a / sqrt(1 - target.e2 * sin(phi) ** 2)
        phi = atan2(z + target.e2 * nu * sin(phi), flat)
    return degrees(phi), degrees(atan2(y, x))
