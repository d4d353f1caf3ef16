"""Claiming a call written by hand on psycopg: one UPDATE, and the naive way that has two winners.

Both take the same JSON and use one table, with none of what the house adds (sessions,
idempotency, who was asked, clocks, trace, messages).
"""

from typing import Any

import psycopg
from flask import Flask, jsonify, request

from benchmarks.targets.booking import pool

app = Flask(__name__)
TABLES = """
CREATE TABLE IF NOT EXISTS bench_call (
  id uuid PRIMARY KEY, state text NOT NULL DEFAULT 'called', lead text, claimed_at timestamptz);
"""
_ONE_UPDATE = """
UPDATE bench_call SET state = 'claimed', lead = %s, claimed_at = now()
WHERE id = %s AND state = 'called'
"""


def ceiling(connection: psycopg.Connection, call: str, staff: str) -> bool:
    """Whether this one got it: one statement, one round trip."""
    return connection.execute(_ONE_UPDATE, (staff, call)).rowcount == 1


def naive(connection: psycopg.Connection, call: str, staff: str) -> bool:
    """Whether this one believes to have got it: look, then write."""
    row = connection.execute("SELECT state FROM bench_call WHERE id = %s", (call,)).fetchone()
    if row is None or row[0] != "called":
        return False
    connection.execute(
        "UPDATE bench_call SET state = 'claimed', lead = %s, claimed_at = now() WHERE id = %s",
        (staff, call),
    )
    return True


WAYS = {"ceiling": ceiling, "naive": naive}


@app.get("/healthz")
def alive() -> Any:
    """For the harness."""
    return jsonify(ok=True)


@app.post("/<way>")
def claim(way: str) -> Any:
    """One claim; 409 for who comes too late."""
    given = request.get_json()
    with pool().connection() as connection:
        won = WAYS[way](connection, given["call"], given["staff"])
    return (jsonify(ok=True), 200) if won else (jsonify(error="already_claimed"), 409)
