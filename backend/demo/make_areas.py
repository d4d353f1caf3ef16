"""Draws the demo's streets, communities and cells: `python -m backend.demo.make_areas`.

Run once; what it wrote, `data/areas.geojson`, is committed. Everything is fictional and lies in
the open sea. Cells are the Voronoi regions of evenly spread points within a wavy outline; larger
areas are unions of them, so that neighbours share every vertex and nothing lies between.
"""

import itertools
import json
import math
import random
from collections.abc import Iterable
from typing import Any

from shapely import (
    MultiPoint,
    Point,
    Polygon,
    coverage_is_valid,
    coverage_union_all,
    get_parts,
    voronoi_polygons,
)
from shapely.geometry import mapping
from shapely.geometry.polygon import orient

from backend.demo.district import DATA, district

SEED = 20
CENTRE = (115.3105, 20.5015)
RADII = (0.0335, 0.0335)
# The middle of each street (longitude, latitude) and how many cells it has.
STREETS = {
    "yuehe": ((115.3005, 20.5110), 14),
    "rongan": ((115.3245, 20.5240), 13),
    "shitang": ((115.3190, 20.4900), 12),
    "dongzhou": ((115.3290, 20.5085), 11),
    "qingxu": ((115.2910, 20.4865), 10),
}
# As in halls.json; the district's own hall stands in Dongzhou.
HALLS = {
    "yuehe": (115.3042, 20.5081), "rongan": (115.3310, 20.5215), "shitang": (115.3227, 20.4968),
    "qingxu": (115.2875, 20.4790), "dongzhou": (115.3180, 20.5120),
}  # fmt: skip
COMMUNITIES = 3
Position = tuple[float, float]


def outline() -> Polygon:
    """The district: a rounded square with bays."""
    points = []
    for step in range(96):
        turn = 2 * math.pi * step / 96
        wave = 1 + 0.045 * math.sin(3 * turn + 0.6) + 0.03 * math.sin(7 * turn + 1.1)
        wave += 0.016 * math.sin(13 * turn + 2.0)
        square = 1 / (abs(math.cos(turn)) ** 2.8 + abs(math.sin(turn)) ** 2.8) ** (1 / 2.8)
        points.append((CENTRE[0] + RADII[0] * square * wave * math.cos(turn),
                       CENTRE[1] + RADII[1] * square * wave * math.sin(turn)))  # fmt: skip
    return Polygon([rounded(*point) for point in points])


def rounded(x: float, y: float) -> Position:
    """Six digits of a degree: about a decimetre."""
    return round(x, 6), round(y, 6)


def regions(points: list[Position], within: Polygon) -> list[Polygon]:
    """The Voronoi region of each point, in their order, cut off at the outline."""
    parts = list(get_parts(voronoi_polygons(MultiPoint(points), extend_to=within)))
    found = []
    for point in points:
        region = next(part for part in parts if part.covers(Point(point)))
        found.append(region.intersection(within))
    return found


def spread(chance: random.Random, within: Polygon) -> dict[str, list[Position]]:
    """Points of each street's cells, evened out by moving each to the middle of its region."""
    ground = regions([centre for centre, _ in STREETS.values()], within)
    found = {}
    for (street, (_, count)), region in zip(STREETS.items(), ground, strict=True):
        points = [inside(chance, region) for _ in range(count)]
        for _ in range(12):
            points = [(part.centroid.x, part.centroid.y) for part in regions(points, region)]
        found[street] = points
    return found


def inside(chance: random.Random, region: Polygon) -> Position:
    """A random point of the region."""
    west, south, east, north = region.bounds
    while True:
        point = chance.uniform(west, east), chance.uniform(south, north)
        if region.contains(Point(point)):
            return point


def bent(cells: list[Polygon], within: Polygon) -> list[Polygon]:
    """Cells with corners rounded and borders that meander as streets do, still shared exactly."""
    rim = within.exterior
    return [Polygon(list(_walk(cell, rim))) for cell in cells]


