"""Weeks, days by hand, and the slots they make: nobody loses a booked place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appointments import planner, schedules
from appointments.model import Slot
from appointments.rules import Refused, State
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, week, weekdays

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def count(session, **filters) -> int:
    query = select(func.count()).select_from(Slot).filter_by(**filters)
    return session.scalar(query)


def test_slots_reach_today_and_five_more_working_days(world, session):
    days = sorted(set(session.scalars(select(Slot.day))))
    assert [day.day for day in days] == [23, 24, 25, 26, 27, 30]
    assert world.hall.slots_until == days[-1]


def test_a_new_day_is_made_once(world, session):
    tomorrow = NOW + timedelta(days=1)
    before = count(session)
    schedules.ensure_slots(session, world.hall, NOW, weekdays)
    assert count(session) == before
    schedules.ensure_slots(session, world.hall, tomorrow, weekdays)
    assert world.hall.slots_until == MONDAY + timedelta(days=8)
    assert count(session) == before + 8


def test_nothing_is_made_while_the_calendar_is_unknown(world, session):
    before = count(session)
    schedules.ensure_slots(session, world.hall, NOW + timedelta(days=30), lambda day: None)
    schedules.rebuild_slots(session, world.hall, NOW + timedelta(days=30), lambda day: None)
    assert count(session) == before


def test_a_new_week_keeps_bookings_and_hand_set_places(world, session):
    booked = world.book(at(9))
    world.book(at(9))
    hand = schedules.set_capacity(session, world.slot(at(10)), 7)
    smaller = [replace(rule, capacity=1) for rule in week(groups=("shebao",))]
    schedules.replace_schedule(session, world.hall, smaller, NOW, weekdays)
    assert (world.slot(at(9)).capacity, world.slot(at(9)).booked) == (2, 2)
    assert world.slot(at(9, 30)).capacity == 1
    assert world.slot(hand.start_at).capacity == 7
    assert world.slot(at(9), "huji").closed
    assert booked.state == State.BOOKED
    schedules.replace_schedule(session, world.hall, week(), NOW, weekdays)
    assert not world.slot(at(9), "huji").closed


def test_a_closed_day_names_whom_to_tell_and_can_open_again(world, session):
    booked = world.book(at(9, day=TUESDAY))
    told = schedules.override_day(
        session, world.hall, TUESDAY, opened=False, note="停电", now=NOW, working=weekdays
    )
    assert [row.id for row in told] == [booked.id]
    assert world.slot(at(9, day=TUESDAY)).closed
    assert schedules.overrides_of(session, world.hall.id) == {TUESDAY: False}
    assert world.hall.slots_until == MONDAY + timedelta(days=8)
    again = schedules.override_day(
        session, world.hall, TUESDAY, opened=True, note="", now=NOW, working=weekdays
    )
    assert again == []
    assert not world.slot(at(9, day=TUESDAY)).closed


def test_a_saturday_can_be_opened_on_mondays_hours(world, session):
    saturday = MONDAY + timedelta(days=5)
    schedules.override_day(
        session, world.hall, saturday, opened=True, note="便民日", now=NOW, working=weekdays
    )
    assert world.slot(at(9, day=saturday)).capacity == 2


def test_the_past_cannot_be_changed(world, session):
    with pytest.raises(Refused, match="day_past"):
        schedules.override_day(
            session,
            world.hall,
            MONDAY - timedelta(days=1),
            opened=False,
            note="",
            now=NOW,
            working=weekdays,
        )


def test_places_never_fall_below_what_is_booked(world, session):
    world.book(at(9))
    world.book(at(9))
    with pytest.raises(Refused, match="capacity_below_booked") as caught:
        schedules.set_capacity(session, world.slot(at(9)), 1)
    assert caught.value.facts == {"booked": 2}
    assert schedules.set_capacity(session, world.slot(at(9)), 3).capacity == 3


def test_a_day_out_of_reach_can_be_made_by_name(world, session):
    sunday = MONDAY - timedelta(days=1)
    schedules.make_day(session, world.hall, sunday, NOW)
    schedules.make_day(session, world.hall, sunday, NOW)
    assert count(session, day=sunday) == 8


def test_a_week_of_very_short_slots_is_made_too(world, session):
    tiny = [replace(rule, slot_minutes=5) for rule in week()]
    schedules.replace_schedule(session, world.hall, tiny, NOW, weekdays)
    assert count(session, day=MONDAY, closed=False) == 48


def test_the_week_is_read_as_it_was_written(world, session):
    assert len(planner.rules_of(session, world.hall.id)) == 10
    assert schedules.next_check(NOW) == at(0, 5, day=TUESDAY)
