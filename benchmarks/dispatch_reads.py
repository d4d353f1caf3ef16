"""Lists and maps of events: 10,000 events against 100,000 open and 5 million closed ones.

Two databases in one server, each read asked in turn of both, in one process and without HTTP:
what differs is how much lies in the tables. `rows` is what the answer holds. The small one has
as many open events as fill every answer, so that `growth` is not a longer answer's.

BENCH_CLOSED and BENCH_OPEN set the large one, BENCH_READS how often each read is asked.
"""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend import config
from backend.app import compose
from backend.domains.dispatch import desk, intake, map, public, reading, worker_desk
from backend.domains.dispatch.staff_schemas import EventListQuerySchema
from backend.domains.grid.model import Area, Duty
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.database import Database
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from benchmarks.dispatch_fill import ALONE_AT, database, drop, fill, staff
from benchmarks.dispatch_people import YUEHE, account, centres
from benchmarks.load import Outcome
from benchmarks.place import Place

CLOSED = int(os.environ.get("BENCH_CLOSED", "5000000"))
OPEN = int(os.environ.get("BENCH_OPEN", "100000"))
TIMES = int(os.environ.get("BENCH_READS", "150"))
SMALL = {"open_": 2_500, "closed": 7_500}
Read = Callable[[UnitOfWork], Any]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Side:
    """One of the two databases with what is asked of it."""

    services: Services
    reads: dict[str, Read]


def run(place: Place) -> dict[str, Any]:
    """Each read's times at both sizes and its growth; recounts, done every few seconds, apart."""
    place.services.db.dispose()
    sizes = {"small": SMALL, "large": {"open_": OPEN, "closed": CLOSED}}
    sides, made = {}, {}
    for name, size in sizes.items():
        dsn = database(place.environ["BENCH_DSN"], f"reads_{name}")
        url = dsn.replace("postgresql://", "postgresql+psycopg://")
        settings = config.load({**place.environ, "DATABASE_URL": url})
        services = compose(settings, database=Database(url))
        made[name] = fill(services, dsn, **size)
        sides[name] = Side(services, _reads(services))
    found: dict[str, Any] = {f"{name}_set": str(row) for name, row in made.items()}
    try:
        for name in sides["small"].reads:
            found[name] = _compare(name, sides["small"], sides["large"])
    finally:
        for name, side in sides.items():
            side.services.db.dispose()
            drop(place.environ["BENCH_DSN"], f"reads_{name}")
    return found


def _compare(name: str, small: Side, large: Side) -> dict[str, Any]:
    outcomes = {"small": Outcome(), "large": Outcome()}
    rows: dict[str, int] = {}
    # Past the driver's threshold for prepared statements and the server's for generic plans.
    for turn in range(-15, TIMES):
        for key, side in (("small", small), ("large", large)):
            started = time.perf_counter()
            with side.services.unit() as uow:
                rows[key] = _length(side.reads[name](uow))
            spent = (time.perf_counter() - started) * 1000
            if turn >= 0:
                outcomes[key].latencies.append(spent)
        if turn % 50 == 0:
            gc.collect()
    row: dict[str, Any] = {}
    for key, outcome in outcomes.items():
        row[f"{key}_p50_ms"] = round(outcome.percentile(0.5), 2)
        row[f"{key}_p95_ms"] = round(outcome.percentile(0.95), 2)
        row[f"{key}_rows"] = rows[key]
    ratio = outcomes["large"].percentile(0.5) / outcomes["small"].percentile(0.5)
    row["growth"] = f"{(ratio - 1) * 100:+.0f}%"
    return row


def _length(answer: Any) -> int:
    return len(answer["items"] if isinstance(answer, dict) and "items" in answer else answer)


