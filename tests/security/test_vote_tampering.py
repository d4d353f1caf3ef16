"""Random tampering with published files and database rows: every piece of it is found.

LONG=1 does 10,000 of each, half of them on an open and half on a secret vote. Half of the tampering
with files is an operator's who holds the signing key and signs everything anew: only a checkpoint
that somebody kept finds that.
"""

import base64
import io
import json
import os
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.domains.deliberation import (
    merkle_rules,
    record_rules,
    vote_checking,
    vote_log,
    vote_moves,
)
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.kernel.access import SYSTEM
from backend.kernel.uow import UnitOfWork
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import World
from verifier import bundle, checks, notes

LONG = bool(os.environ.get("LONG"))
FILES_TRIES = 5_000 if LONG else 100
ROWS_TRIES = 5_000 if LONG else 15
LINES = ("roll.jsonl", "ballots.jsonl", "receipts.jsonl")
Files = dict[str, bytes]
# What was published by the first vote of each kind, so that not every test holds one.
_PUBLISHED: dict[bool, tuple[Files, list[str]]] = {}


def finished(world: World, *, secret: bool) -> tuple[UUID, Files, list[str]]:
    """A counted vote, its files, and the checkpoints somebody kept."""
    owners = world.owners(26)
    vote_id = world.opened(
        "matter" if secret else "owners_ordinary", secrecy="secret" if secret else "open"
    )
    entries = world.entries(vote_id)
    for party in owners[:20]:
        world.cast(vote_id, party, AGREE, entry=entries[party.ref])
    world.seal()
    for party in owners[16:24]:
        world.cast(vote_id, party, OPPOSE, entry=entries[party.ref])
    world.finish(vote_id)
    with zipfile.ZipFile(io.BytesIO(world.bundle(vote_id))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with world.unit() as uow:
        kept = [point.note for point in vote_log.checkpoints(uow, vote_id)]
    _PUBLISHED.setdefault(secret, (files, kept))
    return vote_id, files, kept


@pytest.fixture
def published(request) -> Callable[[bool], tuple[Files, list[str]]]:
    """The files of a counted vote, open or secret, and the checkpoints somebody kept."""

    def get(secret: bool) -> tuple[Files, list[str]]:
        if secret not in _PUBLISHED:
            finished(request.getfixturevalue("vote_world"), secret=secret)
        return _PUBLISHED[secret]

    return get


@pytest.fixture
def tell(capsys) -> Iterator[Counter[str]]:
    """What was done, by kind; said at the end of a long run."""
    started, done = time.monotonic(), Counter[str]()
    yield done
    if LONG:
        with capsys.disabled():
            print(f"\n{done.total()} in {time.monotonic() - started:.0f} s: {dict(done)}")


def found(files: Files, kept: str) -> bool:
    try:
        case = checks.run(checks.opened(bundle.checked(dict(files))))
    except (bundle.BadBundle, notes.BadNote):
        return True
    checks.kept(case, kept)
    return bool(case.bad)


class Vandal:
    """Changes a bundle at random; never leaves it as it was."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def spoil(self, files: Files) -> tuple[str, Files]:
        ways = [self.edit_byte, self.edit_value, self.delete, self.insert, self.swap, self.cut]
        while True:
            way, name = self.rng.choice(ways), self.rng.choice([*LINES, *OTHERS])
            spoiled = way(name, files[name])
            if spoiled is not None and spoiled != files[name]:
                return f"{way.__name__} {name}", {**files, name: spoiled}

    def edit_byte(self, name: str, body: bytes) -> bytes:
        at = self.rng.randrange(len(body))
        return body[:at] + bytes([body[at] ^ 1 << self.rng.randrange(8)]) + body[at + 1 :]

    def edit_value(self, name: str, body: bytes) -> bytes | None:
        if not name.endswith(("jsonl", "json")):
            return None
        lines = body.split(b"\n")[:-1]
        at = self.rng.randrange(len(lines))
        value = json.loads(lines[at])
        key = self.rng.choice(sorted(value))
        value[key] = self.other(value[key])
        lines[at] = record_rules.canonical(value)
        return b"\n".join(lines) + b"\n"

    def other(self, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            return not value
        if isinstance(value, int):
            return value + self.rng.choice((-1, 1, 7))
        if isinstance(value, str):
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        if value == [AGREE]:
            return [OPPOSE]
        if isinstance(value, list):
            return value[:-1] if value else ["x"]
        return {**value, "more": 1}

    def delete(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        del lines[self.rng.randrange(len(lines))]
        return b"".join(line + b"\n" for line in lines)

    def insert(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        lines.insert(self.rng.randrange(len(lines) + 1), self.rng.choice(lines))
        return b"".join(line + b"\n" for line in lines)

    def swap(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        a, b = self.rng.randrange(len(lines)), self.rng.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
        return b"".join(line + b"\n" for line in lines)

    def cut(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        kept = lines[: self.rng.randrange(len(lines))]
        return b"".join(line + b"\n" for line in kept)


OTHERS = ("vote.json", "result.json", "checkpoints.txt", "key.txt")


@cache
def signer() -> Ed25519PrivateKey:
    from backend.config_checks import DEMO_SIGNING_KEY

    return Ed25519PrivateKey.from_private_bytes(DEMO_SIGNING_KEY)


@cache
def sign(body: str) -> bytes:
    return signer().sign(body.encode())


def signed_anew(files: Files) -> Files:
    """What an operator with the key would publish: all checkpoints made again to fit."""
    import hashlib

    def leaves(name: str) -> list[bytes]:
        return [merkle_rules.leaf_hash(line) for line in files[name].split(b"\n")[:-1]]

    ballots, receipts = leaves("ballots.jsonl"), leaves("receipts.jsonl")
    public = signer().public_key().public_bytes_raw()
    texts = []
    parts = files["checkpoints.txt"].decode().split("\nhuying-vote/")
    for number, part in enumerate(parts):
        old = record_rules.parsed(part if number == 0 else f"huying-vote/{part}")
        last = number == len(parts) - 1
        size = len(ballots) if last else min(old.ballots, len(ballots))
        sent = len(receipts) if last else min(old.receipts, len(receipts))
        made = record_rules.Checkpoint(
            old.vote, old.seq, old.kind, old.at, size, merkle_rules.root_of(ballots[:size]), sent,
            merkle_rules.root_of(receipts[:sent]), merkle_rules.root_of(leaves("roll.jsonl")),
            hashlib.sha256(files["vote.json"].removesuffix(b"\n")).digest(),
        )  # fmt: skip
        texts.append(record_rules.note(made, public, sign(made.body)))
    return {**files, "checkpoints.txt": "\n".join(texts).encode()}


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_every_tampering_with_published_files_is_found(published, tell, secret: bool) -> None:
    files, kept = published(secret)
    assert not found(files, kept[-1])
    assert not found(signed_anew(files), kept[-1])
    vandal = Vandal(20261123 + secret)
    missed = []
    for turn in range(FILES_TRIES):
        what, spoiled = vandal.spoil(files)
        if turn % 2 and what.split()[1] in (*LINES, "vote.json"):
            spoiled = signed_anew(spoiled)
            what = f"{what}, signed anew"
        tell[what.split()[0]] += 1
        if not found(spoiled, kept[-1]):
            missed.append(what)
    assert not missed, missed[:10]


def test_without_a_kept_checkpoint_an_operator_with_the_key_could_rewrite_the_vote(
    published,
) -> None:
    """The negative control, and why the readme asks people to keep one."""
    files, kept = published(False)
    lines = files["ballots.jsonl"].split(b"\n")[:-1]
    value = json.loads(lines[-1])
    value["nonce"] = "0" * 32
    lines[-1] = record_rules.canonical(value)
    spoiled = signed_anew({**files, "ballots.jsonl": b"".join(one + b"\n" for one in lines)})
    case = checks.run(checks.opened(spoiled))
    assert not case.bad
    assert found(spoiled, kept[-1])


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


def test_a_table_without_any_row_left_is_a_finding(vote_world) -> None:
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


def test_a_key_that_is_not_ours_signs_nothing(published) -> None:
    files, kept = published(False)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    spoiled = {**files, "key.txt": base64.b64encode(other) + b"\n"}
    assert found(spoiled, kept[-1])
