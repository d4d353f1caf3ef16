"""Titles, likeness of words and map tiles. Pure."""

import math
import re
from collections.abc import Iterable, Mapping

TILE_ZOOM = 14
_TITLE = 30
_SENTENCE = re.compile(r"[。！？!?；;\n]")
_NOISE = re.compile(r"[\s，。、！？；：,.!?;:\"'“”‘’（）()【】\[\]~—…-]+")


def title_of(words: str, category_name: str) -> str:
    """The first sentence, at most 30 characters; the category's name where there are no words."""
    for sentence in _SENTENCE.split(words):
        plain = " ".join(sentence.split())
        if plain:
            return plain if len(plain) <= _TITLE else f"{plain[: _TITLE - 1]}…"
    return category_name


def likeness(one: str, other: str) -> float:
    """0 … 1: the share of common pairs of characters (Dice), without punctuation."""
    left, right = _pairs(one), _pairs(other)
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def by_keywords(words: str, keywords: Mapping[str, Iterable[str]]) -> str | None:
    """The category whose longest keyword occurs in the words; None where none does."""
    best: tuple[int, str] | None = None
    for code, marks in keywords.items():
        for mark in marks:
            if mark and mark in words and (best is None or len(mark) > best[0]):
                best = (len(mark), code)
    return best[1] if best else None


def tile_column(longitude: float) -> int:
    """The column of the slippy tile (zoom 14) at this WGS-84 longitude."""
    side = 1 << TILE_ZOOM
    return min(max(int((longitude + 180) / 360 * side), 0), side - 1)


def tile_row(latitude: float) -> int:
    """The row of the slippy tile (zoom 14) at this WGS-84 latitude, from the north."""
    side = 1 << TILE_ZOOM
    angle = math.radians(min(max(latitude, -85.0), 85.0))
    share = (1 - math.asinh(math.tan(angle)) / math.pi) / 2
    return min(max(int(share * side), 0), side - 1)


def tile_of(latitude: float, longitude: float) -> int:
    """The tile's key, `row << 14 | column`: tiles of one row follow each other."""
    return tile_row(latitude) << TILE_ZOOM | tile_column(longitude)


def tile_ranges(west: float, south: float, east: float, north: float) -> list[tuple[int, int]]:
    """Key ranges, both ends included, one a row, that cover the box."""
    first, last = tile_column(west), tile_column(east)
    return [
        (row << TILE_ZOOM | first, row << TILE_ZOOM | last)
        for row in range(tile_row(north), tile_row(south) + 1)
    ]


def _pairs(text: str) -> set[str]:
    plain = _NOISE.sub("", text)
    return {plain[place : place + 2] for place in range(len(plain) - 1)}
