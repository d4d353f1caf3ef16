"""64 clients over real HTTP fight for 20 slots; and the same fight without the guards."""

import json
import os
import random
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from backend.kernel.clock import SystemClock
from backend.kernel.services import Services
from benchmarks.load import Call, drive
from benchmarks.targets.booking import TABLES
from tests.live import Server
from tests.people import proved, sign_in_person
from tests.rush import add_slots, bookable_item, seeded

CLIENTS = 64
ATTEMPTS = 10_000
SLOTS, CAPACITY = 20, 10
PERSONS = 400
BURST = 50
OURS = "FROM appointment WHERE slot_id = ANY(CAST(:ids AS uuid[]))"


@pytest.fixture
def rush(live_services: Services, live_server: Server) -> tuple[Services, Server]:
    """A live installation whose clock is the real one."""
    live_services.clock = SystemClock()
    return live_services, live_server


def test_ten_thousand_attempts_sell_exactly_what_there_is_and_nobody_twice(rush):
    services, server = rush
    slots, item = add_slots(seeded(services), SLOTS, CAPACITY), str(bookable_item(services))
    people = [dict(sign_in_person(services, name=f"测试{n}")) for n in range(PERSONS)]
    outcome = drive(
        server.port, _attempts(services, people, slots, item), connections=CLIENTS, keep=True
    )

    sold = [json.loads(body) for status, body in outcome.bodies if status == 201]
    assert sum(outcome.statuses.values()) == ATTEMPTS
    assert set(outcome.statuses) == {201, 409}
    assert len(sold) == SLOTS * CAPACITY
    codes = Counter(json.loads(body)["code"] for status, body in outcome.bodies if status == 409)
    assert set(codes) == {"slot_full", "already_booked"}
    with services.db.transaction() as session:
        ours = {"ids": slots}
        rows = session.execute(text(f"SELECT id, person_key, slot_id {OURS}"), ours).all()
        booked = session.scalars(
            text("SELECT booked FROM slot WHERE id = ANY(CAST(:ids AS uuid[]))"), ours
        ).all()
        traced = session.scalar(
            text(f"SELECT count(*) FROM trace_entry WHERE subject_id IN (SELECT id {OURS})"), ours
        )
        receipts = session.scalar(
            text(f"SELECT count(*) FROM receipt WHERE subject_id IN (SELECT id {OURS})"), ours
        )
    assert len(rows) == len({row.person_key for row in rows}) == SLOTS * CAPACITY
    assert set(Counter(row.slot_id for row in rows).values()) == {CAPACITY}
    assert set(booked) == {CAPACITY}
    assert traced == receipts == SLOTS * CAPACITY


def test_the_same_fight_without_the_guards_oversells(live_db: str):
    """The negative control: if this stops overselling, the test above shows nothing."""
    engine = create_engine(live_db)
    slots = [str(uuid.uuid4()) for _ in range(SLOTS)]
    with engine.begin() as connection:
        connection.execute(text(TABLES))
        for slot in slots:
            connection.execute(
                text("INSERT INTO bench_slot VALUES (:id, :n, 0)"), {"id": slot, "n": CAPACITY}
            )
    environ = {**os.environ, "BENCH_DSN": live_db.replace("+psycopg", "")}
    environ["BENCH_NAIVE_PAUSE"] = "0.005"
    server = Server(environ, target="benchmarks.targets.booking:app")
    server.start()
    try:
        calls = (
            Call("POST", "/naive", body={"slot_id": wanted(slots, n), "person": uuid.uuid4().hex})
            for n in range(SLOTS * BURST * 2)
        )
        drive(server.port, calls, connections=CLIENTS)
    finally:
        server.stop()
    with engine.begin() as connection:
        sold = connection.scalar(text("SELECT count(*) FROM bench_naive"))
    engine.dispose()
    assert sold > SLOTS * CAPACITY


def wanted(slots: list[str], number: int) -> str:
    """Everybody wants the same slot at the same moment, then the next one."""
    return slots[number // BURST % len(slots)]


def _attempts(
    services: Services, people: list[dict[str, str]], slots: list[str], item: str
) -> Iterator[Call]:
    chance = random.Random(20261123)
    for number in range(ATTEMPTS):
        who = proved(services, chance.choice(people))
        headers = {**who, "Idempotency-Key": uuid.uuid4().hex}
        body = {"slot_id": wanted(slots, number), "item_id": item}
        yield Call("POST", "/api/v1/appointments", headers, body)
