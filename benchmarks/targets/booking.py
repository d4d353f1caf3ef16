"""Booking written by hand on psycopg: the ceiling, the naive way that oversells, the table lock.

All take the same JSON and use the same two tables, with none of what the house adds
(sessions, idempotency, trace, receipt, messages, timers).
"""

import atexit
import os
import random
import threading
import time
import uuid
from functools import cache
from typing import Any

from flask import Flask, jsonify, request
from psycopg_pool import ConnectionPool

app = Flask(__name__)
_opening = threading.Lock()
PAUSE = float(os.environ.get("BENCH_NAIVE_PAUSE", "0"))
# For tests: calls at `/ceiling` wait up to so many seconds, each its own while, before their turn.
SHUFFLE = float(os.environ.get("BENCH_SHUFFLE", "0"))
TABLES = """
CREATE TABLE IF NOT EXISTS bench_slot (
  id uuid PRIMARY KEY, capacity int NOT NULL, booked int NOT NULL DEFAULT 0
    CHECK (booked BETWEEN 0 AND capacity));
CREATE TABLE IF NOT EXISTS bench_booking (
  id uuid PRIMARY KEY, slot_id uuid NOT NULL REFERENCES bench_slot, person text NOT NULL,
  UNIQUE (person));
CREATE TABLE IF NOT EXISTS bench_naive (
  id uuid PRIMARY KEY, slot_id uuid NOT NULL REFERENCES bench_slot, person text NOT NULL);
CREATE TABLE IF NOT EXISTS bench_trace (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, booking uuid, at timestamptz, body jsonb);
CREATE TABLE IF NOT EXISTS bench_outbox_row (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, booking uuid, at timestamptz, body jsonb);
CREATE INDEX IF NOT EXISTS bench_booking_slot ON bench_booking (slot_id);
CREATE INDEX IF NOT EXISTS bench_naive_slot ON bench_naive (slot_id);
"""


def pool() -> ConnectionPool:
    """The process's one pool, opened by the first request: importing needs no database."""
    with _opening:
        return _pool()


@cache
def _pool() -> ConnectionPool:
    made = ConnectionPool(os.environ["BENCH_DSN"], min_size=8, max_size=8, open=True)
    # While its own threads still run: left to the interpreter's end, it cannot join them.
    atexit.register(made.close)
    return made


ONE_STATEMENT = """
WITH taken AS (
  UPDATE bench_slot SET booked = booked + 1 WHERE id = %s AND booked < capacity RETURNING id)
INSERT INTO bench_booking (id, slot_id, person) SELECT %s, id, %s FROM taken
ON CONFLICT DO NOTHING RETURNING id
"""
WHOLE = """
WITH taken AS (
  UPDATE bench_slot SET booked = booked + 1 WHERE id = %s AND booked < capacity RETURNING id),
made AS (
  INSERT INTO bench_booking (id, slot_id, person) SELECT %s, id, %s FROM taken
  ON CONFLICT DO NOTHING RETURNING id),
traced AS (INSERT INTO bench_trace (booking, at, body) SELECT id, now(), '{}' FROM made),
told AS (INSERT INTO bench_outbox_row (booking, at, body) SELECT id, now(), '{}' FROM made)
SELECT id FROM made
"""


@app.get("/healthz")
def alive() -> Any:
    """For the harness."""
    return jsonify(ok=True)


@app.post("/ceiling")
def ceiling() -> Any:
    """One statement, one round trip."""
    given = request.get_json()
    if SHUFFLE:
        time.sleep(random.uniform(0, SHUFFLE))
    with pool().connection() as connection:
        row = connection.execute(
            ONE_STATEMENT, (given["slot_id"], uuid.uuid4(), given["person"])
        ).fetchone()
    return (jsonify(id=str(row[0])), 201) if row else (jsonify(code="slot_full"), 409)


@app.post("/lock")
def lock() -> Any:
    """The same under a lock of the whole table: right, and one after the other."""
    given = request.get_json()
    with pool().connection() as connection:
        connection.execute("LOCK TABLE bench_booking IN EXCLUSIVE MODE")
        taken, capacity = connection.execute(
            "SELECT (SELECT count(*) FROM bench_booking WHERE slot_id = s.id), s.capacity"
            " FROM bench_slot s WHERE s.id = %s",
            (given["slot_id"],),
        ).fetchone() or (0, 0)
        if taken >= capacity:
            return jsonify(code="slot_full"), 409
        connection.execute(
            "INSERT INTO bench_booking VALUES (%s, %s, %s)",
            (uuid.uuid4(), given["slot_id"], given["person"]),
        )
    return jsonify(ok=True), 201


@app.post("/whole")
def whole() -> Any:
    """One statement that also writes a trace row and an outbox row, as every booking must."""
    given = request.get_json()
    with pool().connection() as connection:
        row = connection.execute(
            WHOLE, (given["slot_id"], uuid.uuid4(), given["person"])
        ).fetchone()
    return (jsonify(id=str(row[0])), 201) if row else (jsonify(code="slot_full"), 409)


@app.post("/naive")
def naive() -> Any:
    """Count, compare, insert: what most booking systems do."""
    given = request.get_json()
    with pool().connection() as connection:
        taken, capacity = connection.execute(
            "SELECT (SELECT count(*) FROM bench_naive WHERE slot_id = s.id), s.capacity"
            " FROM bench_slot s WHERE s.id = %s",
            (given["slot_id"],),
        ).fetchone() or (0, 0)
        if taken >= capacity:
            return jsonify(code="slot_full"), 409
        # For tests: the other work that a real booking does between its check and its insert.
        if PAUSE:
            connection.execute("SELECT pg_sleep(%s)", (PAUSE,))
        connection.execute(
            "INSERT INTO bench_naive VALUES (%s, %s, %s)",
            (uuid.uuid4(), given["slot_id"], given["person"]),
        )
    return jsonify(ok=True), 201
