"""What the stand-ins remember, in one SQLite file, so that a restart forgets nothing."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, appid TEXT, expires REAL);
CREATE TABLE IF NOT EXISTS code (code TEXT PRIMARY KEY, kind TEXT, value TEXT, expires REAL,
                                 used INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS consent (openid TEXT, template TEXT, remaining INTEGER,
                                    PRIMARY KEY (openid, template));
CREATE TABLE IF NOT EXISTS stranger (openid TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, path TEXT, fault TEXT, times INTEGER);
CREATE TABLE IF NOT EXISTS nonce (nonce TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS sms (id INTEGER PRIMARY KEY, at REAL, phone TEXT, sign TEXT, text TEXT,
                                reference TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS sms_reference ON sms (reference) WHERE reference <> '';
CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, at REAL, service TEXT, method TEXT,
                                path TEXT, query TEXT, body TEXT, status INTEGER, answer TEXT);
"""
_KEPT = 500


class StandinStore:
    """Every method is one transaction; several threads may call it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_TABLES)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=10)
        db.row_factory = sqlite3.Row
        try:
            with db:
                yield db
        finally:
            db.close()

    def change(self, sql: str, *values: Any) -> int:
        """Run one statement; how many rows it changed."""
        with self._open() as db:
            return db.execute(sql, values).rowcount

    def insert(self, sql: str, *values: Any) -> int:
        """Run one INSERT; the new row's number."""
        with self._open() as db:
            return int(db.execute(sql, values).lastrowid or 0)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of one SELECT."""
        with self._open() as db:
            return [dict(row) for row in db.execute(sql, values)]

    def use_code(self, code: str, kind: str) -> tuple[str, int]:
        """(value, 0) for a fresh code, else ('', WeChat's error code): used 40163, bad 40029."""
        with self._open() as db:
            taken = db.execute(
                "UPDATE code SET used = 1 WHERE code = ? AND kind = ? AND used = 0"
                " AND expires > ? RETURNING value",
                (code, kind, time.time()),
            ).fetchone()
            if taken:
                return str(taken["value"]), 0
            known = db.execute(
                "SELECT used FROM code WHERE code = ? AND kind = ?", (code, kind)
            ).fetchone()
            return "", 40163 if known and known["used"] else 40029

    def spend_consent(self, openid: str, template: str) -> bool:
        """Use up one consent; False when none is left."""
        return bool(
            self.change(
                "UPDATE consent SET remaining = remaining - 1"
                " WHERE openid = ? AND template = ? AND remaining > 0",
                openid,
                template,
            )
        )

    def take_fault(self, path: str) -> dict[str, Any] | None:
        """The misbehaviour ordered for this path, counted down; None when there is none."""
        with self._open() as db:
            row = db.execute(
                "UPDATE fault SET times = times - 1 WHERE id = (SELECT id FROM fault"
                " WHERE times > 0 AND ? LIKE path || '%' ORDER BY id LIMIT 1) RETURNING fault",
                (path,),
            ).fetchone()
            return json.loads(row["fault"]) if row else None

    def record(self, **entry: Any) -> None:
        """Keep one request for the page; only the latest few hundred stay."""
        with self._open() as db:
            names = ", ".join(entry)
            marks = ", ".join("?" * len(entry))
            sql = f"INSERT INTO log (at, {names}) VALUES (?, {marks})"  # noqa: S608 - fixed names  # nosec B608
            number = db.execute(sql, (time.time(), *entry.values())).lastrowid
            db.execute("DELETE FROM log WHERE id <= ?", ((number or 0) - _KEPT,))
