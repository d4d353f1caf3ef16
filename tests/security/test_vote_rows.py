"""Random tampering with a vote's rows behind the triggers' back: the checker finds all of it.

LONG=1 does 10,000, half of them on an open and half on a secret vote.
"""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.domains.deliberation import vote_checking, vote_moves
from backend.domains.deliberation.kind_rules import AGREE
from backend.kernel.access import SYSTEM
from backend.kernel.uow import UnitOfWork
from tests.security.vote_tampering import LONG, finished, tell  # noqa: F401 - with a fixture
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture

ROWS_TRIES = 5_000 if LONG else 15
# Columns that promise nothing: random ids of rows, and what others' edits count with.
FREE = {("ballot", "id"), ("vote", "version"), ("vote", "id")}
TABLES = ("vote", "roll", "roll_entry", "roll_caster", "roll_room", "ballot", "ballot_receipt",
          "ballot_participation", "vote_checkpoint", "vote_log", "vote_result")  # fmt: skip


class RowVandal:
    """Changes rows at random behind the triggers' back."""

    def __init__(self, session: Any, vote_id: UUID, seed: int) -> None:
        self.session, self.vote_id = session, vote_id
        self.rng = random.Random(seed)
        session.execute(text("SET LOCAL session_replication_role = replica"))

    def rows(self, table: str) -> list[dict[str, Any]]:
        key = "id" if table == "vote" else "vote_id"
        found = self.session.execute(
            text(f"SELECT ctid::text AS place, * FROM {table} WHERE {key} = :id ORDER BY ctid"),
            {"id": self.vote_id},
        )
        return [dict(row._mapping) for row in found]

    def spoil(self) -> str:
        ways: list[Callable[[str, list[dict[str, Any]]], str]] = [
            self.edit, self.edit, self.edit, self.delete, self.swap, self.truncate, self.insert,
        ]  # fmt: skip
        while True:
            table = self.rng.choice(TABLES)
            rows = self.rows(table)
            try:
                with self.session.begin_nested():
                    done = self.rng.choice(ways)(table, rows) if rows else ""
            except DBAPIError:
                # The table itself refuses that one.
                continue
            if done:
                return f"{done} in {table}"

    def _set(self, table: str, row: dict[str, Any], column: str, value: Any) -> None:
        cast = "::jsonb" if isinstance(value, list | dict) else ""
        value = json.dumps(value) if cast else value
        value_sql = "CAST(:value AS jsonb)" if cast else ":value"
        self.session.execute(
            text(f"UPDATE {table} SET {column} = {value_sql} WHERE ctid = CAST(:at AS tid)"),
            {"value": value, "at": row["place"]},
        )

    def edit(self, table: str, rows: list[dict[str, Any]]) -> str:
        row = self.rng.choice(rows)
        columns = [c for c in row if c != "place" and (table, c) not in FREE and row[c] is not None]
        column = self.rng.choice(columns)
        value = self.other(row[column])
        if value == row[column]:
            return ""
        self._set(table, row, column, value)
        return f"edit of {column}"

    def other(self, value: Any) -> Any:
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + self.rng.choice((1, 2, 5))
        if isinstance(value, UUID):
            return uuid4()
        if isinstance(value, datetime):
            return value + timedelta(days=self.rng.choice((-3, 1)))
        if isinstance(value, bytes | memoryview):
            raw = bytes(value)
            if not raw:
                return b"x"
            at = self.rng.randrange(len(raw))
            return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        if isinstance(value, str):
            return value[:-1] + ("x" if value[-1:] != "x" else "y")
        if isinstance(value, list):
            return value[1:] if value else ["x"]
        return {**value, "more": 1}

    def delete(self, table: str, rows: list[dict[str, Any]]) -> str:
        if table == "vote":
            return ""
        row = self.rng.choice(rows)
        self.session.execute(
            text(f"DELETE FROM {table} WHERE ctid = CAST(:at AS tid)"), {"at": row["place"]}
        )
        return "deletion"

    def truncate(self, table: str, rows: list[dict[str, Any]]) -> str:
        if table == "vote":
            return ""
        for row in rows[self.rng.randrange(len(rows)) :]:
            self.session.execute(
                text(f"DELETE FROM {table} WHERE ctid = CAST(:at AS tid)"), {"at": row["place"]}
            )
        return "truncation"

    def swap(self, table: str, rows: list[dict[str, Any]]) -> str:
        """Two rows exchange what they hold, but not their places."""
        plain = {"ballot": "sealed", "roll_entry": "salt", "ballot_receipt": "record",
                 "vote_checkpoint": "note"}  # fmt: skip
        column = plain.get(table)
        if column is None or len(rows) < 2:
            return ""
        a, b = self.rng.sample(rows, 2)
        self._set(table, a, column, b[column])
        self.session.execute(
            text(f"UPDATE {table} SET {column} = :value WHERE ctid = CAST(:at AS tid)"),
            {"value": a[column], "at": b["place"]},
        )
        return f"exchange of {column}"

    def insert(self, table: str, rows: list[dict[str, Any]]) -> str:
        fresh = {
            "ballot": {"id": uuid4(), "ordinal": len(rows), "seq": None, "entry_id": None,
                       "how": None, "receipt_code": None, "attempt": None, "mark": None,
                       "batch": 1},
            "ballot_receipt": {"ordinal": len(rows)},
            "roll_entry": {"id": uuid4(), "ordinal": len(rows) + 1, "ref_id": uuid4()},
            "roll_caster": {"person_id": uuid4()},
            "roll_room": {"room_id": uuid4()},
            "vote_checkpoint": {"seq": len(rows)},
        }.get(table)  # fmt: skip
        if fresh is None:
            return ""
        row = {**self.rng.choice(rows), **fresh}
        columns = [column for column in row if column != "place"]
        self.session.execute(
            text(
                f"INSERT INTO {table} ({','.join(columns)}) VALUES ("
                + ",".join(
                    f"CAST(:{c} AS jsonb)" if isinstance(row[c], list | dict) else f":{c}"
                    for c in columns
                )
                + ")"
            ),
            {c: json.dumps(row[c]) if isinstance(row[c], list | dict) else row[c] for c in columns},
        )
        return "insertion"


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_every_tampering_with_rows_is_found(vote_world, tell, secret: bool) -> None:
    world = vote_world
    vote_id, _, kept = finished(world, secret=secret)
    missed = []
    with world.unit() as uow:
        assert vote_checking.check(uow, vote_moves.get(uow, vote_id), kept) == []
    for turn in range(ROWS_TRIES):
        session = world.services.db.session()
        try:
            uow = UnitOfWork(session, world.services, SYSTEM)
            what = RowVandal(session, vote_id, turn + 10_000 * secret).spoil()
            tell[what.split()[0]] += 1
            session.expire_all()
            checked = vote_checking.findings(uow, vote_moves.get(uow, vote_id), kept)
            if next(checked, None) is None:
                missed.append(what)
        finally:
            session.rollback()
            session.close()
    assert not missed, missed


