"""Many tickets straight into the tables: open ones as told, and years of those that are over.

Spread: created over three years (open ones within 20 days), categories and departments by rank,
callers told of six times each; of those over, 83 in 100 archived, 8 answered at once, 5 closed, the
others rejected or withdrawn. Every ticket with a unit has its row there, every open one its running
clock (8 in 100 past due), every other one a stopped clock. Indexes are made after the rows.
"""

import time
from typing import Any
from uuid import UUID

import psycopg

from backend.kernel.services import Services

BATCH = 500_000
CALLERS = 500
_TABLES = ("ticket", "ticket_unit", "ticket_clock")

_SETUP = """
CREATE TABLE bench_kind AS SELECT row_number() OVER (ORDER BY md5(code))::int - 1 AS n, code,
  name FROM event_category c WHERE parent_code IS NOT NULL AND active;
CREATE TABLE bench_department AS
  SELECT row_number() OVER (ORDER BY code)::int - 1 AS n, id FROM department;
CREATE TABLE bench_street AS
  SELECT row_number() OVER (ORDER BY code)::int - 1 AS n, id FROM area WHERE kind = 'street';
CREATE TABLE bench_operator (n int PRIMARY KEY, id uuid);
CREATE TABLE bench_caller (n int PRIMARY KEY, name bytea, phone bytea);
"""
_DONE = "DROP TABLE bench_kind, bench_department, bench_street, bench_operator, bench_caller"
_WORDS = """(ARRAY['坏了好几天了','晚上看不见，老人怕摔','堵住了消防通道','味道很大，邻居都在说',
 '下雨就积水','已经影响走路','希望尽快处理并回复','孩子放学要经过这里'])[1 + mod(number, 8)]"""
_ROWS = """
WITH drawn AS MATERIALIZED (
  SELECT number, {created} AS created_at, random() AS fate, random() AS quick,
    floor(random() * %(all)s / 6)::int AS caller, mod(number, %(callers)s) AS sealed,
    floor(power(random(), 1.7) * (SELECT count(*) FROM bench_kind))::int AS kind,
    floor(power(random(), 1.7) * (SELECT count(*) FROM bench_department))::int AS department,
    floor(random() * (SELECT count(*) FROM bench_street))::int AS street,
    floor(random() * (SELECT count(*) FROM bench_operator))::int AS operator
  FROM generate_series(%(first)s::int, %(last)s::int) AS number),
made AS (SELECT d.*, ({state}) AS state FROM drawn d)
INSERT INTO ticket (id, number, kind, source, category_code, urgency, difficulty, title, words,
  address, street_id, state, caller_name_sealed, caller_phone_sealed, caller_phone_hash,
  confidential, operator_id, lead_unit_id, answered_version_id, reply_public, created_at,
  accepted_at, closed_at)
SELECT uuidv7(created_at - now()), 'B' || number,
  (ARRAY['consult','request','complaint','report','suggestion'])[1 + mod(number, 5)],
  (ARRAY['phone','phone','phone','mini','web','wechat'])[1 + mod(number, 6)],
  k.code, CASE WHEN mod(number, 40) = 0 THEN 'emergency' ELSE 'normal' END, 'general',
  k.name || '，第' || mod(number, 900) || '号门前', k.name || '，' || {words},
  '北岸路' || mod(number, 900) || '号', s.id, state, c.name, c.phone,
  sha256(caller::text::bytea), mod(number, 50) = 0, o.id,
  CASE WHEN state NOT IN ('pending', 'to_dispatch', 'answered', 'rejected', 'cancelled')
    THEN d.id END,
  CASE WHEN state = 'answered' THEN o.id END,
  CASE WHEN state IN ('closed', 'archived') THEN '已到场处理，感谢来电' ELSE '' END,
  created_at, created_at + interval '1 hour' * quick,
  CASE WHEN state IN ('closed', 'archived')
    THEN created_at + least(interval '20 days' * quick, now() - created_at) END
FROM made JOIN bench_kind k ON k.n = made.kind JOIN bench_department d ON d.n = made.department
  JOIN bench_street s ON s.n = made.street JOIN bench_operator o ON o.n = made.operator
  JOIN bench_caller c ON c.n = made.sealed
"""
_OVER = {
    "created": "now() - interval '1095 days' * (1 - number::float8 / %(all)s) - interval '6 hours'",
    "state": "CASE WHEN fate < .05 THEN 'closed' WHEN fate < .88 THEN 'archived' "
    "WHEN fate < .96 THEN 'answered' WHEN fate < .98 THEN 'rejected' ELSE 'cancelled' END",
    "words": _WORDS,
}
_OPEN = {
    "created": "now() - interval '20 days' * (1 - (number - %(first)s)::float8 / %(all)s)",
    "state": "CASE WHEN fate < .02 THEN 'pending' WHEN fate < .05 THEN 'to_dispatch' "
    "WHEN fate < .15 THEN 'to_sign' WHEN fate < .16 THEN 'return_review' "
    "WHEN fate < .66 THEN 'handling' WHEN fate < .7 THEN 'on_hold' "
    "WHEN fate < .75 THEN 'unit_review' WHEN fate < .8 THEN 'centre_review' "
    "WHEN fate < .97 THEN 'callback' ELSE 'judgement' END",
    "words": _WORDS,
}
_AROUND = """
INSERT INTO ticket_unit (id, ticket_id, department_id, role, state, given_at, signed_by, signed_at,
    replied_at)
  SELECT uuidv7(created_at - now()), id, lead_unit_id, 'lead',
    CASE WHEN NOT is_open THEN 'over' WHEN state IN ('to_sign', 'return_review') THEN 'waiting'
      WHEN state IN ('handling', 'on_hold') THEN 'signed' ELSE 'replied' END,
    created_at, operator_id, created_at, CASE WHEN NOT is_open THEN closed_at END
  FROM ticket WHERE lead_unit_id IS NOT NULL AND number LIKE 'B%';
INSERT INTO ticket_clock (id, ticket_id, subject_kind, subject_id, kind, started_at, limit_amount,
    limit_unit, warn_at, due_at, stopped_at, outcome)
  SELECT uuidv7(created_at - now()), id, 'ticket', id, CASE state WHEN 'pending' THEN 'accept'
      WHEN 'to_dispatch' THEN 'dispatch' WHEN 'to_sign' THEN 'sign' ELSE 'handle' END,
    created_at, 5, 'working_days', due - interval '1 day', due,
    CASE WHEN NOT is_open THEN coalesce(closed_at, created_at) END,
    CASE WHEN is_open THEN 'running' ELSE 'met' END
  FROM (SELECT id, state, is_open, created_at, closed_at, now() + interval '7 days' * random()
      - CASE WHEN random() < .08 THEN interval '9 days' ELSE interval '0' END AS due
    FROM ticket WHERE number LIKE 'B%' OFFSET 0) t;
"""


