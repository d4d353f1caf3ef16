"""What the stand-ins remember, in one SQLite file, so that a restart forgets nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, appid TEXT, expires REAL);
CREATE TABLE IF NOT EXISTS code (code TEXT PRIMARY KEY, kind TEXT, value TEXT, expires REAL,
                                 used INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS consent (openid TEXT, template TEXT, remaining INTEGER,
                                    PRIMARY KEY (openid, template));
CREATE TABLE IF NOT EXISTS lasting (openid TEXT, template TEXT, PRIMARY KEY (openid, template));
CREATE TABLE IF NOT EXISTS muted (openid TEXT, template TEXT, PRIMARY KEY (openid, template));
CREATE TABLE IF NOT EXISTS stranger (openid TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS visit (openid TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS sent (id INTEGER PRIMARY KEY, at REAL, appid TEXT, openid TEXT,
                                 template TEXT, page TEXT, data TEXT, msgid TEXT, reference TEXT);
CREATE INDEX IF NOT EXISTS sent_reference ON sent (openid, reference) WHERE reference <> '';
CREATE TABLE IF NOT EXISTS used (name TEXT, span TEXT, times INTEGER, PRIMARY KEY (name, span));
CREATE TABLE IF NOT EXISTS quota (name TEXT PRIMARY KEY, per_minute INTEGER, per_day INTEGER);
CREATE TABLE IF NOT EXISTS forced (appid TEXT, at REAL);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, path TEXT, fault TEXT, times INTEGER);
CREATE TABLE IF NOT EXISTS nonce (nonce TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS sms (id INTEGER PRIMARY KEY, at REAL, phone TEXT, sign TEXT, text TEXT,
                                reference TEXT, provider TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, at REAL, service TEXT, method TEXT,
                                path TEXT, query TEXT, body TEXT, status INTEGER, answer TEXT);
"""
# After what a store of an earlier version lacks has been added.
_INDEXES = """
DROP INDEX IF EXISTS sms_reference;
CREATE UNIQUE INDEX IF NOT EXISTS sms_references ON sms (provider, reference) WHERE reference <> '';
"""
_KEPT = 500


class StandinStore:
    """Every method is one transaction; several threads may call it.

    Without a ``path`` it is all forgotten with the process.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            ":memory:" if path is None else path, timeout=10, check_same_thread=False
        )
        self._db.row_factory = sqlite3.Row
        self._turn = threading.Lock()
        # What a power failure takes from a stand-in nobody misses.
        self._db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {_TABLES}")
        if "provider" not in [row["name"] for row in self.rows("PRAGMA table_info(sms)")]:
            self.change("ALTER TABLE sms ADD COLUMN provider TEXT DEFAULT ''")
        self._db.executescript(_INDEXES)
        self._faults = bool(self.rows("SELECT 1 FROM fault WHERE times > 0"))

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._db.close()

    def change(self, sql: str, *values: Any) -> int:
        """Run one statement; how many rows it changed."""
        with self._turn, self._db:
            return self._db.execute(sql, values).rowcount

    def insert(self, sql: str, *values: Any) -> int:
        """Run one INSERT; the new row's number."""
        with self._turn, self._db:
            return int(self._db.execute(sql, values).lastrowid or 0)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of one statement."""
        with self._turn, self._db:
            return [dict(row) for row in self._db.execute(sql, values)]

    def use_code(self, code: str, kind: str, now: float) -> tuple[str, int]:
        """(value, 0) for a fresh code, else ('', WeChat's error code): used 40163, bad 40029."""
        taken = self.rows(
            "UPDATE code SET used = 1 WHERE code = ? AND kind = ? AND used = 0"
            " AND expires > ? RETURNING value",
            code,
            kind,
            now,
        )
        if taken:
            return str(taken[0]["value"]), 0
        known = self.rows("SELECT used FROM code WHERE code = ? AND kind = ?", code, kind)
        return "", 40163 if known and known[0]["used"] else 40029

    def spend_consent(self, openid: str, template: str) -> bool:
        """Use up one consent; False when none is left. A lasting one is not used up."""
        key = (openid, template)
        if self.rows("SELECT 1 FROM lasting WHERE openid = ? AND template = ?", *key):
            return True
        return bool(
            self.change(
                "UPDATE consent SET remaining = remaining - 1"
                " WHERE openid = ? AND template = ? AND remaining > 0",
                *key,
            )
        )

    def count(self, name: str, span: str) -> int:
        """How often ``name`` was counted in this minute or day, this time included."""
        found = self.rows(
            "INSERT INTO used VALUES (?, ?, 1) ON CONFLICT (name, span)"
            " DO UPDATE SET times = times + 1 RETURNING times",
            name,
            span,
        )
        return int(found[0]["times"])

    def order_fault(self, path: str, fault: dict[str, Any], times: int) -> None:
        """Misbehave at ``path`` the next ``times`` times; 0 takes back all orders."""
        if times == 0:
            self.change("DELETE FROM fault")
        else:
            self.insert(
                "INSERT INTO fault (path, fault, times) VALUES (?, ?, ?)",
                path,
                json.dumps(fault),
                times,
            )
        self._faults = times != 0

    def take_fault(self, path: str) -> dict[str, Any] | None:
        """The misbehaviour ordered for this path, counted down; None when there is none."""
        if not self._faults:
            return None
        found = self.rows(
            "UPDATE fault SET times = times - 1 WHERE id = (SELECT id FROM fault"
            " WHERE times > 0 AND ? LIKE path || '%' ORDER BY id LIMIT 1) RETURNING fault",
            path,
        )
        return json.loads(found[0]["fault"]) if found else None

    @property
    def faulty(self) -> bool:
        """Whether anything was ordered: only then is it worth looking for."""
        return self._faults

    def record(self, **entry: Any) -> None:
        """Keep one request for the page; only the latest few hundred stay."""
        with self._turn, self._db:
            names = ", ".join(entry)
            marks = ", ".join("?" * len(entry))
            sql = f"INSERT INTO log (at, {names}) VALUES (?, {marks})"  # noqa: S608 - fixed names  # nosec B608
            number = self._db.execute(sql, (time.time(), *entry.values())).lastrowid
            self._db.execute("DELETE FROM log WHERE id <= ?", ((number or 0) - _KEPT,))
