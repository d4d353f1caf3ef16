"""Rescheduling: the same row goes to another place, or everything stays as it was."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from appointments import booking, moving, reconcile
from appointments.model import Appointment, Slot
from appointments.rules import Refused
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, week

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def go(world: World, row: Appointment, slot: Slot, **more) -> moving.Moved:
    values = {"channels": ("online",), "now": NOW, **more}
    return moving.reschedule(world.session, row, slot.id, **values)


def refused(code: str, act) -> None:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code


def test_the_same_row_moves_and_both_slots_agree(world, session):
    row = world.book(at(10))
    code, old = row.check_in_code, row.slot_id
    moved = go(world, row, world.slot(at(9, day=TUESDAY)))
    after = moved.change.appointment
    assert (after.id, after.day, after.start_at) == (row.id, TUESDAY, at(9, day=TUESDAY))
    assert (after.check_in_code, after.rescheduled, after.version) == (code, 1, 2)
    assert (moved.from_slot, moved.from_start) == (old, at(10))
    assert world.slot(at(10)).booked == 0
    assert world.slot(at(9, day=TUESDAY)).booked == 1
    assert reconcile.mismatches(session) == []


def test_a_full_slot_refuses_and_the_old_place_stays(world, session):
    row = world.book(at(10))
    world.book(at(10, 30))
    world.book(at(10, 30))
    refused("slot_full", lambda: go(world, row, world.slot(at(10, 30))))
    assert (row.start_at, row.version, row.rescheduled) == (at(10), 1, 0)
    assert world.slot(at(10)).booked == 1
    assert reconcile.mismatches(session) == []


def test_the_last_place_taken_meanwhile_leaves_everything(world, session, monkeypatch):
    row = world.book(at(10))
    monkeypatch.setattr(moving.places, "take", lambda *args: False)
    refused("slot_full", lambda: go(world, row, world.slot(at(10, 30))))
    assert (row.start_at, row.version, row.rescheduled) == (at(10), 1, 0)
    assert reconcile.mismatches(session) == []


def test_what_cannot_be_moved_to(world, session):
    row = world.book(at(10))
    refused("same_slot", lambda: go(world, row, world.slot(at(10))))
    refused("slot_wrong_group", lambda: go(world, row, world.slot(at(10), "huji")))
    refused("slot_wrong_hall", lambda: go(world, row, world.slot(at(10, 30)), hall_codes=["x"]))
    refused("slot_reserved", lambda: go(world, row, world.slot(at(10, 30)), channels=("elderly",)))
    refused(
        "slot_unknown",
        lambda: moving.reschedule(session, row, uuid4(), channels=("online",), now=NOW),
    )
    session.execute(update(Slot).where(Slot.start_at == at(10, 30)).values(closed=True))
    refused("slot_closed", lambda: go(world, row, world.slot(at(10, 30))))


def test_up_to_the_deadline_and_three_times(world, session):
    row = world.book(at(10))
    late = at(8, 1)
    refused("cancel_too_late", lambda: go(world, row, world.slot(at(10, 30)), now=late))
    for number in range(3):
        row = go(world, row, world.slot(at(10, 30 if number % 2 == 0 else 0))).change.appointment
    refused("rescheduled_too_often", lambda: go(world, row, world.slot(at(10))))
    assert row.start_at == at(10, 30)
    booking.cancel(session, row, NOW)
    refused("wrong_state", lambda: go(world, row, world.slot(at(10))))
    assert reconcile.mismatches(session) == []


def test_one_booking_a_day_holds_for_moves_too(world):
    person, item = uuid4(), uuid4()
    world.book(at(10, day=TUESDAY), person=person, item=item)
    row = world.book(at(10), person=person, item=item)
    refused("already_booked", lambda: go(world, row, world.slot(at(9, day=TUESDAY))))
    go(world, row, world.slot(at(10, 30)))


def test_a_rival_that_was_not_seen_is_stopped_by_the_index(world, session, monkeypatch):
    person, item = uuid4(), uuid4()
    world.book(at(10, day=TUESDAY), person=person, item=item)
    row = world.book(at(10), person=person, item=item)
    monkeypatch.setattr(moving, "_check_day", lambda *args: None)
    refused("already_booked", lambda: go(world, row, world.slot(at(9, day=TUESDAY))))
    assert row.start_at == at(10)
    assert reconcile.mismatches(session) == []


def test_another_hall_and_a_code_that_is_taken_there(world, session):
    other = make_hall(session, code="other-hall", rules=week())
    taken = other.book(at(10))
    row = world.book(at(10))
    session.execute(
        update(Appointment)
        .where(Appointment.id == taken.id)
        .values(check_in_code=row.check_in_code)
    )
    moved = go(world, row, other.slot(at(10, 30)))
    after = moved.change.appointment
    assert (after.hall_id, moved.from_hall) == (other.hall.id, world.hall.id)
    session.refresh(taken)
    assert after.check_in_code != taken.check_in_code
    assert reconcile.mismatches(session) == []


def test_no_code_is_left_in_the_other_hall(world, session, monkeypatch):
    other = make_hall(session, code="other-hall", rules=week())
    taken = other.book(at(10))
    row = world.book(at(10))
    session.execute(
        update(Appointment)
        .where(Appointment.id == row.id)
        .values(check_in_code=taken.check_in_code)
    )
    session.refresh(row)
    monkeypatch.setattr(moving.secrets, "randbelow", lambda _: int(taken.check_in_code))
    refused("codes_exhausted", lambda: go(world, row, other.slot(at(10, 30))))
    assert row.hall_id == world.hall.id
    assert reconcile.mismatches(session) == []


def test_of_two_that_read_the_same_version_one_moves(world, session):
    row = world.book(at(10))
    session.execute(
        update(Appointment)
        .where(Appointment.id == row.id)
        .values(version=2)
        .execution_options(synchronize_session=False)
    )
    refused("changed_meanwhile", lambda: go(world, row, world.slot(at(10, 30))))
    assert reconcile.mismatches(session) == []
