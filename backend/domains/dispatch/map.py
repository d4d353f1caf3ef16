"""The desk's map: at most 500 points however many events are open, and counts by cell."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger as Big
from sqlalchemy import Row, and_, bindparam, column, func, lateral, select, true, values

from backend.domains.dispatch import card_view, reading, text_rules
from backend.domains.dispatch.model import Event
from backend.kernel import clock_rules
from backend.kernel.access import Principal
from backend.kernel.clocks import light_of
from backend.kernel.uow import UnitOfWork

MOST_POINTS = 500
_SHOWN = (
    Event.id, Event.latitude, Event.longitude, Event.state, Event.urgency, Event.title,
)  # fmt: skip
Box = tuple[float, float, float, float]
Ranges = list[tuple[int, int]]


def show(uow: UnitOfWork, by: Principal, box: Box) -> dict[str, Any]:
    """What is open in the box (west, south, east, north)."""
    rows = _points(uow, by, box)
    running = card_view.running_clocks(uow, [row.id for row in rows])
    points = [
        {
            "id": row.id,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "state": row.state,
            "urgency": row.urgency,
            "title": row.title,
            "light": clock_rules.worst(
                light_of(clock, uow.now) for clock in running.get(row.id, [])
            ),
        }
        for row in rows
    ]
    name = f"cells {reading.scope_key(by)}"
    cells, age = reading.kept(uow.services).get(name, lambda: _cells(uow, by))
    return {"items": points, "cells": cells, "as_of": uow.now - timedelta(seconds=age)}


def _points(uow: UnitOfWork, by: Principal, box: Box) -> list[Row[Any]]:
    """All of them where they are few enough; else some of each tile, so that no part is bare.

    Who sees no whole street has few: the first 500 of them are all in any real place.
    """
    west, south, east, north = box
    ranges = text_rules.tile_ranges(west, south, east, north)
    if reading.narrow(uow, by):
        few = select(*_SHOWN).where(
            Event.is_open,
            reading.within(uow, by, open_=True),
            Event.latitude.between(south, north),
            Event.longitude.between(west, east),
        )
        return list(uow.session.execute(few.limit(MOST_POINTS)))
    within = and_(
        Event.is_open,
        # Within a function, since a prepared statement's planner takes four bare limits it does
        # not know for next to nothing, and then sorts whole tiles to find a few events.
        func.coalesce(
            and_(Event.latitude.between(south, north), Event.longitude.between(west, east)), False
        ),
        reading.within(uow, by),
    )
    found = _of_ranges(uow, ranges, MOST_POINTS + 1, within)
    if len(found) <= MOST_POINTS:
        return found
    tiles = _tiles(ranges)
    each = max(1, MOST_POINTS // len(tiles))
    # Along the index, so that reading ends with the last one wanted of each tile.
    return _of_ranges(uow, tiles, each, within, Event.tile)[:MOST_POINTS]


def _tiles(ranges: Ranges) -> Ranges:
    """The box in at most 500 parts: tile by tile, or in larger strips where there are more."""
    width = ranges[0][1] - ranges[0][0] + 1
    if width * len(ranges) <= MOST_POINTS:
        return [(tile, tile) for first, last in ranges for tile in range(first, last + 1)]
    return together(ranges, MOST_POINTS // 2)


def together(ranges: Ranges, most: int) -> Ranges:
    """The same rows of tiles in at most `most` ranges; those may reach beyond the box."""
    step = -(-len(ranges) // most)
    return [
        (ranges[place][0], ranges[min(place + step, len(ranges)) - 1][1])
        for place in range(0, len(ranges), step)
    ]


def _of_ranges(
    uow: UnitOfWork, ranges: Ranges, each: int, within: Any, *order: Any
) -> list[Row[Any]]:
    """At most `each` events of each range of tiles, and 501 in all."""
    wanted = values(column("first", Big), column("last", Big), name="wanted").data(
        together(ranges, MOST_POINTS)
    )
    some = lateral(
        select(*_SHOWN)
        .where(Event.tile.between(wanted.c.first, wanted.c.last), within)
        .order_by(*order)
        .limit(bindparam("each", each))
    )
    query = select(some).select_from(wanted).join(some, true()).limit(MOST_POINTS + 1)
    return list(uow.session.execute(query))


def _cells(uow: UnitOfWork, by: Principal) -> list[dict[str, Any]]:
    query = (
        select(Event.cell_id, func.count())
        .where(Event.is_open, Event.cell_id.is_not(None), reading.within(uow, by, open_=True))
        .group_by(Event.cell_id)
    )
    return [{"cell_id": row[0], "open": row[1]} for row in uow.session.execute(query)]
