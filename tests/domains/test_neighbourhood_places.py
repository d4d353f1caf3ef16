"""Shared rooms: booked through the engine, apart from the service halls, given back, closed."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from appointments import reconcile, views
from appointments.model import Appointment, ItemGroup
from appointments.rules import APART
from backend.domains.appointments import staff as hall_staff
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.neighbourhood import (
    bookings,
    events,
    forgetting,
    own_data,
    resource_view,
    resources,
    signups,
    wishes,
)
from backend.domains.neighbourhood.care_model import Wish
from backend.domains.neighbourhood.model import Activity, ActivitySignup, PointEntry
from backend.domains.neighbourhood.resource_model import ResourceBooking
from backend.kernel.clock import local_date
from tests.neighbourhood_world import HOME, NEXT, World, check, make_world
from tests.people import sign_in_person

HALL = {
    "area_id": HOME, "kind": "hall", "name": "职工礼堂", "unit_name": "月河供电所",
    "words": "保持整洁", "address": "月河路1号", "latitude": 20.5, "longitude": 115.3,
    "open": True, "cancel_minutes": 120, "days_ahead": 7,
}  # fmt: skip
WEEK = [
    {"weekday": day, "start": time(9), "end": time(11), "slot_minutes": 60, "capacity": 1}
    for day in range(1, 6)
]


@pytest.fixture
def world(services) -> World:
    made = make_world(services)
    made.person("远", NEXT)
    return made


@pytest.fixture
def hall(world):
    row = world.act("fang", resources.create, HALL)
    world.act("fang", resources.set_week, row.id, WEEK)
    return row.id


def tomorrow(world: World):
    return local_date(world.services.clock.now()) + timedelta(days=1)


def slots(world: World, hall, day=None):
    with world.unit() as uow:
        return resource_view.slots(uow, hall, day or tomorrow(world))


def book(world: World, name: str, hall, slot) -> str:
    return world.refused(name, bookings.book, hall, slot["id"], "排练合唱")


def mine(world: World, name: str) -> list[dict]:
    with world.unit() as uow:
        rows = list(uow.session.scalars(bookings.mine(world.person(name))))
        return resource_view.bookings(uow, rows)


@pytest.mark.requirement("004.16")
def test_a_neighbour_books_a_shared_hall_and_nobody_else_has_that_hour(world, hall):
    first, second = slots(world, hall)
    assert book(world, "王", hall, first) == ""
    assert book(world, "李", hall, first) == "slot_full"
    assert book(world, "王", hall, second) == "already_booked"
    assert book(world, "远", hall, second) == "members_only"
    assert [slot["status"] for slot in slots(world, hall)] == ["full", "open"]
    (own,) = mine(world, "王")
    assert own["state_text"] == "已预约" and own["can_cancel"]
    assert world.told(events.ResourceBooked)[-1].name == "职工礼堂"
    with world.unit() as uow:
        assert reconcile.mismatches(uow.session) == []


def test_a_booking_is_given_back_until_the_deadline_and_called_used_afterwards(world, hall):
    first, _ = slots(world, hall)
    book(world, "王", hall, first)
    (own,) = mine(world, "王")
    assert world.refused("李", bookings.cancel, own["id"]) == "not_there"
    world.act("王", bookings.cancel, own["id"])
    assert slots(world, hall)[0]["status"] == "open"
    book(world, "李", hall, first)
    (own,) = mine(world, "李")
    world.later(days=1)
    assert world.refused("李", bookings.cancel, own["id"]) == "cancel_too_late"
    world.later(hours=3)
    assert mine(world, "李")[0]["state_text"] == "已使用"


def test_a_lot_with_several_places_takes_as_many(world):
    lot = world.act("fang", resources.create, {**HALL, "kind": "parking", "name": "停车场"}).id
    world.act("fang", resources.set_week, lot, [{**row, "capacity": 2} for row in WEEK])
    slot = slots(world, lot)[0]
    assert [book(world, name, lot, slot) for name in ("王", "李", "赵")] == ["", "", "slot_full"]


def test_shared_places_stay_out_of_the_lists_of_service_halls(world, hall):
    book(world, "王", hall, slots(world, hall)[0])
    with world.unit() as uow:
        assert views.halls(uow.session) == []
        assert hall_staff.groups(uow) == []
        assert uow.session.scalar(select(ItemGroup.code)).startswith(APART)
        keys = set(uow.session.scalars(select(Appointment.person_key)))
    assert world.person("王") not in keys


def test_staff_close_a_day_and_whoever_booked_is_told_why(world, hall):
    book(world, "王", hall, slots(world, hall)[0])
    day = tomorrow(world)
    assert world.refused("zhu", resources.close_day, hall, day, "检修") == "not_there"
    assert world.act("fang", resources.close_day, hall, day, "消防检修") == 1
    told = world.told(events.ResourceCancelled)[-1]
    assert told.by_staff and told.reason == "消防检修"
    assert slots(world, hall) == []
    assert mine(world, "王")[0]["reason"] == "消防检修"


def test_staff_see_who_has_it_and_cancel_one_booking(world, hall):
    book(world, "王", hall, slots(world, hall)[0])
    with world.unit("fang") as uow:
        rows = resources.booked(uow, world.staff["fang"], hall, tomorrow(world))
        (shown,) = resource_view.booked(uow, rows)
    assert shown["name"] == "王*试" and shown["can"] == ["cancel"]
    assert world.refused("zhu", resources.cancel_booking, shown["id"], "自用") == "not_there"
    world.act("fang", resources.cancel_booking, shown["id"], "单位自用")
    assert slots(world, hall)[0]["status"] == "open"


def test_a_closed_place_takes_no_bookings_and_an_old_view_no_edit(world, hall):
    slot = slots(world, hall)[0]
    shut = {**HALL, "open": False}
    world.act("fang", resources.edit, hall, 1, shut)
    assert world.refused("fang", resources.edit, hall, 1, shut) == "stale"
    assert book(world, "王", hall, slot) == "resource_closed"
    moved = {**shut, "area_id": NEXT}
    assert world.refused("fang", resources.edit, hall, 2, moved) == "invalid"


def test_a_week_with_one_day_of_the_weekend_leaves_the_other_closed(world, hall):
    week = [*WEEK, {**WEEK[0], "weekday": 6}]
    world.act("fang", resources.set_week, hall, week)
    saturday = tomorrow(world) + timedelta(days=4)
    assert [len(slots(world, hall, saturday)), saturday.isoweekday()] == [2, 6]
    sunday = slots(world, hall, saturday + timedelta(days=1))
    assert all(slot["status"] != "open" for slot in sunday)
    with world.unit() as uow:
        assert len(resources.week_of(uow, hall)) == 6
    overlapping = [WEEK[0], WEEK[0]]
    assert world.refused("fang", resources.set_week, hall, overlapping) == "schedule_overlap"


def test_a_persons_part_is_exported_and_named_while_others_wait_for_it(world, hall):
    book(world, "王", hall, slots(world, hall)[0])
    walk = world.activity()
    world.sign_up(walk, "王")
    world.act("王", wishes.tell, {"area_id": HOME, "title": "心愿", "words": "秘密的话"})
    with world.unit() as uow:
        told = own_data.export(uow, world.person("王"))
        open_ = own_data.open_matters(uow, world.person("王"))
        assert own_data.export(uow, world.person("李"))["activities"] == []
    assert told["bookings"][0]["purpose"] == "排练合唱"
    assert told["wishes"][0]["words"] == "秘密的话"
    assert len(open_) == 2


def test_a_closed_account_leaves_no_words_and_its_place_goes_to_the_line(world, hall):
    book(world, "王", hall, slots(world, hall)[0])
    walk = world.activity(places=1)
    world.sign_up(walk, "王", "李")
    wish = world.act("王", wishes.tell, {"area_id": HOME, "title": "心愿", "words": "秘密的话"})
    who = world.person("王")
    with world.unit() as uow:
        forgetting.forget(uow, PersonClosed(who))
    assert world.state(walk, "李") == "offered"
    check(world, walk)
    assert slots(world, hall)[0]["status"] == "open"
    row = world.row(Wish, wish.id)
    assert (row.person_id, row.words, row.state) == (None, "", "withdrawn")
    with world.unit() as uow:
        assert own_data.export(uow, who)["bookings"] == []
        for model in (ActivitySignup, ResourceBooking, PointEntry):
            query = select(model).where(model.person_id == who)
            assert uow.session.scalars(query).all() == []


def test_a_merged_account_brings_its_part_along_once(world):
    walk = world.activity()
    world.sign_up(walk, "王", "李")
    wish = world.act("王", wishes.tell, {"area_id": HOME, "title": "心愿", "words": "话"})
    source, target = world.person("王"), world.person("李")
    with world.unit() as uow:
        own_data.move(uow, PersonMerged(source, target))
    assert world.row(Wish, wish.id).person_id == target
    with world.unit() as uow:
        assert signups.mine(uow, source, walk) is None
        assert signups.mine(uow, target, walk) is not None
    stranger = sign_in_person(world.services).id
    with world.unit() as uow:
        own_data.move(uow, PersonMerged(stranger, target))
    assert world.row(Activity, walk).taken == 2
