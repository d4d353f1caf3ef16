"""SIGKILL under load: what was promised is kept, nothing is doubled, nothing is half done.

LONG=1 kills a hundred web workers and the database twenty times; the short run is a sample.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from sqlalchemy import text

from appointments.reconcile import mismatches
from backend import config
from backend.app import compose
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from backend.kernel.clock import SystemClock
from backend.kernel.services import Services
from backend.kernel.trace_audit import verify
from tests.faults.bookers import Crowd
from tests.live import Server
from tests.people import proved, sign_in_person
from tests.rush import add_slots, bookable_item, seeded
from tests.schema import create_schema

LONG = bool(os.environ.get("LONG"))
WORKER_KILLS, DATABASE_KILLS = (100, 20) if LONG else (3, 2)
BETWEEN = 40
CONNECTIONS = 12
CAPACITY = 20


@dataclass
class Place:
    """An installation of its own, whose database keeps what it promises (fsync on)."""

    postgres: Postgres
    valkey: Valkey
    services: Services
    server: Server
    item: str

    def crowd(self, persons: int, slots: list[str]) -> Crowd:
        people = [
            proved(self.services, sign_in_person(self.services, name=f"测试{n}"))
            for n in range(persons)
        ]
        return Crowd(self.server.port, people, slots, self.item)


@pytest.fixture(scope="module")
def place(server_dir: Path, base_environ: dict[str, str]) -> Iterator[Place]:
    postgres, valkey = Postgres(server_dir / "kill"), Valkey(server_dir / "kill")
    postgres.start()
    valkey.start()
    create_schema(postgres.url)
    environ = {**base_environ, "DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}
    services = compose(config.load(environ), clock=SystemClock())
    seeded(services)
    server = Server({**os.environ, **environ})
    server.start()
    yield Place(postgres, valkey, services, server, str(bookable_item(services)))
    server.stop()
    services.db.dispose()
    valkey.stop()
    postgres.stop("immediate")


def _workers(server: Server) -> list[int]:
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def _kill_worker(place: Place, number: int) -> None:
    """One of gunicorn's workers, as the kernel's out-of-memory killer would."""
    until = time.monotonic() + 30
    while len(_workers(place.server)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    found = _workers(place.server)
    os.kill(found[number % len(found)], signal.SIGKILL)


def _crash_database(place: Place) -> None:
    """Every backend dies at once, and what is not on disk is gone."""
    place.postgres.stop("immediate")
    place.postgres.start()


def _rows(place: Place, query: str, **values: Any) -> list[Any]:
    place.services.db.engine.dispose()
    with place.services.db.transaction() as session:
        return list(session.execute(text(query), values).all())


def _nothing_is_lost_or_doubled(place: Place, crowd: Crowd, slots: list[str]) -> None:
    assert not crowd.gave_up
    # Nobody is ever refused because of an own call whose answer was lost.
    refused = [body["code"] for status, body in crowd.told.values() if status == 409]
    assert set(refused) <= {"slot_full"}
    assert set(crowd.statuses) <= {201, 409, 503}
    booked = crowd.booked
    ours = "appointment WHERE slot_id = ANY(CAST(:slots AS uuid[]))"
    rows = {
        str(row.id): row
        for row in _rows(
            place,
            "SELECT a.id, a.slot_id, a.person_key, a.state,"
            " (SELECT count(*) FROM trace_entry t WHERE t.subject_kind = 'appointment'"
            "  AND t.subject_id = a.id AND t.action = 'book') AS traced,"
            " (SELECT array_agg(number) FROM receipt r WHERE r.subject_id = a.id) AS receipts,"
            " (SELECT array_agg(kind) FROM outbox o WHERE o.subject_id = a.id) AS messages,"
            " (SELECT count(*) FROM timer i WHERE i.subject_id = a.id"
            "  AND i.kind = 'appointment.no_show') AS timers"
            f" FROM (SELECT * FROM {ours}) a",
            slots=slots,
        )
    }
    promised = {body["id"]: body for body in booked.values()}
    assert len(promised) == len(booked)
    assert set(promised) == set(rows), "promised and kept"
    for key, row in rows.items():
        assert (row.state, row.traced, row.timers) == ("booked", 1, 1)
        assert row.receipts == [promised[key]["receipt_number"]]
        kinds = Counter(row.messages)
        assert kinds["appointment_booked"] == 1
        assert set(kinds.values()) == {1}
    assert len({row.person_key for row in rows.values()}) == len(rows)
    sold = Counter(str(row.slot_id) for row in rows.values())
    assert max(sold.values()) <= CAPACITY
    with place.services.db.transaction() as session:
        assert mismatches(session) == []
        assert verify(session) == []


def test_a_killed_web_worker_loses_and_doubles_nothing(place: Place) -> None:
    slots = add_slots(place.services, WORKER_KILLS + 3, CAPACITY)
    crowd = place.crowd(WORKER_KILLS * BETWEEN + 80, slots)
    crowd.start(CONNECTIONS)
    for number in range(WORKER_KILLS):
        crowd.wait_for((number + 1) * BETWEEN)
        _kill_worker(place, number)
    crowd.finish()
    assert crowd.replayed > 0, "some answers were lost after their effect"
    _nothing_is_lost_or_doubled(place, crowd, slots)


def test_workers_killed_while_the_gate_refuses_lose_and_sell_nothing(place: Place) -> None:
    """Ten times as many as there are places: nearly all hear from the gate that it is over."""
    slots = add_slots(place.services, 2, CAPACITY)
    crowd = place.crowd(20 * CAPACITY, slots)
    notes = place.services.redis.client
    crowd.start(CONNECTIONS)
    seen = 0
    for number in range(WORKER_KILLS if not LONG else 10):
        crowd.wait_for((number + 2) * CAPACITY)
        seen += sum(1 for slot in slots if notes.exists(f"hy:gate:full:{slot}:{place.item}"))
        _kill_worker(place, number)
    crowd.finish()
    assert seen > 0, "the gate knew that a slot was full"
    assert len(crowd.booked) == len(slots) * CAPACITY
    _nothing_is_lost_or_doubled(place, crowd, slots)


def test_a_crashed_database_loses_and_doubles_nothing(place: Place) -> None:
    slots = add_slots(place.services, DATABASE_KILLS + 3, CAPACITY)
    crowd = place.crowd(DATABASE_KILLS * BETWEEN + 80, slots)
    crowd.start(CONNECTIONS)
    for number in range(DATABASE_KILLS):
        crowd.wait_for((number + 1) * BETWEEN)
        _crash_database(place)
    crowd.finish()
    assert crowd.statuses[503] > 0, "the crash was felt"
    _nothing_is_lost_or_doubled(place, crowd, slots)


def test_the_database_of_this_test_would_notice_a_lost_write(place: Place) -> None:
    """A negative control of the setting: with fsync off the tests above show nothing."""
    address = place.postgres.url.replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {name}".encode()).fetchone() == ("on",)


def test_a_lost_answer_asked_for_again_is_the_same_appointment(place: Place) -> None:
    (slot,) = add_slots(place.services, 1, CAPACITY)
    headers = proved(place.services, sign_in_person(place.services))
    headers["Idempotency-Key"] = "lost-answer-1"
    body = {"slot_id": slot, "item_id": place.item}
    address = f"{place.server.url}/api/v1/appointments"
    first = requests.post(address, json=body, headers=headers, timeout=15)
    assert first.status_code == 201
    for worker in _workers(place.server):
        os.kill(worker, signal.SIGKILL)
    _until_alive(place.server.url)
    again = requests.post(address, json=body, headers=headers, timeout=15)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    other = {**body, "item_id": slot}
    assert requests.post(address, json=other, headers=headers, timeout=15).status_code == 422
    (row,) = _rows(place, "SELECT booked FROM slot WHERE id = CAST(:id AS uuid)", id=slot)
    assert row.booked == 1


def _until_alive(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            requests.get(f"{url}/healthz", timeout=5)
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("no worker came back in 30 s")


def test_without_valkey_booking_goes_on_and_the_doors_stay_shut(place: Place) -> None:
    (slot,) = add_slots(place.services, 1, CAPACITY)
    crowd = place.crowd(8, [slot])
    place.valkey.kill()
    try:
        started = time.monotonic()
        crowd.start(4)
        crowd.finish()
        assert crowd.statuses == {201: 8}
        assert time.monotonic() - started < 15
        for path, body in _GUARDED.items():
            answer = requests.post(
                f"{place.server.url}/api/v1{path}", json=body, timeout=15,
                headers={"Idempotency-Key": f"no-valkey-{path.strip('/')}".replace("/", "-")},
            )  # fmt: skip
            assert (path, answer.status_code) == (path, 503)
            assert json.loads(answer.text)["code"] == "limiter_unavailable"
            assert answer.headers["Retry-After"]
    finally:
        place.valkey.start()
    until = time.monotonic() + 30
    status = 503
    while status == 503 and time.monotonic() < until:
        answer = requests.post(
            f"{place.server.url}/api/v1/staff/sessions", json=_GUARDED["/staff/sessions"],
            timeout=15,
        )  # fmt: skip
        status = answer.status_code
    assert status == 401, "the door works again within 30 s"


_GUARDED = {
    "/staff/sessions": {"username": "zhoumin", "password": "wrong", "totp": "000000"},
    "/sessions/sms": {"phone": "13800007077", "code": "000000", "channel": "h5"},
    "/sms-codes": {"phone": "13800007077", "purpose": "sign_in"},
    "/matter-lookups": {"receipt_number": "A261123-482073-5", "query_code": "000000"},
}
