"""WGS-84 and GCJ-02, the two ways in which phones and Chinese maps say where something is.

Pure: standard library only. GCJ-02 ("Mars coordinates", used by WeChat's maps) shifts WGS-84 by
up to about 700 m by a published formula on the Krasovsky 1940 ellipsoid; outside the rectangle
that every implementation takes for China it is WGS-84 itself. The shift has no closed inverse,
but it changes so slowly that iterating finds it to far below a millimetre.
"""

from math import asin, cos, pi, radians, sin, sqrt

WGS84, GCJ02 = "wgs84", "gcj02"
SYSTEMS = (WGS84, GCJ02)

# The mean radius of the Earth in metres (IUGG), and the Krasovsky ellipsoid of the formula.
EARTH_RADIUS = 6_371_008.8
_AXIS = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
# West, south, east, north in degrees: where the shift applies.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
# No shift reaches farther than this (degrees; about 2 km).
_REACH = 0.02
# A tenth of a millimetre: a point on the rectangle's edge is found again as one.
_ROUNDING = 1e-9
# Each turn gains more than two digits on at most 2 km, so six leave less than a nanometre.
_TURNS = 6


def in_china(latitude: float, longitude: float, margin: float = 0.0) -> bool:
    """Whether the point lies in the rectangle where GCJ-02 differs from WGS-84 (degrees)."""
    west, south, east, north = CHINA
    return (
        south - margin <= latitude <= north + margin and west - margin <= longitude <= east + margin
    )


def wgs84_to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """The GCJ-02 latitude and longitude (degrees) of a WGS-84 point."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    return _shifted(latitude, longitude)


def gcj02_to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """The WGS-84 point whose GCJ-02 image this is; back and forth differs by less than 1 cm.

    A point that nothing in China's rectangle is shifted to was never shifted: it stays as it is.
    """
    if not in_china(latitude, longitude, _REACH):
        return latitude, longitude
    found = latitude, longitude
    for _ in range(_TURNS):
        image = _shifted(*found)
        found = found[0] - (image[0] - latitude), found[1] - (image[1] - longitude)
    return found if in_china(*found, _ROUNDING) else (latitude, longitude)


def to_wgs84(latitude: float, longitude: float, system: str) -> tuple[float, float]:
    """A point given in `system` (wgs84 or gcj02) as WGS-84."""
    return gcj02_to_wgs84(latitude, longitude) if system == GCJ02 else (latitude, longitude)


def from_wgs84(latitude: float, longitude: float, system: str) -> tuple[float, float]:
    """A WGS-84 point in `system`."""
    return wgs84_to_gcj02(latitude, longitude) if system == GCJ02 else (latitude, longitude)


def distance_m(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Great-circle distance in metres between two points in the same system (haversine)."""
    north = radians(other_latitude - latitude)
    east = radians(other_longitude - longitude)
    chord = (
        sin(north / 2) ** 2
        + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def _shifted(latitude: float, longitude: float) -> tuple[float, float]:
    x, y = longitude - 105.0, latitude - 35.0
    north, east = _north(x, y), _east(x, y)
    slope = radians(latitude)
    flat = 1 - _ECCENTRICITY_SQUARED * sin(slope) ** 2
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY_SQUARED) / (flat * sqrt(flat)) * pi)
    east = east * 180.0 / (_AXIS / sqrt(flat) * cos(slope) * pi)
    return latitude + north, longitude + east


def _waves(value: float) -> float:
    return (20.0 * sin(6.0 * value * pi) + 20.0 * sin(2.0 * value * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    """The shift to the north in metres on the formula's plane."""
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += _waves(x)
    shift += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    shift += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return shift


def _east(x: float, y: float) -> float:
    """The shift to the east in metres on the formula's plane."""
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += _waves(x)
    shift += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    shift += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return shift
