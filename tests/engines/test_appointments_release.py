"""Release in batches: what is on offer when, and never taken away again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from appointments import schedules, views
from appointments.rules import Refused
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, week, weekdays

DAYS = [MONDAY + timedelta(days=count) for count in range(9)]
TWO = {"release_days": 3, "first_percent": 50}


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def shown(world: World, now=NOW):
    found = views.days(
        world.session, world.hall, "shebao", channels=("online",), now=now, working=weekdays
    )
    return {day.day: day for day in found}


def set_release(world: World, now=NOW, **values: object) -> None:
    for name, value in values.items():
        setattr(world.hall, name, value)
    world.session.flush()
    schedules.rebuild_slots(world.session, world.hall, now, weekdays)


def test_a_day_says_when_its_places_come(session):
    world = make_hall(session, **TWO)
    days = shown(world)
    thursday, friday = DAYS[3], DAYS[4]
    # At eight on Monday Wednesday is out, Thursday comes at nine, Friday tomorrow at nine.
    assert (days[DAYS[2]].status, days[DAYS[2]].remaining) == ("open", 4)
    assert (days[thursday].status, days[thursday].release_at) == ("not_released", at(9))
    assert days[friday].release_at == at(9, day=DAYS[1])
    # Beyond reach as well: Tuesday week comes on Thursday.
    assert (days[DAYS[8]].status, days[DAYS[8]].release_at) == ("not_released", at(9, day=DAYS[3]))
    assert shown(world, at(9))[thursday].status == "open"
    with pytest.raises(Refused, match="slot_not_released"):
        world.book(at(9, day=thursday))
    world.book(at(9, day=thursday), now=at(9))


def test_the_rest_waits_for_its_hour(session):
    world = make_hall(session, **TWO)
    wednesday = DAYS[2]
    start, rest = at(9, day=wednesday), at(18, day=DAYS[1])
    world.book(start)
    with pytest.raises(Refused, match="slot_full"):
        world.book(start)
    times = views.slots(session, world.hall, "shebao", wednesday, channels=("online",), now=NOW)
    assert (times[0].status, times[0].remaining, times[0].rest_at) == ("full", 0, rest)
    world.book(start, now=rest)
    with pytest.raises(Refused, match="slot_full"):
        world.book(start, now=rest)


def test_without_a_rule_the_last_days_say_when_they_come_into_reach(session):
    world = make_hall(session)
    days = shown(world)
    assert days[DAYS[7]].status == "open"
    assert (days[DAYS[8]].status, days[DAYS[8]].release_at) == ("not_released", at(0, day=DAYS[1]))


def test_what_is_on_offer_stays_on_offer(session):
    world = make_hall(session)
    set_release(world, release_days=1, first_percent=10, rest_days=0, rest_time=time(6))
    friday = world.slot(at(9, day=DAYS[4]))
    assert (friday.release_at <= NOW, friday.first_places, friday.rest_at) == (True, None, None)
    later = at(8, day=DAYS[1])
    schedules.ensure_slots(session, world.hall, later, weekdays)
    fresh = world.slot(at(9, day=DAYS[8]))
    assert (fresh.release_at, fresh.first_places) == (at(9, day=DAYS[7]), 1)


def test_a_first_batch_never_shrinks_and_a_coming_one_follows(session):
    world = make_hall(session, rules=week(capacity=10), **TWO)
    wednesday, friday = at(9, day=DAYS[2]), at(9, day=DAYS[4])
    set_release(world, release_days=2, first_percent=20)
    assert world.slot(wednesday).first_places == 5
    assert (world.slot(friday).first_places, world.slot(friday).release_at) == (
        2, at(9, day=DAYS[2])
    )  # fmt: skip
    set_release(world, release_days=2, first_percent=80)
    assert world.slot(wednesday).first_places == 8
    set_release(world, release_days=None)
    assert world.slot(wednesday).rest_at is None
    assert world.slot(friday).release_at <= NOW


def test_places_for_the_door_are_given_out_on_the_day(session):
    world = make_hall(session, rules=week(channels=("online", "on_site")), **TWO)
    door = world.slot(at(9, day=DAYS[2]), channel="on_site")
    assert (door.release_at, door.rest_at) == (at(0, day=DAYS[2]), None)


def test_extra_places_are_on_offer_at_once(session):
    world = make_hall(session, **TWO)
    start = at(9, day=DAYS[2])
    world.book(start)
    changed = schedules.add_places(session, world.slot(start), 2, NOW)
    assert (changed.capacity, changed.first_places, changed.adjusted) == (4, 3, True)
    world.book(start)
    world.book(start)
    with pytest.raises(Refused, match="slot_full"):
        world.book(start)
    smaller = [replace(rule, capacity=1) for rule in week()]
    schedules.replace_schedule(session, world.hall, smaller, NOW, weekdays)
    assert (world.slot(start).capacity, world.slot(start).booked) == (4, 3)


def test_extra_places_have_their_limits(session):
    world = make_hall(session)
    slot = world.slot(at(9))
    with pytest.raises(Refused, match="slot_past"):
        schedules.add_places(session, slot, 1, at(9))
    with pytest.raises(Refused, match="too_many_places"):
        schedules.add_places(session, slot, 499, NOW)
    schedules.override_day(
        session, world.hall, MONDAY, opened=False, note="", now=NOW, working=weekdays
    )
    with pytest.raises(Refused, match="slot_closed"):
        schedules.add_places(session, slot, 1, NOW)
