"""Open events nearby that tell of the same thing, offered before a new one is made."""

import math
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.dispatch import ports, text_rules
from backend.domains.dispatch.model import Event
from backend.kernel.uow import UnitOfWork

RADIUS_M = 500.0
# Looked at closely, newest first: more lie in 500 m only in a disaster, when the newest matter.
_MOST = 300
_LEAST = 0.25
_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Similar:
    """An open event that may be the same; `score` 0 … 1 of place, words and category."""

    event: Event
    distance_m: int
    score: float


def similar(
    uow: UnitOfWork,
    *,
    latitude: float | None,
    longitude: float | None,
    words: str,
    category_code: str | None = None,
    limit: int = 5,
) -> list[Similar]:
    """Open events within 500 m, the likeliest first; none without a place."""
    if latitude is None or longitude is None:
        return []
    north = RADIUS_M / _METRES_A_DEGREE
    east = north / max(math.cos(math.radians(latitude)), 0.01)
    tiles = text_rules.tile_ranges(
        longitude - east, latitude - north, longitude + east, latitude + north
    )
    rows = uow.session.scalars(
        select(Event)
        .where(
            Event.is_open,
            or_(*(Event.tile.between(first, last) for first, last in tiles)),
            Event.latitude.between(latitude - north, latitude + north),
            Event.longitude.between(longitude - east, longitude + east),
        )
        .order_by(Event.called_at.desc())
        .limit(_MOST)
    )
    found = []
    for event in rows:
        metres = distance_m(latitude, longitude, event.latitude or 0.0, event.longitude or 0.0)
        alike = ports.similarity(uow.services, words, event.words) if words else 0.0
        same = 1.0 if category_code is not None and category_code == event.category_code else 0.0
        score = 0.35 * max(1 - metres / RADIUS_M, 0) + 0.45 * alike + 0.2 * same
        if metres <= RADIUS_M and score >= _LEAST:
            found.append(Similar(event, round(metres), round(score, 3)))
    found.sort(key=lambda one: (-one.score, one.distance_m))
    return found[:limit]


def alike_in(uow: UnitOfWork, street_id: UUID, words: str, limit: int = 5) -> list[Event]:
    """Open events of a street that tell of the same thing, the likeliest first."""
    rows = uow.session.scalars(
        select(Event)
        .where(Event.is_open, Event.street_id == street_id)
        .order_by(Event.called_at.desc())
        .limit(_MOST)
    )
    scored = [(ports.similarity(uow.services, words, event.words), event) for event in rows]
    found = [(score, event) for score, event in scored if score >= _LEAST]
    found.sort(key=lambda one: -one[0])
    return [event for _, event in found[:limit]]


def distance_m(latitude: float, longitude: float, other_lat: float, other_lon: float) -> float:
    """Metres between two near points (flat approximation, good to a promille in a district)."""
    scale = math.cos(math.radians((latitude + other_lat) / 2))
    across = (other_lon - longitude) * scale * _METRES_A_DEGREE
    return math.hypot((other_lat - latitude) * _METRES_A_DEGREE, across)
