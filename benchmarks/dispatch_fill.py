"""Many events straight into the tables: as many open ones as told, and years of closed ones.

Spread: streets alike, a third of their cells take most calls, categories by rank; called over
three years; of those over, 95 in 100 closed, 3 cancelled, 1.5 ticketed, 0.5 transferred. Open
ones have a caller, their running clock, and who was asked or the department's whistle; of those
over, 2 in 100 have a finished whistle. Nothing is left out that a read of lists and maps needs.
"""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from shapely.geometry import Point, shape
from shapely.prepared import prep
from sqlalchemy import select

from backend.domains.dispatch import text_rules
from backend.domains.grid.model import Area
from backend.kernel.services import Services
from benchmarks.dispatch_people import dice, hire

# Places that events lie at. One in three cells is busy and gets ten times as many.
PLACES = 20_000
BATCH = 250_000
# Each member of staff leads so many open events.
LOAD = 75
# A spot over the district's border with this many open events around it, in every size.
ALONE = 40
ALONE_AT = (20.58, 115.20)

_SETUP = """
CREATE TABLE bench_place (n int PRIMARY KEY, latitude float8, longitude float8, tile int,
  street_id uuid, community_id uuid, cell_id uuid);
CREATE TABLE bench_kind AS SELECT row_number() OVER (ORDER BY md5(code))::int - 1 AS n, code,
  name, urgency FROM event_category c WHERE parent_code IS NOT NULL AND active;
CREATE TABLE bench_department AS
  SELECT row_number() OVER (ORDER BY code)::int - 1 AS n, id FROM department;
CREATE TABLE bench_staff (n int PRIMARY KEY, id uuid);
"""
_DONE = """
DROP TABLE bench_place, bench_kind, bench_department, bench_staff;
"""
_WORDS = """(ARRAY['坏了好几天了','晚上看不见，老人怕摔','堵住了消防通道','味道很大，邻居都在说',
 '下雨就积水','已经影响走路','请尽快来看看','孩子放学要经过这里'])[1 + mod(number, 8)]"""