def _walk(cell: Polygon, rim: Any) -> Iterable[Position]:
    ring = [rounded(*point) for point in orient(cell).exterior.coords]
    for start, end in itertools.pairwise(ring):
        if start == end:
            continue
        yield start
        middle = Point((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        if rim.distance(middle) > 2e-6:
            bends = _bends(*sorted((start, end)))
            yield from bends if start < end else reversed(bends)


def _bends(start: Position, end: Position) -> list[Position]:
    """Two points beside the straight line, the same whichever neighbour asks."""
    chance = random.Random(f"{start}{end}")  # noqa: S311 - a drawing, not a secret
    along = end[0] - start[0], end[1] - start[1]
    found = []
    for share in (0.34, 0.67):
        aside = chance.uniform(-0.05, 0.05)
        found.append(rounded(start[0] + share * along[0] - aside * along[1],
                             start[1] + share * along[1] + aside * along[0]))  # fmt: skip
    return found


def communities(chance: random.Random, cells: list[Polygon]) -> list[list[int]]:
    """The cells of a street in three groups of one piece each, as even as can be."""
    middles = [(cell.centroid.x, cell.centroid.y) for cell in cells]
    best: list[list[int]] = []
    for _ in range(400):
        heads = chance.sample(middles, COMMUNITIES)
        groups: list[list[int]] = [[] for _ in heads]
        for number, middle in enumerate(middles):
            nearest = min(range(COMMUNITIES), key=lambda one: math.dist(middle, heads[one]))
            groups[nearest].append(number)
        pieces = [coverage_union_all([cells[one] for one in group]) for group in groups if group]
        if len(pieces) < COMMUNITIES or any(piece.geom_type != "Polygon" for piece in pieces):
            continue
        if not best or max(map(len, groups)) < max(map(len, best)):
            best = groups
    return sorted(best, key=lambda group: -max(middles[one][1] for one in group))


def feature(shape: Polygon, **said: Any) -> dict[str, Any]:
    """A GeoJSON feature as the import reads it; `said` are its properties."""
    rings = [[list(point) for point in ring] for ring in mapping(orient(shape))["coordinates"]]
    return {
        "type": "Feature",
        "properties": said,
        "geometry": {"type": "Polygon", "coordinates": rings},
    }


def area(kind: str, code: str, name: str, parent: str | None, aliases: list[str]) -> dict[str, Any]:
    """The properties of a feature."""
    return {"kind": kind, "code": code, "name": name, "parent": parent, "aliases": aliases}


def draw() -> dict[str, Any]:
    """The whole district; raises AssertionError where halls or borders do not fit."""
    chance = random.Random(SEED)  # noqa: S311 - a drawing, not a secret
    within = outline()
    points = spread(chance, within)
    owners = [street for street, found in points.items() for _ in found]
    flat = [point for found in points.values() for point in found]
    cells = bent(regions(flat, within), within)
    assert coverage_is_valid(cells)
    names = json.loads((DATA / "area_names.json").read_text(encoding="utf-8"))
    streets: list[dict[str, Any]] = []
    middle: list[dict[str, Any]] = []
    small: list[dict[str, Any]] = []
    for row in district()["streets"]:
        code = row["code"]
        own = [cell for cell, owner in zip(cells, owners, strict=True) if owner == code]
        whole = coverage_union_all(own)
        assert whole.geom_type == "Polygon", code
        assert whole.contains(Point(HALLS[code])), code
        streets.append(feature(whole, **area("street", code, row["name"], None, [])))
        groups = communities(chance, own)
        groups.sort(key=lambda group: not any(_holds(own[one], HALLS[code]) for one in group))
        for number, (group, (name, places)) in enumerate(zip(groups, names[code], strict=True), 1):
            above = f"{code}-{number:02d}"
            union = coverage_union_all([own[one] for one in group])
            middle.append(feature(union, **area("community", above, name, code, [])))
            homes = [list(words) for words in places]
            for turn, one in enumerate(_hall_first(group, own, HALLS[code]), 1):
                title, *aliases = homes[turn - 1]
                label = f"{above}-{turn:02d}"
                said = area("cell", label, f"{title}网格", above, aliases)
                small.append(feature(own[one], **said))
    return {"type": "FeatureCollection", "features": streets + middle + small}


def _hall_first(group: list[int], cells: list[Polygon], hall: Position) -> list[int]:
    """From north to south, but the hall's cell first: its names are the first ones."""
    return sorted(group, key=lambda one: (not _holds(cells[one], hall), -cells[one].centroid.y))


def _holds(cell: Polygon, place: Position) -> bool:
    return bool(cell.contains(Point(place)))


def main() -> None:
    """Write `data/areas.geojson`, one feature a line."""
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":"))
             for one in draw()["features"]]  # fmt: skip
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (DATA / "areas.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
