"""Everybody presses at one second, over real HTTP: exactly as many winners as there are places."""

import itertools
import os
import socket
import uuid
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from appointments.reconcile import mismatches
from backend.kernel.clock import SystemClock
from backend.kernel.services import Services
from benchmarks.load import Call
from benchmarks.rush import Client, figures, press
from benchmarks.targets.booking import TABLES
from tests.live import Server
from tests.people import proved, sign_in_person
from tests.rush import add_slots, bookable_item, seeded

CLIENTS, SLOTS, CAPACITY = 300, 4, 10
# As many as the two processes of eight threads work on at once.
WORKERS, THREADS = 2, 8
BATCH = WORKERS * THREADS


@pytest.fixture
def rush(live_services: Services, live_server: Server) -> tuple[Services, Server]:
    live_services.clock = SystemClock()
    return live_services, live_server


def _client(server: Server, slot: str, call: Call) -> Client:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    return Client(slot, call.wire(f"127.0.0.1:{server.port}"), line)


def test_a_rush_has_as_many_winners_as_places(rush: tuple[Services, Server]) -> None:
    services, server = rush
    slots, item = add_slots(seeded(services), SLOTS, CAPACITY), str(bookable_item(services))
    calls = []
    for number, slot in zip(range(CLIENTS), itertools.cycle(slots), strict=False):
        who = sign_in_person(services, name=f"测试{number}")
        headers = {**proved(services, who), "Idempotency-Key": uuid.uuid4().hex}
        body = {"slot_id": slot, "item_id": item}
        calls.append((slot, Call("POST", "/api/v1/appointments", headers, body)))
    # All lines at once and not before: a server hangs up on who is silent for long.
    crowd = [_client(server, *call) for call in calls]
    press(crowd, within=0.5)
    found = figures(crowd, CAPACITY)
    assert found["statuses"] == {201: SLOTS * CAPACITY, 409: CLIENTS - SLOTS * CAPACITY}
    assert found["codes"] == {"slot_full": CLIENTS - SLOTS * CAPACITY}
    assert found["unanswered"] == 0
    # Each slot goes to those who pressed first, but for those who are at work at once.
    assert found["overtaken_by"] <= BATCH
    with services.db.transaction() as session:
        assert mismatches(session) == []
        sold = Counter(
            session.scalars(
                text("SELECT slot_id FROM appointment WHERE slot_id = ANY(CAST(:ids AS uuid[]))"),
                {"ids": slots},
            )
        )
    assert set(sold.values()) == {CAPACITY}


def _by_hand(
    live_db: str, handler: str, more: dict[str, str], threads: int = THREADS
) -> list[Client]:
    """The same rush at a handler written by hand; the crowd and what it was told."""
    engine = create_engine(live_db)
    slots = [str(uuid.uuid4()) for _ in range(SLOTS)]
    with engine.begin() as connection:
        connection.execute(text(TABLES))
        for slot in slots:
            connection.execute(
                text("INSERT INTO bench_slot VALUES (:id, :n, 0)"), {"id": slot, "n": CAPACITY}
            )
    engine.dispose()
    environ = {**os.environ, "BENCH_DSN": live_db.replace("+psycopg", ""), **more}
    server = Server(
        environ, workers=WORKERS, threads=threads, target="benchmarks.targets.booking:app"
    )
    server.start()
    try:
        crowd = [
            _client(
                server, slot,
                Call("POST", f"/{handler}", body={"slot_id": slot, "person": uuid.uuid4().hex}),
            )
            for slot in itertools.islice(itertools.cycle(slots), CLIENTS)
        ]  # fmt: skip
        press(crowd, within=0.2)
    finally:
        server.stop()
    return crowd


def test_the_same_rush_at_the_naive_handler_has_too_many_winners(live_db: str) -> None:
    """The negative control: if this stops overselling, the test above shows nothing."""
    crowd = _by_hand(live_db, "naive", {"BENCH_NAIVE_PAUSE": "0.005"})
    assert sum(one.status == 201 for one in crowd) > SLOTS * CAPACITY


def test_a_server_that_takes_people_in_any_order_is_found_out(live_db: str) -> None:
    """The negative control of the order: each call waits for a while of its own before its turn.

    There is a thread for everybody: with fewer the latest would stand behind the first again.
    """
    crowd = _by_hand(live_db, "ceiling", {"BENCH_SHUFFLE": "0.8"}, threads=CLIENTS // WORKERS + 10)
    found = figures(crowd, CAPACITY)
    assert found["winners"] == SLOTS * CAPACITY
    assert found["overtaken_by"] > BATCH
