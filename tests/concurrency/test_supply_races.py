"""The supply changes while people book: nothing oversold, nobody loses a place."""

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from appointments import booking, moving, reconcile, schedules
from appointments.model import Appointment, Hall, Slot
from appointments.rules import Refused, State
from backend.kernel.database import Database
from tests.appointments_world import MONDAY, NOW, at, make_hall, week, weekdays
from tests.concurrency.test_booking_races import THREADS, together

ATTEMPTS = THREADS * 8
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def database(live_db):
    made = Database(live_db, pool_size=THREADS, max_overflow=4)
    yield made
    made.dispose()


def test_weeks_rules_and_extra_places_change_while_people_book_and_move(database):
    with database.transaction() as session:
        world = make_hall(session, rules=week(capacity=6))
        starts = [at(9), at(9, 30), at(10), at(9, day=TUESDAY)]
        slots = [world.slot(start).id for start in starts]
        hall_id = world.hall.id

    def change(number: int) -> str:
        with database.transaction() as session:
            hall = session.get_one(Hall, hall_id, with_for_update={"key_share": True})
            kind = number // 4 % 3
            if kind == 0:
                rules = [replace(rule, capacity=2 + number % 9) for rule in week()]
                schedules.replace_schedule(session, hall, rules, NOW, weekdays)
            elif kind == 1:
                hall.release_days, hall.first_percent = 1 + number % 3, 10 + number % 90
                hall.rest_days, hall.rest_time = 0, time(7)
                session.flush()
                schedules.rebuild_slots(session, hall, NOW, weekdays)
            else:
                slot = session.get_one(Slot, slots[number % len(slots)])
                schedules.add_places(session, slot, 1, NOW)
        return "changed"

    def attempt(number: int) -> str:
        if number % 4 == 3:
            return change(number)
        slot, other = slots[number % len(slots)], slots[(number + 1) % len(slots)]
        try:
            with database.transaction() as session:
                made = booking.book(
                    session, appointment_id=uuid4(), slot_id=slot, person_key=uuid4(),
                    item_key=uuid4(), group_code="shebao", channels=("online",), now=NOW,
                    details={},
                ).appointment  # fmt: skip
                made_id = made.id
            if number % 4 == 2:
                with database.transaction() as session:
                    row = session.get_one(Appointment, made_id)
                    moving.reschedule(session, row, other, channels=("online",), now=NOW)
        except Refused as refused:
            return refused.code
        return "booked"

    outcomes = together(ATTEMPTS, attempt)
    assert outcomes["changed"] == ATTEMPTS // 4
    with database.transaction() as session:
        assert reconcile.mismatches(session) == []
        rows = session.execute(
            select(Appointment.slot_id, func.count())
            .where(Appointment.state == State.BOOKED.value)
            .group_by(Appointment.slot_id)
        )
        held = Counter({row[0]: row[1] for row in rows})
        for slot in session.scalars(select(Slot).where(Slot.id.in_(slots))):
            assert slot.booked == held[slot.id] <= slot.capacity
            assert not slot.closed
        # Everybody who was told "booked" still is; a failed move left the booking where it was.
        assert outcomes["booked"] <= sum(held.values()) <= ATTEMPTS * 3 // 4
    assert set(outcomes) <= {"changed", "booked", "slot_full"}


def test_a_first_batch_is_never_oversold_while_the_rest_waits(database):
    with database.transaction() as session:
        world = make_hall(
            session, rules=week(capacity=20), release_days=1, first_percent=25,
            rest_days=0, rest_time=time(7), now=NOW,
        )  # fmt: skip
        slot = world.slot(at(9, day=TUESDAY)).id
    opening = at(9)

    def attempt(number: int) -> str:
        now = opening if number % 2 else opening - timedelta(seconds=1)
        try:
            with database.transaction() as session:
                booking.book(
                    session, appointment_id=uuid4(), slot_id=slot, person_key=uuid4(),
                    item_key=uuid4(), group_code="shebao", channels=("online",), now=now,
                    details={},
                )  # fmt: skip
        except Refused as refused:
            return refused.code
        return "booked"

    outcomes = together(THREADS * 4, attempt)
    assert outcomes["booked"] == 5
    assert outcomes["slot_not_released"] == THREADS * 2
    with database.transaction() as session:
        assert reconcile.mismatches(session) == []