_ROWS = """
WITH drawn AS MATERIALIZED (
  SELECT number, {called} AS called_at, random() AS fate, random() AS quick,
    floor(random() * %(places)s)::int AS place,
    floor(power(random(), 1.7) * (SELECT count(*) FROM bench_kind))::int AS kind,
    floor(random() * (SELECT count(*) FROM bench_staff))::int AS lead
  FROM generate_series(%(first)s::int, %(last)s::int) AS number),
made AS (SELECT d.*, ({state}) AS state FROM drawn d)
INSERT INTO event (id, number, source, category_code, urgency, title, words, address, latitude,
  longitude, tile, street_id, community_id, cell_id, state, level, lead_id, disposer_id,
  ticket_number, public_result, called_at, claimed_at, contacted_at, started_at, disposed_at,
  verified_at, closed_at)
SELECT uuidv7(called_at - now()), 'B' || number,
  (ARRAY['resident','resident','resident','resident','patrol','patrol','ticket','wechat'])
    [1 + mod(number, 8)],
  k.code, k.urgency, k.name, k.name || '，' || {words}, '北岸路' || mod(number, 900) || '号',
  p.latitude, p.longitude, p.tile, p.street_id, p.community_id, p.cell_id, state, 'worker',
  CASE WHEN state NOT IN ('called', 'reopened') THEN s.id END,
  CASE WHEN state IN ('disposed', 'verified', 'closed') THEN s.id END,
  CASE WHEN state = 'ticketed' THEN '12345-' || number END,
  CASE WHEN state = 'closed' THEN '已修好' ELSE '' END,
  called_at, {moments}
FROM made JOIN bench_place p ON p.n = made.place JOIN bench_kind k ON k.n = made.kind
  JOIN bench_staff s ON s.n = made.lead
"""
_OVER = {
    "called": "now() - interval '1095 days' * (1 - number::float8 / %(all)s) - interval '6 hours'",
    "state": "CASE WHEN fate < .95 THEN 'closed' WHEN fate < .98 THEN 'cancelled' "
    "WHEN fate < .995 THEN 'ticketed' ELSE 'transferred' END",
    "words": _WORDS,
    "moments": ", ".join(
        f"called_at + least(interval '11 days' * quick, now() - called_at) * {share}"
        for share in (0.02, 0.05, 0.1, 0.4, 0.5, 1.0)
    ),
}
_OPEN = {
    "called": "now() - interval '12 days' * (1 - (number - %(first)s)::float8 / %(all)s)",
    "state": "CASE WHEN fate < .1 THEN 'called' WHEN fate < .11 THEN 'reopened' "
    "WHEN fate < .15 THEN 'assigned' WHEN fate < .25 THEN 'claimed' "
    "WHEN fate < .35 THEN 'scheduled' WHEN fate < .65 THEN 'in_progress' "
    "WHEN fate < .73 THEN 'whistled' WHEN fate < .8 THEN 'disposed' ELSE 'verified' END",
    "words": _WORDS,
    "moments": "NULL, NULL, NULL, CASE WHEN state IN ('disposed', 'verified') "
    "THEN now() - interval '1 day' * quick END, NULL, NULL",
}
_AROUND = """
INSERT INTO event_caller (id, event_id, kind, words, joined_at)
  SELECT uuidv7(), id, 'first', words, called_at FROM event WHERE is_open AND number LIKE 'B%';
INSERT INTO event_clock (id, event_id, subject_kind, subject_id, kind, started_at, limit_amount,
    limit_unit, warn_at, due_at, outcome)
  SELECT uuidv7(), id, 'event', id,
    CASE state WHEN 'called' THEN 'claim' WHEN 'reopened' THEN 'claim' WHEN 'assigned' THEN 'accept'
      WHEN 'disposed' THEN 'verify' ELSE 'dispose' END,
    called_at, 7, 'working_days', due - interval '1 day', due, 'running'
  FROM (SELECT *, now() + interval '10 days' * random()
      - CASE WHEN random() < .08 THEN interval '12 days' ELSE interval '0' END AS due
    FROM event WHERE is_open AND state <> 'verified' AND number LIKE 'B%' OFFSET 0) t;
INSERT INTO event_attempt (id, event_id, level, staff_ids, at, outcome)
  SELECT uuidv7(), e.id, 'worker', ARRAY[one.id, two.id], e.called_at, 'waiting'
  FROM (SELECT id, called_at, row_number() OVER () AS n FROM event
      WHERE is_open AND state IN ('called', 'reopened') AND number LIKE 'B%') e
    CROSS JOIN (SELECT count(*) AS all_ FROM bench_staff) c
    JOIN bench_staff one ON one.n = e.n % c.all_
    JOIN bench_staff two ON two.n = (e.n + 1) % c.all_;
INSERT INTO event_whistle (id, event_id, department_id, what, hard, state, blown_at, finished_at)
  SELECT uuidv7(), e.id, d.id, '请到场处理', false,
    CASE WHEN e.is_open THEN 'called' ELSE 'finished' END, e.called_at, e.closed_at
  FROM (SELECT id, is_open, called_at, closed_at, floor(random() *
      (SELECT count(*) FROM bench_department))::int AS department FROM event
    WHERE number LIKE 'B%' AND (state = 'whistled' OR (state = 'closed' AND random() < .02))
    OFFSET 0) e JOIN bench_department d ON d.n = e.department;
"""


def database(dsn: str, name: str) -> str:
    """A copy of the seeded database that nobody is connected to; its address."""
    head, _, tail = dsn.partition("/huying?")
    with _admin(dsn) as admin:
        # The default of 1 GB would make a checkpoint every few seconds while millions go in.
        admin.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE huying STRATEGY file_copy'.encode())
    return f"{head}/{name}?{tail}"


def drop(dsn: str, name: str) -> None:
    """Give its disk back."""
    with _admin(dsn) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _admin(dsn: str) -> psycopg.Connection:
    head, _, tail = dsn.partition("/huying?")
    return psycopg.connect(f"{head}/postgres?{tail}", autocommit=True)


