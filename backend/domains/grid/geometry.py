"""Outlines of areas: read strictly, compared with a tolerance, written as GeoJSON (RFC 7946)."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from shapely import is_valid_reason
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.polygon import orient

from backend.domains.grid.coordinate_rules import from_wgs84

# Surveys of two areas may differ along their border by this much (degrees; about 5 m).
TOLERANCE = 5e-5
DIGITS = 7
MOST_POINTS = 20_000
# A Polygon or MultiPolygon; shapely tells the type checker nothing.
Outline: TypeAlias = Any


class BadOutline(ValueError):
    """The geometry cannot be an area; the text says why, in Chinese."""


def read(raw: object) -> Outline:
    """A GeoJSON Polygon or MultiPolygon in WGS-84, outer rings counter-clockwise.

    Raises `BadOutline` for another type, rings that are open, too short or cross themselves,
    and coordinates that are no degrees.
    """
    if not isinstance(raw, dict) or raw.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadOutline("形状应是 Polygon 或 MultiPolygon")
    parts = raw.get("coordinates")
    polygons = [parts] if raw["type"] == "Polygon" else parts
    if not isinstance(polygons, list) or not polygons:
        raise BadOutline("形状没有坐标")
    if sum(_checked(rings) for rings in polygons) > MOST_POINTS:
        raise BadOutline(f"形状的点太多，最多{MOST_POINTS}个")
    try:
        outline = shape(raw)
    except (ShapelyError, ValueError, TypeError):
        raise BadOutline("形状无法读取") from None
    if not outline.is_valid:
        raise BadOutline(_crossing(is_valid_reason(outline)))
    if outline.area <= 0:
        raise BadOutline("形状没有面积")
    return _oriented(outline)


def _crossing(reason: str) -> str:
    """GEOS names the fault in English and, in brackets, where it is."""
    place = re.search(r"\[(\S+) (\S+)\]", reason)
    if place is None:
        return "边界自相交或不成形"
    longitude, latitude = (f"{float(one):.9g}" for one in place.groups())
    return f"边界自相交或不成形（约在经度{longitude}，纬度{latitude}）"


def _checked(rings: object) -> int:
    """How many points a polygon's rings have, each looked at."""
    if not isinstance(rings, list) or not rings:
        raise BadOutline("形状没有坐标")
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < 4:
            raise BadOutline("边界至少要四个点")
        if not all(_is_position(position) for position in ring):
            raise BadOutline("坐标应是[经度, 纬度]，单位为度")
        if ring[0] != ring[-1]:
            raise BadOutline("边界没有闭合：最后一点应与第一点相同")
    return sum(len(ring) for ring in rings)


def _is_position(position: object) -> bool:
    if not isinstance(position, list) or len(position) != 2:
        return False
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in position):
        return False
    longitude, latitude = position
    # Neither NaN nor an infinity compares as smaller.
    return bool(abs(longitude) <= 180 and abs(latitude) <= 90)


def _oriented(outline: Outline) -> Outline:
    if isinstance(outline, Polygon):
        return orient(outline)
    return MultiPolygon([orient(part) for part in outline.geoms])


def holds(parent: Outline, child: Outline) -> bool:
    """Whether the child lies in the parent, but for the tolerance."""
    return bool(parent.buffer(TOLERANCE).covers(child))


def overlap(one: Outline, other: Outline) -> bool:
    """Whether the two share more than a strip as narrow as the tolerance."""
    return not one.intersection(other).buffer(-TOLERANCE / 2).is_empty


def written(outline: Outline) -> dict[str, Any]:
    """The outline as GeoJSON with lists for tuples, as it is stored."""
    return mapped(mapping(outline), lambda x, y: (round(x, DIGITS), round(y, DIGITS)))


def mapped(
    geometry: dict[str, Any] | Any, change: Callable[[float, float], tuple[float, float]]
) -> dict[str, Any]:
    """A GeoJSON geometry with every (longitude, latitude) changed."""

    def walk(part: Any) -> list[Any]:
        if isinstance(part[0], int | float):
            return list(change(part[0], part[1]))
        return [walk(inner) for inner in part]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


def in_system(geometry: dict[str, Any], system: str) -> dict[str, Any]:
    """A stored geometry in the coordinate system wgs84 or gcj02, to about a decimetre."""

    def change(longitude: float, latitude: float) -> tuple[float, float]:
        there = from_wgs84(latitude, longitude, system)
        return round(there[1], 6), round(there[0], 6)

    return mapped(geometry, change)
