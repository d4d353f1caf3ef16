"""Secret ballots stay secret: given everything that is kept, a linker does no better than chance.

The linkers know the whole database with its physical order and transaction numbers, every log
line, and each voter's place in the order of casting. What they may know is the batch; within it
they must guess.
"""

import hashlib
import json
import math
import random
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import text

from backend.domains.deliberation import ballot_batches
from backend.domains.deliberation.ballot_keys import pending_of
from backend.domains.deliberation.kind_rules import ABSTAIN, AGREE, OPPOSE
from tests.conftest import KeyedClient
from tests.people import sign_in_person
from tests.votes_world import Party, World
from tests.web import web_app

VOTERS, VOTES, EVERY = 44, 2, 22
CHOICES = (AGREE, OPPOSE, ABSTAIN)


@dataclass
class Staged:
    """A finished secret vote: the truth, and all that was kept."""

    world: World
    truth: dict[UUID, str] = field(default_factory=dict)
    bodies: dict[UUID, bytes] = field(default_factory=dict)
    order: list[UUID] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)
    votes: list[UUID] = field(default_factory=list)


def dump(services: Any) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, with where it lies and which transaction wrote it."""
    with services.db.transaction() as session:
        names = session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        ).all()
        return {
            name: [
                dict(row._mapping)
                for row in session.execute(
                    text(f'SELECT ctid::text AS place, xmin::text AS written, * FROM "{name}"')
                )
            ]
            for name in names
        }


def stage(services: Any) -> Staged:
    """Two secret votes over HTTP with real commits, then everything in hand."""
    world = World(services)
    app = web_app(services)
    app.test_client_class = KeyedClient
    client = app.test_client(use_cookies=False)
    people = [sign_in_person(services, name=f"测试{n}") for n in range(VOTERS)]
    parties = []
    for headers in people:
        party = Party(UUID(int=secrets.randbits(128)), [headers.id])
        world.register.parties[party.ref] = party
        parties.append((party, headers))
    staged, rng = Staged(world), random.Random(7)
    with structlog.testing.capture_logs() as staged.logs:
        for _ in range(VOTES):
            vote_id = world.opened("matter", secrecy="secret")
            staged.votes.append(vote_id)
            entries = world.entries(vote_id)
            rng.shuffle(parties)
            for number, (party, headers) in enumerate(parties, 1):
                nonce, entry = secrets.token_hex(16), entries[party.ref]
                body = {"entry_id": str(entry), "choice": [rng.choice(CHOICES)], "nonce": nonce}
                raw = json.dumps(body).encode()
                sent = client.post(
                    f"/api/v1/votes/{vote_id}/ballots", data=raw,
                    headers={**headers, "Content-Type": "application/json"},
                )  # fmt: skip
                assert sent.status_code == 201, sent.get_data(as_text=True)
                staged.truth[entry], staged.bodies[entry] = nonce, raw
                staged.order.append(entry)
                if number % EVERY == 0:
                    world.seal()
            world.finish(vote_id)
            world.seal()
    return staged


def lines(staged: Staged, vote_id: UUID) -> list[dict[str, Any]]:
    """The ballots as published, in the order of the log."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(staged.world.bundle(vote_id))) as files:
        return [json.loads(line) for line in files.read("ballots.jsonl").splitlines()]


VOTER_KEYS = ("cast", "entry_id", "ordinal", "receipt", "seat_place", "receipt_place", "salt")
BALLOT_KEYS = ("ordinal", "id", "place", "sealed", "leaf", "nonce")


def linked(staged: Staged, rows: dict[str, list[dict[str, Any]]]) -> tuple[dict[str, int], int]:
    """How many voters each linker finds the ballot of, and in how many batches it had to guess."""
    found = {f"{v} {b} {way}": 0 for v in VOTER_KEYS for b in BALLOT_KEYS for way in (1, -1)}
    entries = {row["id"]: row for row in rows["roll_entry"]}
    batches = 0
    for vote_id in staged.votes:
        published = lines(staged, vote_id)
        receipts = {
            json.loads(row["record"]).get("receipt"): row["ordinal"]
            for row in rows["ballot_receipt"] if row["vote_id"] == vote_id
        }  # fmt: skip
        seats = [row for row in rows["ballot_participation"] if row["vote_id"] == vote_id]
        kept = [row for row in rows["ballot"] if row["vote_id"] == vote_id]
        for batch in sorted({row["batch"] for row in seats}):
            batches += 1
            voters = [
                {"cast": staged.order.index(row["entry_id"]), "entry_id": row["entry_id"],
                 "ordinal": entries[row["entry_id"]]["ordinal"], "receipt": row["receipt_code"],
                 "seat_place": _place(row), "receipt_place": receipts[row["receipt_code"]],
                 "salt": bytes(entries[row["entry_id"]]["salt"])}
                for row in seats if row["batch"] == batch
            ]  # fmt: skip
            ballots = [
                {**row, "place": _place(row), "nonce": published[row["ordinal"]]["nonce"],
                 "sealed": bytes(row["sealed"]), "leaf": bytes(row["leaf"])}
                for row in kept if row["batch"] == batch
            ]  # fmt: skip
            for v in VOTER_KEYS:
                for b in BALLOT_KEYS:
                    first = sorted(voters, key=lambda one, v=v: one[v])
                    second = sorted(ballots, key=lambda one, b=b: one[b])
                    for way in (1, -1):
                        found[f"{v} {b} {way}"] += sum(
                            staged.truth[one["entry_id"]] == other["nonce"]
                            for one, other in zip(first, second[::way], strict=True)
                        )
    return found, batches