def fill(services: Services, dsn: str, *, open_: int, closed: int) -> dict[str, Any]:
    """Put the events in; how long it took and how large the table is."""
    started = time.perf_counter()
    # A city with more events has more staff: each keeps the same load.
    crew = list(staff(open_ // LOAD))
    hire(services, crew)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(_SETUP)
        with connection.cursor().copy("COPY bench_place FROM STDIN") as copy:
            for row in _places(services):
                copy.write_row(row)
        with connection.cursor().copy("COPY bench_staff FROM STDIN") as copy:
            for row in enumerate(crew):
                copy.write_row(row)
        connection.execute("ANALYZE")
        for first in range(1, closed + 1, BATCH):
            last = min(first + BATCH - 1, closed)
            _insert(connection, _OVER, {"first": first, "last": last, "all": closed})
        _insert(connection, _OPEN, {"first": closed + 1, "last": closed + open_, "all": open_})
        connection.execute(_village(), {"first": closed + open_})
        connection.execute(_AROUND)
        connection.execute(_DONE)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
        rows = connection.execute(
            "SELECT count(*) FILTER (WHERE is_open), count(*) FILTER (WHERE NOT is_open),"
            " pg_total_relation_size('event') / 1048576 FROM event"
        ).fetchone()
    assert rows is not None
    return {
        "open": rows[0], "over": rows[1], "event_table_mb": int(rows[2]),
        "staff": len(crew), "built_seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def staff(count: int) -> Iterator[UUID]:
    """Ids of the staff of a size; the first is there in every size."""
    chance = dice()
    return (UUID(int=chance.getrandbits(128), version=4) for _ in range(count))


def _insert(connection: psycopg.Connection, parts: dict[str, str], values: dict[str, int]) -> None:
    statement = _ROWS.format(**parts)
    connection.execute(statement.encode(), {"places": PLACES, **values})


def _village() -> bytes:
    """Open events around one spot: the same in every size, whatever lies elsewhere."""
    latitude, longitude = ALONE_AT
    rows = ", ".join(
        f"({number}, {latitude + number % 7 * 4e-4}::float8, {longitude + number % 6 * 5e-4}"
        f"::float8, {text_rules.tile_of(latitude + number % 7 * 4e-4, longitude)})"
        for number in range(ALONE)
    )
    return (
        "INSERT INTO event (id, number, source, category_code, urgency, title, words, address,"
        " latitude, longitude, tile, state, level, called_at) SELECT uuidv7(), 'B' || %(first)s::int"
        " + 1 + v.n, 'resident', k.code, k.urgency, k.name, k.name || '，村口那盏，晚上看不见',"
        " '村口', v.latitude, v.longitude, v.tile, 'called', 'dispatch', now() - interval '1 day'"
        f" FROM (VALUES {rows}) v (n, latitude, longitude, tile)"
        " JOIN bench_kind k ON k.n = mod(v.n, 10)"
    ).encode()


def _places(services: Services) -> Iterator[tuple[Any, ...]]:
    chance = dice()
    with services.unit() as uow:
        areas = {row.id: row for row in uow.session.scalars(select(Area).order_by(Area.code))}
    cells = [area for area in areas.values() if area.kind == "cell"]
    outlines = [shape(area.geometry) for area in cells]
    inside = [prep(outline) for outline in outlines]
    weights = [10 if number % 3 == 0 else 1 for number in range(len(cells))]
    for place in range(PLACES):
        (number,) = chance.choices(range(len(cells)), weights)
        west, south, east, north = outlines[number].bounds
        while True:
            point = Point(chance.uniform(west, east), chance.uniform(south, north))
            if inside[number].contains(point):
                break
        cell = cells[number]
        latitude, longitude = round(point.y, 6), round(point.x, 6)
        tile = text_rules.tile_of(latitude, longitude)
        yield place, latitude, longitude, tile, cell.street_id, cell.parent_id, cell.id
