"""Serving people with a disability first: registered at the window, used everywhere, taken back."""

from datetime import date, timedelta

from sqlalchemy import update

from appointments.model import Appointment, Slot
from tests.appointments_api import CARD, PASS
from tests.appointments_world import MONDAY
from tests.http.hall import booked, call, clerk, manager, resident, spot  # noqa: F401 - fixtures


def priority(services, appointment_id) -> int:
    with services.unit() as uow:
        return uow.session.get(Appointment, appointment_id).priority


def test_registered_at_the_window_and_first_from_then_on(
    call, spot, booked, clerk, resident, services, sign_in_person
):
    one = booked(9)
    _, before = call(f"GET /staff/appointments/{one['id']}", clerk)
    assert (before["precedence"], before["priority"]) == (None, 0)
    path = f"PUT /staff/appointments/{one['id']}/precedence"
    until = (MONDAY + timedelta(days=365)).isoformat()
    status, row = call(path, clerk, {"until": until})
    assert (status, row["precedence"], row["priority"]) == (200, {"until": until}, 1)
    assert row["timeline"][0]["action"] == "grant_precedence"
    # What was shown is not kept, and nobody else is any the wiser.
    later = booked(10, PASS)
    assert priority(services, later["id"]) == 1
    other = booked(10, headers=sign_in_person(name="测试乙"))
    assert priority(services, other["id"]) == 0
    for shown in (other, later):
        check_in = {"code": shown["check_in_code"]}
        assert call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, check_in)[0] == 200
    _, called = call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    assert called["id"] in (later["id"], other["id"])
    assert call(path, clerk, {"until": None})[1]["precedence"] == {"until": None}


def test_on_the_waitlist_too(call, spot, booked, clerk, resident, services, sign_in_person):
    with services.unit() as uow:
        day = Slot.day == MONDAY
        other = Slot.id.not_in([spot.slot(10), spot.slot(9, group="huji")])
        uow.session.execute(update(Slot).where(day, other).values(closed=True))
        uow.session.execute(update(Slot).where(Slot.id == spot.slot(10)).values(capacity=1))
    taken = booked(10)
    early, first = sign_in_person(name="测试乙"), sign_in_person(name="测试丙")
    known = booked(9, PASS, headers=first)
    call(f"PUT /staff/appointments/{known['id']}/precedence", clerk, {"until": None})
    wish = {"hall_id": str(spot.hall), "item_id": str(CARD.id), "date": MONDAY.isoformat()}
    assert call("POST /waitlist", early, wish)[1]["ahead"] == 0
    assert call("POST /waitlist", first, wish)[1]["ahead"] == 0
    assert call(f"POST /appointments/{taken['id']}/cancel", resident, {})[0] == 200
    assert call("GET /slot-offers", early)[1]["items"] == []
    (offer,) = call("GET /slot-offers", first)[1]["items"]
    status, made = call(f"POST /slot-offers/{offer['id']}/accept", first)
    assert (status, priority(services, made["id"])) == (201, 1)


def test_until_a_day_and_taken_back(call, spot, booked, clerk, manager, services):
    one = booked(9)
    path = f"staff/appointments/{one['id']}/precedence"
    assert call(f"DELETE /{path}", clerk)[1]["code"] == "precedence_none"
    status, problem = call(f"PUT /{path}", clerk, {"until": date(2026, 11, 22).isoformat()})
    assert (status, problem["code"]) == (422, "precedence_past")
    assert call(f"PUT /{path}", clerk, {})[0] == 422
    assert call(f"PUT /{path}", manager, {"until": MONDAY.isoformat()})[0] in (200, 403)
    call(f"PUT /{path}", clerk, {"until": MONDAY.isoformat()})
    status, row = call(f"DELETE /{path}", clerk)
    assert (status, row["precedence"], row["priority"]) == (200, None, 0)


def test_a_ticket_that_is_nobodys_cannot_be_registered(call, spot, clerk):
    walk_in = {"group": "shebao", "name": "测试丙"}
    _, ticket = call(f"POST /staff/halls/{spot.hall}/walk-ins", clerk, walk_in)
    path = f"PUT /staff/appointments/{ticket['id']}/precedence"
    assert call(path, clerk, {"until": None})[1]["code"] == "precedence_nobody"