def fill(
    services: Services, dsn: str, operators: list[UUID], *, open_: int, over: int
) -> dict[str, Any]:
    """Put the tickets in; how long it took and how large the tables are."""
    started = time.perf_counter()
    sealed = [
        (number, services.privacy.seal(f"来电人{number}"), services.privacy.seal(f"138{number:08}"))
        for number in range(CALLERS)
    ]
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        # The rows refer to each other as they should; millions of look-ups would not say more.
        connection.execute("SET session_replication_role = replica")
        connection.execute(_SETUP)
        for table, rows in (
            ("bench_operator", list(enumerate(operators))),
            ("bench_caller", sealed),
        ):
            with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        indexes = _without_indexes(connection)
        values = {"callers": CALLERS}
        for first in range(1, over + 1, BATCH):
            last = min(first + BATCH - 1, over)
            _insert(connection, _OVER, {**values, "first": first, "last": last, "all": over})
        _insert(
            connection, _OPEN, {**values, "first": over + 1, "last": over + open_, "all": open_}
        )
        connection.execute(_AROUND)
        connection.execute(_DONE)
        for statement in indexes:
            connection.execute(statement.encode())
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE is_open), count(*),"
            " pg_total_relation_size('ticket') / 1048576 FROM ticket"
        ).fetchone()
    assert row is not None
    return {
        "open": row[0], "all": row[1], "ticket_table_mb": int(row[2]),
        "built_seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def _insert(connection: psycopg.Connection, parts: dict[str, str], values: dict[str, int]) -> None:
    connection.execute(_ROWS.format(**parts).encode(), values)


def _without_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes that no constraint stands on; what makes them again."""
    rows = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid::regclass::text = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(_TABLES)],
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP INDEX {name}".encode())
    return [made for _, made in rows]
