"""Two managers want the same clerk at the same time in two halls: one of them gets her."""

import time as clock_time
from contextlib import suppress
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from appointments import shifts
from appointments.model import Hall
from appointments.rules import Refused
from appointments.shifts import Duty
from appointments.supply_model import Shift
from backend.kernel.database import Database
from tests.appointments_world import MONDAY, NOW, make_hall, weekdays
from tests.concurrency.test_booking_races import THREADS, together

HALLS, DAYS = 4, 6


@pytest.fixture
def database(live_db):
    made = Database(live_db, pool_size=THREADS, max_overflow=4)
    yield made
    made.dispose()


@pytest.fixture
def twice(database, monkeypatch):
    """How many halls got the same clerk for the same morning, over and above one."""
    halls = []
    with database.transaction() as session:
        for number in range(HALLS):
            world = make_hall(session, code=f"hall-{number}")
            halls.append((world.hall.id, world.windows[0].id))
    clerk = uuid4()
    real = shifts.problems

    def slowly(*args, **kwargs):
        found = real(*args, **kwargs)
        # Whoever looks and then writes leaves time for the other one.
        clock_time.sleep(0.03)
        return found

    monkeypatch.setattr(shifts, "problems", slowly)

    def run() -> int:
        def give(number: int) -> str:
            hall_id, window = halls[number % HALLS]
            day = MONDAY + timedelta(days=1 + number // HALLS)
            duty = Duty(window, clerk, "测试员", day, time(9), time(11))
            with suppress(Refused), database.transaction() as session:
                hall = session.get_one(Hall, hall_id)
                shifts.add(session, hall, [duty], now=NOW, working=weekdays)
                return "given"
            return "refused"

        outcomes = together(HALLS * DAYS, give)
        with database.transaction() as session:
            kept = session.scalar(select(func.count()).where(Shift.staff_key == clerk))
        assert kept == outcomes["given"] >= DAYS
        return kept - DAYS

    return run


def test_nobody_is_at_two_halls_at_once(twice):
    assert twice() == 0


def test_without_the_lock_on_the_person_she_would_be(twice, monkeypatch):
    monkeypatch.setattr(shifts, "lock_people", lambda *_: None)
    assert twice() > 0
