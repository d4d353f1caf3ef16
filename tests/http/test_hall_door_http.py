"""Walk-ins, tickets put aside and tickets sent on, over HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from appointments.model import Appointment
from backend.domains.identity.service import reveal_value
from notifications.model import InboxMessage, OutboxMessage
from tests.appointments_api import CARD
from tests.appointments_world import at
from tests.http.hall import API, booked, call, clerk, manager, resident, spot  # noqa: F401 - fixtures
from tests.people import fictional_id_number


def number_of(services, headers) -> str:
    with services.unit() as uow:
        return reveal_value(uow, headers.id, "id_number")


def wrote(services) -> int:
    with services.unit() as uow:
        kinds = (InboxMessage, OutboxMessage)
        return sum(len(uow.session.scalars(select(kind)).all()) for kind in kinds)


def test_a_stranger_gets_a_ticket_and_nobody_is_written_to(call, spot, clerk, services):
    before = wrote(services)
    door = f"POST /staff/halls/{spot.hall}/walk-ins"
    status, ticket = call(door, clerk, {"group": "shebao", "name": "测试丙"})
    assert status == 201, ticket
    assert (ticket["ticket_no"], ticket["state"]) == ("B001", "checked_in")
    assert ticket["person_name"] == "测*丙"
    window = spot.windows[0]
    for step in ("call", "start", "finish"):
        if step == "call":
            answer = call(f"POST /staff/windows/{window}/calls", clerk, {})
        else:
            answer = call(f"POST /staff/appointments/{ticket['id']}/{step}", clerk, {})
        assert answer[0] == 200, answer
    assert wrote(services) == before
    _, detail = call(f"GET /staff/appointments/{ticket['id']}", clerk)
    assert [line["action"] for line in detail["timeline"]] == ["finish", "start", "call", "walk_in"]
    assert detail["receipt_number"] == ""


def test_who_is_known_by_her_card_has_the_ticket_on_her_phone(
    call, spot, clerk, services, resident
):
    door = f"POST /staff/halls/{spot.hall}/walk-ins"
    status, ticket = call(door, clerk, {"item_id": str(CARD.id), "id_number": "1"})
    assert status == 422
    wanted = {"item_id": str(CARD.id), "id_number": number_of(services, resident)}
    status, ticket = call(door, clerk, wanted)
    assert status == 201, ticket
    _, mine = call("GET /appointments?state=live", resident)
    assert [row["id"] for row in mine["items"]] == [ticket["id"]]
    assert mine["items"][0]["queue"]["ticket_no"] == ticket["ticket_no"]
    status, problem = call(door, clerk, wanted)
    assert (status, problem["code"]) == (409, "already_booked")
    with services.unit() as uow:
        details = uow.session.get(Appointment, ticket["id"]).details
    assert wanted["id_number"] not in str(details)


def test_one_of_item_and_group(call, spot, clerk):
    door = f"POST /staff/halls/{spot.hall}/walk-ins"
    assert call(door, clerk, {})[0] == 422
    assert call(door, clerk, {"group": "shebao", "item_id": str(CARD.id)})[0] == 422
    assert call(door, clerk, {"group": "nothing"})[1]["code"] == "group_unknown"
    _, found = call(f"GET /staff/halls/{spot.hall}/walk-in-choices", clerk)
    assert [row["code"] for row in found["items"]] == ["shebao", "huji"]


def test_parked_and_sent_on(call, spot, booked, clerk):
    one = booked(9)
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
    call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    desk = f"POST /staff/appointments/{one['id']}"
    assert call(f"{desk}/park", clerk, {})[1]["code"] == "wrong_state"
    call(f"{desk}/start", clerk, {})
    _, parked = call(f"{desk}/park", clerk, {})
    assert parked["state"] == "parked"
    wanted = {"appointment_id": one["id"]}
    _, back = call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, wanted)
    assert back["state"] == "called"
    window = {"window_id": str(spot.windows[2])}
    assert call(f"{desk}/transfer", clerk, {**window, "version": back["version"] - 1})[0] == 412
    _, sent = call(f"{desk}/transfer", clerk, window)
    assert (sent["state"], sent["for_window_number"]) == ("checked_in", 3)
    assert call(f"POST /staff/windows/{spot.windows[1]}/calls", clerk, wanted)[0] == 409
    assert call(f"POST /staff/windows/{spot.windows[2]}/calls", clerk, {})[1]["id"] == one["id"]


def test_an_identity_card_gives_the_ticket_of_today(call, spot, booked, clerk, services, resident):
    door = f"POST /staff/halls/{spot.hall}/check-ins"
    number = {"id_number": number_of(services, resident)}
    assert call(door, clerk, number)[1]["code"] == "none_today"
    one = booked(9)
    assert call(door, clerk, {**number, "code": one["check_in_code"]})[0] == 422
    assert call(door, clerk, {"id_number": "999901198001017000"})[0] == 422
    assert call(door, clerk, {"id_number": fictional_id_number()})[1]["code"] == "none_today"
    status, ticket = call(door, clerk, number)
    assert (status, ticket["id"], ticket["ticket_no"]) == (200, one["id"], "B001")
    assert call(door, clerk, number)[1]["code"] == "already_checked_in"


def test_the_figures_of_a_hall(call, spot, booked, clerk):
    one = booked(9)
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
    status, found = call(f"GET /staff/halls/{spot.hall}/figures", clerk)
    assert status == 200, found
    assert (found["from"], found["to"]) == ("2026-11-23", "2026-11-23")
    assert (found["total"]["came"], found["total"]["wait_minutes"]) == (1, None)
    assert [row["number"] for row in found["windows"]] == [1, 2, 3]
    path = f"GET /staff/halls/{spot.hall}/figures"
    assert call(f"{path}?from=2026-11-24&to=2026-11-23", clerk)[0] == 422
    assert call(f"{path}?from=2026-01-01&to=2026-11-23", clerk)[0] == 422
    assert call(f"{path}?from=2026-11-16&to=2026-11-23", clerk)[1]["total"]["came"] == 1


@pytest.mark.requirement("003.03")
@pytest.mark.requirement("003.05")
def test_waiting_and_serving_minutes_are_measured_as_they_were(
    call, clock, spot, booked, clerk, sign_in_person
):
    """Two people: seven and nine minutes of waiting, eight and four at the window."""
    desk, window = f"/staff/halls/{spot.hall}", spot.windows[0]
    for hour, waits, serves in ((9, 7, 8), (10, 9, 4)):
        one = booked(hour, headers=sign_in_person())
        assert call(f"POST {desk}/check-ins", clerk, {"code": one["check_in_code"]})[0] == 200
        clock.advance(timedelta(minutes=waits))
        called = call(f"POST /staff/windows/{window}/calls", clerk, {})[1]
        assert called["id"] == one["id"]
        act = f"POST /staff/appointments/{one['id']}"
        assert call(f"{act}/start", clerk, {})[0] == 200
        clock.advance(timedelta(minutes=serves))
        assert call(f"{act}/finish", clerk, {})[0] == 200
    _, found = call(f"GET {desk}/figures", clerk)
    total = found["total"]
    assert (total["came"], total["finished"]) == (2, 2)
    assert (total["wait_minutes"], total["service_minutes"]) == (8.0, 6.0)
    first = found["windows"][0]
    assert (first["finished"], first["busy_minutes"], first["service_minutes"]) == (2, 12, 6.0)


PACE = {
    "group": "shebao", "slot_minutes": 30, "places": 2, "online": 100, "on_site": 0, "elderly": 0,
    "video": 0,
}  # fmt: skip
RULES = {
    "grace_minutes": 5, "late_minutes": 20, "return_behind": 1, "most_skips": 1,
    "priority_run": 2, "hall_late_minutes": 45,
}  # fmt: skip


def test_queue_rules_are_set_by_the_manager_and_hold(call, spot, booked, clerk, manager):
    path = f"/staff/halls/{spot.hall}/queue-rules"
    _, before = call(f"GET {path}", clerk)
    assert (before["return_behind"], before["most_skips"]) == (None, 3)
    assert call(f"PUT {path}", clerk, RULES)[0] == 403
    assert call(f"PUT {path}", manager, {**RULES, "most_skips": 0})[0] == 422
    assert call(f"PUT {path}", manager, RULES) == (200, RULES)
    assert call(f"GET {path}", clerk)[1] == RULES
    one = booked(9)
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
    call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    call(f"POST /staff/appointments/{one['id']}/skip", clerk, {})
    status, problem = call(f"POST /staff/appointments/{one['id']}/requeue", clerk, {})
    assert (status, problem["code"]) == (409, "skipped_too_often")
    again = call(
        f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {"appointment_id": one["id"]}
    )
    assert again[1]["code"] == "skipped_too_often"


@pytest.mark.parametrize(
    ("setting", "of"),
    [
        ("queue-rules", lambda found: {**found, "grace_minutes": found["grace_minutes"] + 1}),
        ("release", lambda found: {**found, "offer_minutes": found["offer_minutes"] + 1}),
        ("schedules", lambda found: {"items": found["items"][1:]}),
        ("paces", lambda found: {"items": [PACE]}),
    ],
)
def test_who_edits_what_somebody_has_just_changed_is_told(call, client, spot, manager, setting, of):
    path = f"/staff/halls/{spot.hall}/{setting}"
    read = client.get(f"/api/v1{path}", headers=manager)
    wanted = of({key: value for key, value in read.json.items() if key != "days_ahead"})
    seen = {"If-Match": read.headers["ETag"]}
    assert call(f"PUT {path}", manager, wanted, **{"If-Match": ""})[0] == 412
    assert call(f"PUT {path}", manager, wanted, **seen)[0] == 200
    status, refused = call(f"PUT {path}", manager, wanted, **seen)
    assert (status, refused["code"]) == (412, "stale")
    assert call(f"PUT {path}", manager, wanted)[0] == 200


def test_the_board_expects_what_the_phone_is_told(call, spot, booked, clerk, sign_in_person):
    waiting = []
    for hour in (9, 10):
        person = sign_in_person()
        one = booked(hour, headers=person)
        call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
        waiting.append((person, one["id"]))
    call(f"POST /staff/halls/{spot.hall}/walk-ins", clerk, {"group": "huji"})
    call(f"PATCH /staff/windows/{spot.windows[2]}", clerk, {"status": "closed"})
    _, board = call(f"GET /staff/halls/{spot.hall}/board", clerk)
    expected = {row["id"]: row["minutes"] for row in board["expected"]}
    assert [row["id"] for row in board["waiting"]] == [row["id"] for row in board["expected"]]
    for person, id_ in waiting:
        _, mine = call(f"GET /appointments/{id_}", person)
        assert expected.pop(id_) == mine["queue"]["wait_minutes"]
    # Nobody does her business just now: nothing to expect.
    assert list(expected.values()) == [None]


def test_the_screen_tells_who_is_put_aside_sent_on_and_how_late_it_is(
    call, client, spot, booked, clerk, clock, sign_in_person, sign_in_staff
):
    def tag() -> str:
        return client.get(f"{API}/halls/{spot.hall}/screen").headers["ETag"]

    tickets = []
    for _ in range(2):
        one = booked(9, headers=sign_in_person())
        call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": one["check_in_code"]})
        tickets.append(one["id"])
    _, screen = call(f"GET /halls/{spot.hall}/screen", {})
    assert (screen["parked"], screen["transferred"], screen["late_minutes"]) == ([], [], 0)
    before = tag()
    clock.set(at(9, 17))
    clerk.update(sign_in_staff(("clerk", "hall", spot.hall)))
    assert tag() != before
    assert call(f"GET /halls/{spot.hall}/screen", {})[1]["late_minutes"] == 15
    call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    call(f"POST /staff/appointments/{tickets[0]}/start", clerk, {})
    call(f"POST /staff/appointments/{tickets[0]}/park", clerk, {})
    sent = {"window_id": str(spot.windows[1])}
    call(f"POST /staff/appointments/{tickets[1]}/transfer", clerk, sent)
    _, screen = call(f"GET /halls/{spot.hall}/screen", {})
    assert screen["parked"] == [{"ticket_no": "B001", "window_number": 1}]
    assert screen["transferred"] == [{"ticket_no": "B002", "window_number": 2}]