def _place(row: dict[str, Any]) -> tuple[int, ...]:
    return (int(row["written"]), *map(int, row["place"].strip("()").split(",")))


def far_above_chance(batches: int) -> float:
    """A shuffled batch has one match by chance, with variance one, whatever its size."""
    return batches + 6 * math.sqrt(batches)


@pytest.fixture
def staged(live_services) -> Staged:
    return stage(live_services)


@pytest.mark.requirement("004.11")
def test_a_linker_with_the_whole_database_and_all_logs_does_no_better_than_chance(staged) -> None:
    services = staged.world.services
    rows = dump(services)
    found, batches = linked(staged, rows)
    assert batches >= 2 * VOTES
    best = max(found, key=found.__getitem__)
    assert found[best] < far_above_chance(batches), (best, found[best], batches)
    # Nothing still waits, and the keys it waited under are gone.
    assert rows["ballot_pending"] == []
    assert pending_of(services).known() == set()
    assert {len(row["sealed"]) for row in rows["ballot"]} == {len(rows["ballot"][0]["sealed"])}
    check_no_row_joins(staged, rows)
    check_no_request_was_kept(staged, rows)
    check_logs(staged)


def check_no_row_joins(staged: Staged, rows: dict[str, list[dict[str, Any]]]) -> None:
    """No row that leads to a voter holds a piece of the ballot, not even hashed."""
    leads = {str(one) for one in staged.truth}
    people = {row["entry_id"]: str(row["person_id"]) for row in rows["roll_caster"]}
    leads |= set(people.values())
    leads |= {row["receipt_code"] for row in rows["ballot_participation"]}
    pieces = {bytes(row["leaf"]).hex() for row in rows["ballot"]}
    pieces |= {bytes(row["sealed"]).hex() for row in rows["ballot"]}
    for entry, nonce in staged.truth.items():
        body = staged.bodies[entry]
        pieces |= {nonce, hashlib.sha256(body).hexdigest(), body.hex(),
                   hashlib.sha256(bytes.fromhex(nonce)).hexdigest(),
                   hashlib.sha256(nonce.encode()).hexdigest()}  # fmt: skip
    for name, table in rows.items():
        for row in table:
            shown = _shown(row)
            held = [one for one in pieces if one in shown]
            assert not held or not any(one in shown for one in leads), (name, held)


def _shown(row: dict[str, Any]) -> str:
    values = (
        bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
        for value in row.values()
    )
    return " ".join(values)


def check_no_request_was_kept(staged: Staged, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Answers and hashes kept for repeats of calls know of no ballot."""
    assert not [row for row in rows["idempotency_key"] if "/ballots" in row["scope"]]
    # One entry a step or batch; none for a ballot, and none names a voter.
    story = [row for row in rows["trace_entry"] if row["subject_kind"] == "vote"]
    assert {row["action"] for row in story} == {
        "prepare", "open", "batch", "close", "count", "publish",
    }  # fmt: skip
    voters = {str(one) for one in staged.truth}
    assert not [row for row in rows["trace_entry"] if str(row["subject_id"]) in voters]
    assert not [row for row in rows["outbox"] if any(v in _shown(row) for v in voters)]


def check_logs(staged: Staged) -> None:
    """Logs tell that somebody called, and nothing of what they cast."""
    text_of_logs = json.dumps(staged.logs, default=str, ensure_ascii=False)
    assert "ballots" in text_of_logs
    for entry, nonce in staged.truth.items():
        assert nonce not in text_of_logs
        assert str(entry) not in text_of_logs
    posts = [one for one in staged.logs if str(one.get("route", "")).endswith("/ballots")]
    assert {tuple(sorted(one)) for one in posts} == {
        ("actor", "event", "log_level", "method", "ms", "route", "status"),
    }  # fmt: skip


def test_with_shuffling_turned_off_the_same_linkers_find_the_voters(
    live_services, monkeypatch
) -> None:
    """The negative control: the test above would notice."""
    monkeypatch.setattr(ballot_batches, "shuffle", lambda values: None)
    staged = stage(live_services)
    found, batches = linked(staged, dump(live_services))
    assert found["ordinal ordinal 1"] == VOTERS * VOTES
    assert found["ordinal ordinal 1"] > far_above_chance(batches)


def test_a_kept_hash_of_the_request_would_have_joined_them(app) -> None:
    """Why the route keeps none: published ballots are few, and each can be tried."""
    from backend.http.mutation import _body_hash

    def kept(choice: str, nonce: str) -> bytes:
        body = {"entry_id": "1", "choice": [choice], "nonce": nonce}
        with app.test_request_context("/x", method="POST", json=body):
            return _body_hash()

    published = [(AGREE, "1" * 32), (OPPOSE, "2" * 32)]
    hashes = {kept(*one): one for one in published}
    assert hashes[kept(OPPOSE, "2" * 32)] == published[1]
