"""Rescheduling as a use case: traces, deadline, event, the waiting message; and over HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domains.appointments import desk, events, moving, service
from backend.kernel import trace
from backend.kernel.errors import Conflict
from backend.kernel.timers import Timer
from tests.appointments_api import CARD
from tests.appointments_world import at
from tests.http.hall import booked, call, resident, spot  # noqa: F401 - fixtures


def no_show_due(stage, appointment_id):
    with stage.services.unit() as uow:
        return uow.session.scalars(
            select(Timer.due).where(
                Timer.kind == desk.NO_SHOW_TIMER,
                Timer.subject_id == appointment_id,
                Timer.fired_at.is_(None),
            )
        ).one()


def test_traces_deadline_and_event_follow(stage):
    shown = stage.book(10)
    assert (shown["can_reschedule"], shown["reschedules_left"]) == (True, 3)
    assert (shown["channel"], shown["source"]) == ("online", "booked")
    due = no_show_due(stage, shown["id"])
    with stage.unit() as uow:
        after = moving.reschedule(uow, stage.person, shown["id"], stage.place.slot(10, 30))
    assert after["receipt_number"] == shown["receipt_number"]
    assert (after["start"], after["reschedules_left"]) == (at(10, 30), 2)
    assert after["etag"] != shown["etag"]
    assert no_show_due(stage, shown["id"]) == due + timedelta(minutes=30)
    with stage.unit() as uow:
        entry = trace.entries(uow.session, desk.subject(shown["id"]))[-1]
    assert entry.public_text == "改期，11月23日（周一）10:30到测试街政务服务中心"
    told = stage.heard[-1]
    assert isinstance(told, events.AppointmentRescheduled)
    assert (told.from_start, told.start) == (at(10), at(10, 30))
    assert told.from_slot == stage.place.slot(10)
    assert told.from_hall_name == told.hall_name


def test_a_refusal_leaves_no_trace(stage):
    shown = stage.book(10)
    with stage.unit() as uow:
        with pytest.raises(Conflict) as caught:
            moving.reschedule(uow, stage.person, shown["id"], stage.place.slot(10))
        assert caught.value.code == "same_slot"
        assert len(trace.entries(uow.session, desk.subject(shown["id"]))) == 1
        assert service.show(uow, stage.person, shown["id"])["reschedules_left"] == 3


def test_over_http(call, spot, booked, resident, sign_in_person):
    shown = booked(10)
    door = f"POST /appointments/{shown['id']}/reschedule"
    wanted = {"slot_id": str(spot.slot(10, 30))}
    stranger = sign_in_person(name="测试乙")
    assert call(door, stranger, wanted)[0] == 404
    assert call(door, resident, {})[0] == 422
    status, after = call(door, resident, wanted)
    assert status == 200 and after["start"].startswith("2026-11-23T10:30")
    for number in range(2):
        back = {"slot_id": str(spot.slot(10, 30 * (number % 2)))}
        assert call(door, resident, back)[0] == 200
    status, problem = call(door, resident, {"slot_id": str(spot.slot(10))})
    assert (status, problem["code"]) == (409, "rescheduled_too_often")
    assert problem["detail"] == "每个预约最多改3次"
    assert call(f"GET /appointments/{shown['id']}", resident)[1]["can_reschedule"] is False
    full = str(spot.slot(9))
    for name in ("测试丙", "测试丁"):
        booked(9, headers=sign_in_person(name=name))
    other = booked(10, headers=stranger)
    status, problem = call(
        f"POST /appointments/{other['id']}/reschedule", stranger, {"slot_id": full}
    )
    assert (status, problem["code"]) == (409, "slot_full")
    assert CARD.name == after["item"]["name"]
