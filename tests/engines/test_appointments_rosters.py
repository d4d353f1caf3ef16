"""Seasons, shifts and paces: the slots follow, and nobody loses a place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appointments import reconcile, schedules, seasons, shifts
from appointments.calendar import Rule
from appointments.model import Slot
from appointments.rules import Refused
from appointments.shifts_rules import Tempo
from tests.appointments_world import MONDAY, NOW, World, at, make_hall, week, weekdays

TUESDAY = MONDAY + timedelta(days=1)
NEXT = MONDAY + timedelta(days=7)
WHEN = {"now": NOW, "working": weekdays}
PACE = Tempo("shebao", 30, 4, (("online", 75), ("on_site", 0), ("elderly", 25), ("video", 0)))


@pytest.fixture
def session(db) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def world(session) -> World:
    return make_hall(session)


def wanted(first: date, last: date, name: str = "暑期", capacity: int = 1) -> seasons.Wanted:
    return seasons.Wanted(name, first, last, week(groups=("shebao",), capacity=capacity))


def duty(world: World, window: int = 0, day: date = TUESDAY, **other: object) -> shifts.Duty:
    made = shifts.Duty(world.windows[window].id, uuid4(), "周敏", day, time(9), time(11))
    return replace(made, **other)


def open_places(world: World, day: date, channel: str = "online", group: str = "shebao") -> int:
    query = select(func.sum(Slot.capacity)).where(
        Slot.hall_id == world.hall.id,
        Slot.day == day,
        Slot.channel == channel,
        Slot.group_code == group,
        Slot.closed.is_(False),
    )
    return world.session.scalar(query) or 0


def test_a_season_holds_on_its_days_alone_and_keeps_who_is_booked(world, session):
    for _ in range(2):
        world.book(at(9, day=TUESDAY))
    gone = world.book(at(9, day=TUESDAY), group="huji")
    season, rebuilt = seasons.add(session, world.hall, uuid4(), wanted(TUESDAY, TUESDAY), **WHEN)
    assert open_places(world, MONDAY) == 8
    # Nine o'clock has two people and keeps two places; the others have one each.
    assert open_places(world, TUESDAY) == 2 + 3
    assert open_places(world, TUESDAY, group="huji") == 0
    assert [(one.group, one.wanted, one.taken) for one in rebuilt.kept] == [
        ("huji", 0, 1), ("shebao", 1, 2),
    ]  # fmt: skip
    assert rebuilt.changed == 3 + 4
    assert world.slot(at(9, day=TUESDAY), group="huji").booked == 1
    assert gone.state == "booked"
    _, back = seasons.remove(session, world.hall, season.id, **WHEN)
    assert (open_places(world, TUESDAY), back.kept, len(back.grown)) == (8, (), 7)
    assert reconcile.mismatches(session) == []


def test_two_seasons_do_not_overlap_and_a_change_is_of_what_was_seen(world, session):
    season, _ = seasons.add(session, world.hall, uuid4(), wanted(TUESDAY, NEXT), **WHEN)
    with pytest.raises(Refused, match="season_overlap"):
        seasons.add(session, world.hall, uuid4(), wanted(NEXT, NEXT, "年底"), **WHEN)
    changed, _ = seasons.change(
        session, world.hall, season.id, wanted(TUESDAY, TUESDAY, capacity=5), 1, **WHEN
    )
    assert (changed.version, open_places(world, TUESDAY)) == (2, 20)
    with pytest.raises(Refused, match="changed_meanwhile"):
        seasons.change(session, world.hall, season.id, wanted(NEXT, NEXT), 1, **WHEN)
    for first, last, code in (
        (NEXT, TUESDAY, "season_days"),
        (MONDAY - timedelta(days=9), MONDAY - timedelta(days=3), "day_past"),
    ):
        with pytest.raises(Refused, match=code):
            seasons.add(session, world.hall, uuid4(), wanted(first, last), **WHEN)
    with pytest.raises(Refused, match="season_unknown"):
        seasons.remove(session, world.hall, uuid4(), **WHEN)
    # The usual week is none of the season's.
    schedules.replace_schedule(session, world.hall, week(capacity=3), NOW, weekdays)
    assert (open_places(world, TUESDAY), open_places(world, MONDAY)) == (20, 12)


def test_days_that_come_into_reach_are_made_by_their_season(world, session):
    far = MONDAY + timedelta(days=8)
    seasons.add(session, world.hall, uuid4(), wanted(far, far, capacity=7), **WHEN)
    schedules.ensure_slots(session, world.hall, NOW + timedelta(days=1), weekdays)
    assert open_places(world, far) == 28


def test_with_a_pace_the_places_come_from_the_shifts(world, session):
    world.book(at(9, day=TUESDAY))
    rebuilt = shifts.set_paces(session, world.hall, [PACE], **WHEN)
    # Nobody is at a window yet: closed but for who is booked; the other business is as it was.
    assert open_places(world, TUESDAY) == 0
    assert open_places(world, TUESDAY, group="huji") == 8
    assert [(one.wanted, one.taken) for one in rebuilt.kept] == [(0, 1)]
    (first,), grown = shifts.add(session, world.hall, [duty(world)], **WHEN)
    assert (open_places(world, TUESDAY), open_places(world, TUESDAY, "elderly")) == (12, 4)
    assert (grown.kept, len(grown.grown)) == ((), 8)
    shifts.add(session, world.hall, [duty(world, 1, starts=time(10))], **WHEN)
    assert open_places(world, TUESDAY) == 12 + 6
    # A window that does not serve the business makes no places of it.
    shifts.add(session, world.hall, [duty(world, 2)], **WHEN)
    assert open_places(world, TUESDAY) == 18
    for _ in range(2):
        world.book(at(9, day=TUESDAY))
    _, fewer = shifts.remove(session, world.hall, first.id, **WHEN)
    assert [(one.wanted, one.taken) for one in fewer.kept] == [(0, 3)]
    assert (world.slot(at(9, day=TUESDAY)).booked, open_places(world, TUESDAY)) == (3, 6)
    assert shifts.set_paces(session, world.hall, [], **WHEN).kept[0].wanted == 2
    assert reconcile.mismatches(session) == []


def test_shifts_that_cannot_be(world, session):
    one = duty(world)
    (made,), _ = shifts.add(session, world.hall, [one], **WHEN)
    elsewhere = make_hall(session, code="other")
    shifts.add(session, elsewhere.hall, [duty(elsewhere, staff_key=uuid4())], **WHEN)
    for wrong, code in (
        (duty(world, starts=time(10), ends=time(12)), "shift_overlap"),
        (duty(world, 1, staff_key=one.staff_key), "shift_twice"),
        (duty(elsewhere), "window_unknown"),
        (duty(world, starts=time(11)), "shift_times"),
        (duty(world, day=MONDAY - timedelta(days=1)), "day_past"),
    ):
        with pytest.raises(Refused, match=code):
            shifts.add(session, world.hall, [wrong], **WHEN)
    with pytest.raises(Refused, match="shift_twice"):
        shifts.add(session, elsewhere.hall, [duty(elsewhere, 1, staff_key=one.staff_key)], **WHEN)
    # One after the other is no overlap, and a shift is no hindrance to itself.
    shifts.add(session, world.hall, [duty(world, starts=time(11), ends=time(12))], **WHEN)
    changed, _ = shifts.change(session, world.hall, made.id, replace(one, starts=time(10)), **WHEN)
    assert changed.starts == time(10)
    with pytest.raises(Refused, match="shift_unknown"):
        shifts.remove(session, elsewhere.hall, made.id, **WHEN)
    with pytest.raises(Refused, match="day_past"):
        shifts.remove(session, world.hall, made.id, now=NOW + timedelta(days=2), working=weekdays)


def test_a_week_is_copied_and_nothing_is_replaced_unasked(world, session):
    def copy(to: date = NEXT, *, replace: bool = False) -> int:
        return shifts.copy_week(
            session, world.hall, MONDAY, to, replace=replace, **WHEN
        )[0]  # fmt: skip

    with pytest.raises(Refused, match="week_empty"):
        copy()
    shifts.add(session, world.hall, [duty(world), duty(world, 1, day=MONDAY)], **WHEN)
    assert copy() == 2
    days = [one.day for one in shifts.between(session, world.hall.id, NEXT, NEXT + timedelta(6))]
    assert days == [NEXT, NEXT + timedelta(days=1)]
    with pytest.raises(Refused, match="week_taken"):
        copy()
    assert copy(replace=True) == 2
    assert len(shifts.between(session, world.hall.id, NEXT, NEXT + timedelta(days=6))) == 2
    for to, code in (
        (TUESDAY, "week_monday"),
        (MONDAY, "week_monday"),
        (MONDAY - shifts.WEEK, "day_past"),
    ):
        with pytest.raises(Refused, match=code):
            copy(to)


def test_paces_that_cannot_be(world, session):
    for tempos, code in (
        ([PACE, PACE], "pace_twice"),
        ([replace(PACE, group="nothing")], "schedule_unknown_group"),
        ([replace(PACE, quotas=(("online", 99), ("on_site", 0), ("elderly", 0), ("video", 0)))],
         "pace_quotas"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            shifts.set_paces(session, world.hall, tempos, **WHEN)


def test_a_season_has_no_say_in_a_business_with_a_pace(world, session):
    shifts.set_paces(session, world.hall, [PACE], **WHEN)
    shifts.add(session, world.hall, [duty(world)], **WHEN)
    rules = [Rule("huji", 2, time(13), time(14), 30, 9)]
    seasons.add(
        session, world.hall, uuid4(), seasons.Wanted("午间", TUESDAY, TUESDAY, rules), **WHEN
    )
    assert (open_places(world, TUESDAY), open_places(world, TUESDAY, group="huji")) == (12, 18)
