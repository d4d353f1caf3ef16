"""A rush while something breaks: Redis comes and goes, a clock steps, the worker sleeps an hour."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from appointments.reconcile import mismatches
from backend import config
from backend.app import compose
from backend.domains.appointments import service
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from backend.kernel.clock import SystemClock
from backend.kernel.services import Services
from tests.appointments_api import CARD, fake_items
from tests.appointments_api import place as hall_place
from tests.conftest import MONDAY_8
from tests.faults.bookers import Crowd
from tests.live import Server
from tests.people import proved, sign_in_person
from tests.rush import add_slots, bookable_item, seeded

SLOTS, CAPACITY, PERSONS, CONNECTIONS = 3, 10, 240, 24
OURS = "FROM appointment WHERE slot_id = ANY(CAST(:slots AS uuid[])) AND state = 'booked'"


class Place:
    """An installation of its own, whose Redis can be killed."""

    def __init__(self, services: Services, server: Server, valkey: Valkey) -> None:
        self.services, self.server, self.valkey = services, server, valkey
        self.item = str(bookable_item(services))

    def crowd(self, slots: list[str], persons: int = PERSONS) -> Crowd:
        people = [
            proved(self.services, sign_in_person(self.services, name=f"测试{n}"))
            for n in range(persons)
        ]
        return Crowd(self.server.port, people, slots, self.item)

    def exactly_sold(self, crowd: Crowd, slots: list[str]) -> None:
        """Every place is taken by somebody who was told so, and nobody was told so in vain."""
        assert not crowd.gave_up
        assert set(crowd.statuses) <= {201, 409}
        codes = {body["code"] for status, body in crowd.told.values() if status == 409}
        assert codes <= {"slot_full"}
        with self.services.db.transaction() as session:
            rows = session.execute(text(f"SELECT id, person_key {OURS}"), {"slots": slots}).all()
            assert mismatches(session) == []
        promised = {body["id"] for body in crowd.booked.values()}
        assert {str(row.id) for row in rows} == promised
        assert len(promised) == len({row.person_key for row in rows}) == len(slots) * CAPACITY


@pytest.fixture(scope="module")
def place(
    server_dir: Path, postgres: Postgres, migrated: str, base_environ: dict[str, str]
) -> Iterator[Place]:
    valkey = Valkey(server_dir / "rush")
    valkey.start()
    postgres.create("rush", migrated)
    environ = {
        **base_environ, "DATABASE_URL": postgres.url_of("rush"), "REDIS_URL": valkey.url,
    }  # fmt: skip
    services = compose(config.load(environ), clock=SystemClock())
    seeded(services)
    server = Server({**environ})
    server.start()
    yield Place(services, server, valkey)
    server.stop()
    services.db.dispose()
    valkey.stop()
    postgres.drop("rush")


def test_redis_killed_and_restarted_in_the_middle_of_a_rush(place: Place) -> None:
    slots = add_slots(place.services, SLOTS, CAPACITY)
    crowd = place.crowd(slots)
    crowd.start(CONNECTIONS)
    for share in (8, 3):
        crowd.wait_for(PERSONS // share)
        place.valkey.kill()
        time.sleep(0.3)
        place.valkey.start()
    crowd.finish()
    place.exactly_sold(crowd, slots)


def test_redis_that_hangs_costs_moments_and_no_place(place: Place) -> None:
    """Stopped, not gone: connections stand and nothing answers."""
    slots = add_slots(place.services, SLOTS, CAPACITY)
    crowd = place.crowd(slots, 90)
    crowd.start(CONNECTIONS)
    crowd.wait_for(20)
    _signal(place.valkey, signal.SIGSTOP)
    try:
        began = time.monotonic()
        crowd.finish()
        assert time.monotonic() - began < 60
    finally:
        _signal(place.valkey, signal.SIGCONT)
    place.exactly_sold(crowd, slots)


def _signal(valkey: Valkey, number: int) -> None:
    assert valkey._process is not None
    os.kill(valkey._process.pid, number)


def test_notes_that_lie_cost_a_second_and_no_place(place: Place) -> None:
    """Somebody wrote into Redis that free slots are full: the first caller puts it right."""
    slots = add_slots(place.services, SLOTS, CAPACITY)
    crowd = place.crowd(slots, SLOTS * CAPACITY * 2)
    for slot in slots:
        place.services.redis.client.set(f"hy:gate:full:{slot}:{place.item}", "1", px=60_000)
    crowd.start(CONNECTIONS)
    crowd.finish()
    with place.services.db.transaction() as session:
        sold = session.scalar(text(f"SELECT count(*) {OURS}"), {"slots": slots})
    # One a second and slot finds out; those refused before it were refused wrongly, none oversold.
    assert sold and sold <= SLOTS * CAPACITY
    assert set(crowd.statuses) <= {201, 409}
    assert not crowd.gave_up


def _no_shows(services: Services, ids: list[UUID]) -> tuple[int, int]:
    """How many of these were marked as missed, and how often that was written down."""
    with services.db.transaction() as session:
        assert mismatches(session) == []
        missed = session.scalar(
            text("SELECT count(*) FROM appointment WHERE state = 'no_show' AND id = ANY(:ids)"),
            {"ids": ids},
        )
        traced = session.scalar(
            text(
                "SELECT count(*) FROM trace_entry WHERE subject_id = ANY(:ids)"
                " AND to_state = 'no_show'"
            ),
            {"ids": ids},
        )
    return missed or 0, traced or 0


@pytest.fixture
def booked(live_services: Services, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Four who booked for this morning and do not come."""
    fake_items(monkeypatch)
    spot = hall_place(live_services)
    ids = []
    for turn in range(4):
        who = sign_in_person(live_services).id
        with live_services.unit() as uow:
            slot = spot.slot(9 + turn // 2)
            ids.append(service.book(uow, who, slot, CARD.id)["id"])
    return ids


def _fire_together(services: Services, workers: int) -> None:
    threads = [
        threading.Thread(target=services.timers.fire_due, args=(services,)) for _ in range(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_a_worker_that_was_dead_for_an_hour_catches_up_once(live_services, clock, booked) -> None:
    clock.set(MONDAY_8 + timedelta(hours=4))
    for _ in range(3):
        _fire_together(live_services, 3)
        while live_services.timers.fire_due(live_services):
            pass
        assert _no_shows(live_services, booked) == (4, 4)


def test_a_clock_that_steps_back_and_forth_does_nothing_twice(live_services, clock, booked) -> None:
    steps = (90, -60, 125, 30, 240, -500, 240, 241)
    most = 0
    for minutes in steps:
        clock.set(MONDAY_8 + timedelta(minutes=minutes))
        while live_services.timers.fire_due(live_services):
            pass
        missed, traced = _no_shows(live_services, booked)
        assert missed == traced >= most
        most = missed
    assert most == 4
