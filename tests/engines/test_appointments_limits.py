"""Limits as the engine keeps them: when booking, when moving, and not for shared rooms."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from appointments import booking, limits, moving, reconcile
from appointments.demand_model import BookingLimit
from appointments.limits_rules import Held
from appointments.rules import Refused
from tests.appointments_world import MONDAY, NOW, World, at, make_hall

TUESDAY = MONDAY + timedelta(days=1)
HALVES = ((9, 0), (9, 30), (10, 0), (10, 30))


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def refused(act) -> tuple:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == "limit_reached"
    return caught.value.facts["per"], caught.value.facts["most"]


def test_three_a_day_and_a_cancelled_one_makes_room(world, session):
    person = uuid4()
    rows = [world.book(at(*half), person=person) for half in HALVES[:3]]
    assert refused(lambda: world.book(at(10, 30), person=person)) == ("day", 3)
    assert world.slot(at(10, 30)).booked == 0
    booking.cancel(session, rows[2], NOW)
    world.book(at(10, 30), person=person)
    world.book(at(9, day=TUESDAY), person=person)
    assert reconcile.mismatches(session) == []


def test_six_a_week(world):
    person = uuid4()
    for number in range(6):
        world.book(at(9, day=MONDAY + timedelta(days=number // 2)), group="shebao", person=person)
    friday = at(9, day=MONDAY + timedelta(days=4))
    assert refused(lambda: world.book(friday, person=person)) == ("week", 6)
    world.book(at(9, day=MONDAY + timedelta(days=7)), person=person)


def test_the_district_s_own_number(world, session):
    session.add(BookingLimit(id=uuid4(), per="live", most=1, hall_id=world.hall.id))
    session.flush()
    person = uuid4()
    world.book(person=person)
    assert refused(lambda: world.book(at(10), person=person)) == ("live", 1)
    elsewhere = make_hall(session, code="other-hall")
    elsewhere.book(person=person)


def test_moving_counts_the_day_it_goes_to_and_not_itself(world, session):
    person = uuid4()
    rows = [world.book(at(*half), person=person) for half in HALVES[1:]]
    row = world.book(at(9, day=TUESDAY), person=person)

    def move(which, slot):
        moving.reschedule(session, which, slot.id, channels=("online",), now=NOW)

    assert refused(lambda: move(row, world.slot(at(10)))) == ("day", 3)
    assert row.day == TUESDAY
    move(rows[1], world.slot(at(9, 30)))
    assert reconcile.mismatches(session) == []


def test_shared_rooms_are_neither_limited_nor_counted(session):
    room = Held(uuid4(), "share.room", uuid4(), MONDAY)
    session.add(BookingLimit(id=uuid4(), per="live", most=1))
    session.flush()
    limits.check_limits(session, uuid4(), room)


def test_locks_of_people_go_in_one_order(session):
    first, second = sorted([uuid4(), uuid4()])
    limits.lock_people(session, (second, None, first, second))