def test_a_ballot_said_to_be_of_a_batch_that_never_was_is_a_finding(vote_world) -> None:
    world = vote_world
    vote_id, _, kept = finished(world, secret=True)
    statement = text(
        "UPDATE ballot SET batch = batch + 1 WHERE ctid ="
        " (SELECT ctid FROM ballot WHERE vote_id = :id ORDER BY ordinal DESC LIMIT 1)"
    )
    with world.unit() as uow:
        uow.session.execute(text("SET LOCAL session_replication_role = replica"))
        uow.session.execute(statement, {"id": vote_id})
        uow.session.expire_all()
        found = vote_checking.check(uow, vote_moves.get(uow, vote_id), kept)
        assert [one.what for one in found] == ["各批的选票张数不对"]
        uow.session.rollback()


def test_a_table_without_any_row_left_or_a_vote_that_never_opened_is_a_finding(vote_world) -> None:
    """Nothing to compare with is not the same as nothing to find."""
    world = vote_world
    owners = world.owners(12)
    vote_id = world.opened("owners_ordinary")
    for party in owners[:9]:
        world.cast(vote_id, party, AGREE)
    world.finish(vote_id)
    for table in TABLES[1:]:
        with world.unit() as uow:
            uow.session.execute(text("SET LOCAL session_replication_role = replica"))
            gone = uow.session.execute(
                text(f"DELETE FROM {table} WHERE vote_id = :id RETURNING 1"), {"id": vote_id}
            ).all()
            uow.session.expire_all()
            found = vote_checking.check(uow, vote_moves.get(uow, vote_id))
            assert bool(found) == bool(gone), table
            uow.session.rollback()
    misshapen = "UPDATE roll_entry SET rooms = '[\"x\"]' WHERE vote_id = :id"
    never = "UPDATE vote SET state = 'cancelled', opened_at = NULL WHERE id = :id"
    for statement in (misshapen, never, "UPDATE vote SET counted_at = NULL WHERE id = :id"):
        with world.unit() as uow:
            uow.session.execute(text("SET LOCAL session_replication_role = replica"))
            uow.session.execute(text(statement), {"id": vote_id})
            uow.session.expire_all()
            (vote,) = vote_checking.votes_to_check(uow)
            assert vote_checking.check(uow, vote), statement
            uow.session.rollback()
