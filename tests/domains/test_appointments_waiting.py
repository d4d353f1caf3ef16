"""The waitlist as a use case and over HTTP: who is asked, told, and what a closed hall offers."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from appointments import reconcile
from appointments.demand_model import Offer, WaitlistEntry
from appointments.model import Slot
from backend.domains.appointments import offering, waiting
from backend.kernel import trace
from backend.kernel.timers import Timer
from notifications.model import OutboxMessage
from tests.appointments_api import CARD
from tests.appointments_world import MONDAY
from tests.http.hall import booked, call, clerk, manager, resident, spot  # noqa: F401 - fixtures

DAY = MONDAY.isoformat()
CLOSED = {"open": False, "note": "临时停电"}


@pytest.fixture
def full(services, spot):
    """Only 10:00 is open on Monday, with one place, for social security."""
    with services.unit() as uow:
        uow.session.execute(
            update(Slot).where(Slot.day == MONDAY, Slot.id != spot.slot(10)).values(closed=True)
        )
        uow.session.execute(update(Slot).where(Slot.id == spot.slot(10)).values(capacity=1))
    return spot


def wish(spot, **more):
    return {"hall_id": str(spot.hall), "item_id": str(CARD.id), "date": DAY, **more}


def told(services, kind: str) -> list[OutboxMessage]:
    with services.unit() as uow:
        return list(uow.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def agree(services) -> None:
    with services.unit() as uow:
        assert reconcile.mismatches(uow.session) == []


def test_a_cancelled_place_goes_to_who_waits(
    services,
    full,
    booked,
    call,
    resident,
    sign_in_person,
    clerk,
    clock,
):
    shown = booked(10)
    second, third = sign_in_person(name="测试乙"), sign_in_person(name="测试丙")
    status, entry = call("POST /waitlist", second, wish(full))
    assert status == 201, entry
    assert (entry["state_text"], entry["ahead"], entry["can_leave"]) == ("候补中", 0, True)
    assert call("POST /waitlist", second, wish(full))[1]["code"] == "already_waiting"
    assert call("POST /waitlist", third, wish(full, earliest="10:30"))[1]["code"] == (
        "waitlist_no_times"
    )
    assert call("POST /waitlist", third, wish(full, earliest="9:99"))[0] == 422
    assert call("POST /waitlist", third, wish(full))[1]["ahead"] == 1
    assert call(f"GET /waitlist/{entry['id']}", third)[0] == 404
    assert call(f"POST /waitlist/{entry['id']}/leave", third)[0] == 404
    seen = call(f"GET /staff/halls/{full.hall}/waitlist?date={DAY}", clerk)[1]["items"]
    assert [row["person"]["name"] for row in seen] == ["测*", "测*"] or len(seen) == 2
    assert call(f"POST /appointments/{shown['id']}/cancel", resident, {})[0] == 200
    agree(services)
    (offer,) = call("GET /slot-offers", second)[1]["items"]
    assert (offer["kind"], offer["state"]) == ("waitlist", "open")
    assert call("GET /slot-offers", third)[1]["items"] == []
    assert call(f"GET /waitlist/{entry['id']}", second)[1]["offer"]["id"] == offer["id"]
    (message,) = told(services, "slot_offered")
    assert message.title == f"等到名额了：{CARD.name}"
    again = {"slot_id": str(full.slot(10)), "item_id": str(CARD.id)}
    assert (
        call("POST /appointments", sign_in_person(name="测试丁"), again)[1]["code"] == "slot_full"
    )
    assert call(f"POST /slot-offers/{offer['id']}/accept", third)[0] == 404
    status, made = call(f"POST /slot-offers/{offer['id']}/accept", second)
    assert (status, made["state"], made["item"]["name"]) == (201, "booked", CARD.name)
    assert call(f"POST /slot-offers/{offer['id']}/decline", second)[1]["code"] == "offer_over"
    assert call(f"GET /slot-offers/{offer['id']}", second)[1]["booked_id"] == made["id"]
    assert told(services, "slot_offered")[0].status == "suppressed"
    agree(services)


def test_declined_and_lapsed_places_go_on(
    services,
    full,
    booked,
    call,
    resident,
    sign_in_person,
    clock,
):
    shown = booked(10)
    people = [sign_in_person(name=name) for name in ("测试乙", "测试丙", "测试丁")]
    entries = [call("POST /waitlist", one, wish(full))[1] for one in people]
    assert call(f"POST /appointments/{shown['id']}/cancel", resident, {})[0] == 200
    (offer,) = call("GET /slot-offers", people[0])[1]["items"]
    status, over = call(f"POST /slot-offers/{offer['id']}/decline", people[0])
    assert (status, over["state_text"]) == (200, "已放弃")
    assert call(f"GET /waitlist/{entries[0]['id']}", people[0])[1]["state"] == "waiting"
    (second,) = call("GET /slot-offers", people[1])[1]["items"]
    clock.advance(timedelta(minutes=31))
    assert call(f"GET /slot-offers/{second['id']}", people[1])[1]["state"] == "lapsed"
    assert call(f"POST /slot-offers/{second['id']}/accept", people[1])[1]["code"] == "offer_over"
    services.timers.fire_due(services)
    assert call(f"GET /waitlist/{entries[1]['id']}", people[1])[1]["state"] == "waiting"
    (third,) = call("GET /slot-offers", people[2])[1]["items"]
    assert third["state"] == "open"
    # Leaving gives the kept place on: nobody is left who was not asked, so it is there for all.
    assert call(f"POST /waitlist/{entries[2]['id']}/leave", people[2])[1]["state"] == "left"
    agree(services)
    again = {"slot_id": str(full.slot(10)), "item_id": str(CARD.id)}
    assert call("POST /appointments", resident, again)[0] == 201
    agree(services)


def test_a_wider_capacity_and_the_rest_of_a_batch_feed_the_waitlist(
    services,
    full,
    booked,
    call,
    resident,
    sign_in_person,
    manager,
    clock,
):
    booked(10)
    people = [sign_in_person(name=name) for name in ("测试乙", "测试丙")]
    for one in people:
        assert call("POST /waitlist", one, wish(full))[0] == 201
    slot = full.slot(10)
    assert call(f"PATCH /staff/slots/{slot}", manager, {"capacity": 2})[0] == 200
    assert len(call("GET /slot-offers", people[0])[1]["items"]) == 1
    with services.unit() as uow:
        rest = uow.now + timedelta(minutes=10)
        uow.session.execute(
            update(Slot).where(Slot.id == slot).values(capacity=3, first_places=2, rest_at=rest)
        )
    clock.advance(timedelta(minutes=8))
    services.timers.fire_due(services)
    assert call("GET /slot-offers", people[1])[1]["items"] == []
    clock.advance(timedelta(minutes=1))
    services.timers.fire_due(services)
    assert len(call("GET /slot-offers", people[1])[1]["items"]) == 1
    agree(services)


def test_waiting_ends_with_the_day_s_last_time(
    services,
    full,
    booked,
    call,
    sign_in_person,
    clock,
):
    booked(10)
    person = sign_in_person(name="测试乙")
    entry = call("POST /waitlist", person, wish(full))[1]
    clock.advance(timedelta(hours=2))
    services.timers.fire_due(services)
    after = call(f"GET /waitlist/{entry['id']}", person)[1]
    assert (after["state"], after["can_leave"]) == ("ended", False)
    (message,) = told(services, "waiting_ended")
    assert message.title == f"候补结束了：{CARD.name}"
    assert call(f"POST /waitlist/{entry['id']}/leave", person)[1]["code"] == "waitlist_over"
    with services.unit() as uow:
        pending = select(Timer).where(Timer.kind == waiting.FEED_TIMER, Timer.fired_at.is_(None))
        assert uow.session.scalars(pending).all() == []


def test_a_closed_hall_keeps_another_place_for_each(
    services,
    full,
    booked,
    call,
    resident,
    sign_in_person,
    manager,
):
    shown = booked(10)
    waiter = sign_in_person(name="测试乙")
    assert call("POST /waitlist", waiter, wish(full))[0] == 201
    status, closed = call(f"PUT /staff/halls/{full.hall}/day-overrides/{DAY}", manager, CLOSED)
    assert status == 200, closed
    assert (closed["cancelled"], closed["offered"]) == (1, 1)
    (offer,) = call("GET /slot-offers", resident)[1]["items"]
    assert (offer["kind"], offer["appointment_id"]) == ("closing", shown["id"])
    assert offer["start"].startswith("2026-11-24T10:00")
    assert call("GET /slot-offers", waiter)[1]["items"] == []
    (message,) = told(services, "slot_offered_instead")
    assert message.title == f"给您留了别的时间：{CARD.name}"
    status, made = call(f"POST /slot-offers/{offer['id']}/accept", resident)
    assert (status, made["start"]) == (201, offer["start"])
    agree(services)


def test_closing_takes_kept_places_back(
    services,
    full,
    booked,
    call,
    resident,
    sign_in_person,
    manager,
):
    shown = booked(10)
    waiter = sign_in_person(name="测试乙")
    call("POST /waitlist", waiter, wish(full))
    call(f"POST /appointments/{shown['id']}/cancel", resident, {})
    (offer,) = call("GET /slot-offers", waiter)[1]["items"]
    assert call(f"PUT /staff/halls/{full.hall}/day-overrides/{DAY}", manager, CLOSED)[0] == 200
    assert call(f"GET /slot-offers/{offer['id']}", waiter)[1]["state_text"] == "已收回"
    assert call(f"POST /slot-offers/{offer['id']}/accept", waiter)[1]["code"] == "offer_over"
    agree(services)


def test_a_lapse_twice_changes_nothing(services, full, booked, call, resident, sign_in_person):
    shown = booked(10)
    waiter = sign_in_person(name="测试乙")
    entry = call("POST /waitlist", waiter, wish(full))[1]
    call(f"POST /appointments/{shown['id']}/cancel", resident, {})
    with services.unit() as uow:
        timer = uow.session.scalars(select(Timer).where(Timer.kind == waiting.LAPSE_TIMER)).one()
        uow.session.expunge(timer)
        row = uow.session.get_one(Offer, timer.subject_id)
        row.expires_at = uow.now
    for _ in range(2):
        with services.unit() as uow:
            offering.lapse(uow, timer)
    with services.unit() as uow:
        assert uow.session.scalars(select(WaitlistEntry.lapses)).one() == 1
        texts = [
            row.public_text for row in trace.entries(uow.session, waiting.subject(entry["id"]))
        ]
    assert texts == ["候补11月23日（周一）的名额"]
    agree(services)


def test_who_books_in_another_way_waits_no_longer_and_the_kept_place_goes_on(
    services, full, booked, call, resident, sign_in_person, clock
):
    shown = booked(10)
    second, third = sign_in_person(name="测试乙"), sign_in_person(name="测试丙")
    _, entry = call("POST /waitlist", second, wish(full))
    _, next_one = call("POST /waitlist", third, wish(full))
    assert call(f"POST /appointments/{shown['id']}/cancel", resident, {})[0] == 200
    (offer,) = call("GET /slot-offers", second)[1]["items"]
    with services.unit() as uow:
        opened = update(Slot).where(Slot.id == full.slot(10, 30)).values(closed=False)
        uow.session.execute(opened)
    wanted = {"slot_id": str(full.slot(10, 30)), "item_id": str(CARD.id)}
    assert call("POST /appointments", second, wanted)[0] == 201
    assert call("GET /slot-offers", third)[1]["items"] == []
    clock.advance(timedelta(seconds=61))
    services.timers.fire_due(services)
    assert call(f"GET /waitlist/{entry['id']}", second)[1]["state"] == "booked"
    assert call(f"GET /slot-offers/{offer['id']}", second)[1]["state"] == "void"
    (passed_on,) = call("GET /slot-offers", third)[1]["items"]
    assert passed_on["start"] == offer["start"]
    assert call(f"GET /waitlist/{next_one['id']}", third)[1]["state"] == "offered"
    agree(services)