def _reads(services: Services) -> dict[str, Read]:
    """The reads by name; those of the recounts are what is kept for seconds between them."""
    he, lin, gao = (account(services, name) for name in ("hemin", "linfang", "gaobo"))
    worker = _worker(services)
    district, street = _box(services, None), _box(services, YUEHE)
    cell = centres(services)[0]
    words = {"words": "路灯坏了好几天，晚上看不见", "category_code": "street_lamp"}
    return {
        "desk_first_page": _desk(he),
        "desk_street": _desk(he, street=YUEHE),
        "desk_state_disposed": _desk(he, state="disposed"),
        "desk_state_called": _desk(he, state="called"),
        "desk_state_closed": _desk(he, state="closed"),
        "desk_all": _desk(he, state="all"),
        "desk_category": _desk(he, category="street_lamp"),
        "desk_late": _desk(he, light="red"),
        "desk_words": _desk(he, q="占道经营"),
        "desk_of_street_leader": _desk(lin),
        "desk_of_department": _desk(gao),
        "worker_claimable": lambda uow: worker_desk.lists(uow, worker, "claimable", cell),
        "worker_mine": lambda uow: worker_desk.lists(uow, worker, "mine", cell),
        "map_district": lambda uow: map.show(uow, he, district),
        "map_street": lambda uow: map.show(uow, he, street),
        "map_of_street_leader": lambda uow: map.show(uow, lin, street),
        "map_of_department": lambda uow: map.show(uow, gao, district),
        "public_open": lambda uow: _public(uow, "open", None),
        "public_open_street": lambda uow: _public(uow, "open", street),
        "public_solved": lambda uow: _public(uow, "solved", None),
        "public_solved_street": lambda uow: _public(uow, "solved", street),
        # The same number of neighbours in both, then as many as there are.
        "similar": lambda uow: intake.similar(
            uow, latitude=ALONE_AT[0], longitude=ALONE_AT[1], **words
        ),
        "similar_crowded": lambda uow: intake.similar(
            uow, latitude=cell[0], longitude=cell[1], **words
        ),
        "recount_desk": lambda uow: _anew(uow, desk.counts, he),
        "recount_department": lambda uow: _anew(uow, desk.counts, gao),
        "recount_cells": lambda uow: _anew(uow, map.show, he, (0.0, 0.0, 0.1, 0.1)),
        "recount_public": lambda uow: _anew_public(uow, "open"),
        "recount_solved": lambda uow: _anew_public(uow, "solved"),
    }


def _desk(by: Principal, **given: Any) -> Read:
    query = {**EventListQuerySchema().load({}), **given}
    return lambda uow: desk.page(uow, by, query)


def _public(uow: UnitOfWork, state: str, box: Box | None) -> dict[str, Any]:
    return public.listing(uow, state=state, box=box, category=None)


def _anew(uow: UnitOfWork, read: Callable[..., Any], *args: Any) -> Any:
    """The read with nothing kept from before."""
    reading.kept(uow.services)._values.clear()
    return read(uow, *args)


def _anew_public(uow: UnitOfWork, state: str) -> Any:
    return _anew(uow, lambda unit: _public(unit, state, (0.0, 0.0, 0.001, 0.001)))


def _worker(services: Services) -> Principal:
    """The first of the filled-in staff, with a duty in one cell."""
    (who,) = staff(1)
    with services.unit() as uow:
        cells = select(Area.id).where(Area.kind == "cell", Area.street_id == YUEHE)
        cell: UUID = uow.session.scalars(cells.order_by(Area.code).limit(1)).one()
        uow.session.add(Duty(area_id=cell, staff_id=who, level="worker"))
    grant = Grant("grid_worker", frozenset({"events.handle"}), "street", YUEHE)
    return Principal(Actor("staff", who, "员工1", "网格员"), grants=(grant,))


def _box(services: Services, street: UUID | None) -> Box:
    """The box of one street, or of the whole district."""
    query = select(Area.west, Area.south, Area.east, Area.north).where(Area.kind == "street")
    if street is not None:
        query = query.where(Area.street_id == street)
    with services.unit() as uow:
        rows = uow.session.execute(query).all()
    west, south, east, north = zip(*rows, strict=True)
    return min(west), min(south), max(east), max(north)
