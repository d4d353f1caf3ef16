"""The hall's desk over HTTP: check-in, scopes, schedules, screens."""

from datetime import timedelta
from uuid import UUID, uuid4

from tests.appointments_api import CARD, place
from tests.appointments_world import MONDAY
from tests.http.hall import (  # noqa: F401 - fixtures
    API,
    booked,
    call,
    clerk,
    manager,
    resident,
    spot,
)


def test_altered_and_replayed_codes(call, spot, booked, clerk, services, sign_in_staff, clock):
    shown = booked()
    token = shown["qr_token"]
    door = f"POST /staff/halls/{spot.hall}/check-ins"
    altered = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    status, problem = call(door, clerk, {"token": altered})
    assert (status, problem["code"]) == (422, "qr_invalid")
    other = place(services, code="other-hall")
    elsewhere = sign_in_staff(("clerk", "hall", other.hall))
    status, problem = call(f"POST /staff/halls/{other.hall}/check-ins", elsewhere, {"token": token})
    assert (status, problem["code"]) == (409, "other_hall")
    assert call(door, clerk, {"token": token})[0] == 200
    status, problem = call(door, clerk, {"token": token})
    assert (status, problem["code"]) == (409, "already_checked_in")
    assert problem["detail"] == "号码 B001，现在排队中"
    status, problem = call(door, clerk, {"code": shown["check_in_code"]})
    assert (status, problem["code"]) == (409, "already_checked_in")
    clock.advance(timedelta(days=1))
    tomorrow = sign_in_staff(("clerk", "hall", spot.hall))
    status, problem = call(door, tomorrow, {"token": token})
    assert (status, problem["code"]) == (410, "qr_expired")


def test_check_in_input(call, spot, booked, clerk):
    door = f"POST /staff/halls/{spot.hall}/check-ins"
    code = booked()["check_in_code"]
    unknown = f"{(int(code) + 1) % 1_000_000:06d}"
    for wanted in ({}, {"code": code, "token": "x"}, {"code": "12345"}, {"code": "１２３４５６"},
                   {"code": unknown}, {"token": ""}, {"token": "x" * 301}):  # fmt: skip
        status, problem = call(door, clerk, wanted)
        assert status == 422, (wanted, problem)
    assert call(door, clerk, {"code": code})[0] == 200


def test_a_ticket_of_another_day_has_to_wait(call, spot, resident, clerk, client):
    tomorrow = MONDAY + timedelta(days=1)
    _, found = call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date={tomorrow}", resident)
    wanted = {"slot_id": found["items"][0]["id"], "item_id": str(CARD.id)}
    _, shown = call("POST /appointments", resident, wanted)
    status, problem = call(
        f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": shown["check_in_code"]}
    )
    assert (status, problem["code"]) == (409, "check_in_too_early")
    assert problem["detail"] == "预约的是11月24日（周二）9:00"


def test_staff_routes_are_closed_to_residents_and_other_halls(
    call, spot, booked, resident, sign_in_staff
):
    id_ = booked()["id"]
    stranger = sign_in_staff(("hall_manager", "hall", uuid4()))
    cap = {"capacity": 3}
    routes = [
        (f"GET /staff/halls/{spot.hall}/board", None),
        (f"POST /staff/halls/{spot.hall}/check-ins", {"code": "123456"}),
        (f"POST /staff/windows/{spot.windows[0]}/calls", {}),
        (f"PATCH /staff/windows/{spot.windows[0]}", {"status": "paused"}),
        (f"GET /staff/appointments/{id_}", None),
        (f"POST /staff/appointments/{id_}/skip", {}),
        (f"POST /staff/appointments/{id_}/reveals", {"field": "name", "purpose": "核对身份"}),
        (f"GET /staff/halls/{spot.hall}/schedules", None),
        (f"PUT /staff/halls/{spot.hall}/schedules", {"items": []}),
        (f"GET /staff/halls/{spot.hall}/slots?date=2026-11-23", None),
        (f"PATCH /staff/slots/{spot.slot(9)}", cap),
        (f"PUT /staff/halls/{spot.hall}/day-overrides/2026-11-24", {"open": False}),
    ]
    for route, wanted in routes:
        assert call(route, resident, wanted)[0] == 401, route
        assert call(route, stranger, wanted)[0] == 404, route
    clerk = sign_in_staff(("clerk", "hall", spot.hall))
    assert call(f"PATCH /staff/slots/{spot.slot(9)}", clerk, cap)[0] == 403
    supervisor = sign_in_staff(("supervisor", "district", None))
    assert call(f"GET /staff/halls/{spot.hall}/board", supervisor)[0] == 200
    assert call(f"POST /staff/windows/{spot.windows[0]}/calls", supervisor, {})[0] == 403


def test_the_clerks_day(call, spot, booked, clerk, sign_in_person):
    window = spot.windows[0]
    status, problem = call(f"POST /staff/windows/{window}/calls", clerk, {})
    assert (status, problem["code"]) == (409, "queue_empty")
    one = booked(9)
    two = booked(9, headers=sign_in_person(name="测试乙"))
    for shown in (one, two):
        call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": shown["check_in_code"]})
    _, called = call(f"POST /staff/windows/{window}/calls", clerk, {"appointment_id": two["id"]})
    assert called["id"] == two["id"]
    status, problem = call(f"POST /staff/windows/{window}/calls", clerk, {})
    assert (status, problem["code"]) == (409, "window_busy")
    status, problem = call(
        f"POST /staff/appointments/{two['id']}/skip", clerk, {"version": called["version"] - 1}
    )
    assert status == 412
    step = f"POST /staff/appointments/{two['id']}"
    assert call(f"{step}/finish", clerk, {})[1]["code"] == "wrong_state"
    assert call(f"{step}/explode", clerk, {})[0] in (404, 405)
    assert call(f"{step}/skip", clerk, {"why": "?"})[0] == 422
    assert call(f"{step}/skip", clerk, {"version": called["version"]})[1]["state"] == "skipped"
    assert call(f"{step}/requeue", clerk, {})[1]["state"] == "checked_in"
    _, board = call(f"GET /staff/halls/{spot.hall}/board", clerk)
    assert [row["ticket_no"] for row in board["waiting"]] == ["B002", "B001"]
    assert board["stats"]["waiting"] == 2
    assert call(f"GET /staff/halls/{spot.hall}/board?date=xx", clerk)[0] == 422
    assert call(f"GET /staff/halls/{spot.hall}/board?date=2026-11-22", clerk)[1]["waiting"] == []
    status, shut = call(f"PATCH /staff/windows/{window}", clerk, {"status": "paused"})
    assert (status, shut["status_text"]) == (200, "暂停")
    assert call(f"PATCH /staff/windows/{window}", clerk, {"status": "gone"})[0] == 422
    reveal = f"POST /staff/appointments/{two['id']}/reveals"
    assert call(reveal, clerk, {"field": "name", "purpose": "看"})[0] == 422
    assert call(reveal, clerk, {"field": "openid", "purpose": "核对身份"})[0] == 422
    assert call(reveal, clerk, {"field": "name", "purpose": "核对身份"})[1] == {"value": "测试乙"}
    assert call(reveal, clerk, {"field": "phone", "purpose": "联系本人"})[0] == 404


def test_the_managers_schedule(call, spot, booked, manager):
    base = f"/staff/halls/{spot.hall}"
    _, shown = call(f"GET {base}/schedules", manager)
    row = shown["items"][0]
    assert (row["start"], row["end"], row["weekday"]) == ("09:00", "11:00", 1)
    status, after = call(f"PUT {base}/schedules", manager, {"items": shown["items"]})
    assert (status, after["items"]) == (200, shown["items"])
    for change in ({"start": "9:00"}, {"start": "25:00"}, {"end": "08:00"}, {"weekday": 8},
                   {"capacity": -1}, {"slot_minutes": 1}, {"group": "nope"}, {"channel": "fax"},
                   {"start": None}, {"extra": 1}):  # fmt: skip
        status, problem = call(f"PUT {base}/schedules", manager, {"items": [{**row, **change}]})
        assert status == 422, (change, problem)
    status, problem = call(f"PUT {base}/schedules", manager, {"items": [row, row]})
    assert (status, problem["code"]) == (422, "schedule_overlap")
    assert call(f"PUT {base}/schedules", manager, {"items": [row] * 301})[0] == 422
    _, slots = call(f"GET {base}/slots?date=2026-11-24", manager)
    slot = slots["items"][0]
    status, changed = call(f"PATCH /staff/slots/{slot['id']}", manager, {"capacity": 5})
    assert (status, changed["capacity"]) == (200, 5)
    assert call(f"PATCH /staff/slots/{slot['id']}", manager, {"capacity": 501})[0] == 422
    assert call(f"PATCH /staff/slots/{uuid4()}", manager, {"capacity": 5})[0] == 404
    booked(9)
    for day, code in (("2026-11-24", 200), ("2026-11-22", 422), ("2026-02-30", 404), ("x", 404)):
        wanted = {"open": False, "note": "盘点"}
        assert call(f"PUT {base}/day-overrides/{day}", manager, wanted)[0] == code, day
    status, problem = call(f"PUT {base}/day-overrides/2026-11-23", manager, {"open": False})
    assert (status, problem["code"]) == (422, "note_needed")
    _, closed = call(
        f"PUT {base}/day-overrides/2026-11-23", manager, {"open": False, "note": "停电"}
    )
    assert closed == {"date": "2026-11-23", "open": False, "note": "停电", "cancelled": 1,
                      "offered": 1}  # fmt: skip
    _, shown = call(f"GET {base}/schedules", manager)
    assert [row["date"] for row in shown["overrides"]] == ["2026-11-23", "2026-11-24"]


def test_unchanged_screens_and_tickets_are_304(client, call, spot, booked, resident, clerk):
    shown = booked()
    for path, headers in (
        (f"{API}/halls/{spot.hall}/screen", {}),
        (f"{API}/appointments/{shown['id']}", resident),
    ):
        first = client.get(path, headers=headers)
        tag = {"If-None-Match": first.headers["ETag"]}
        again = client.get(path, headers={**headers, **tag})
        assert (again.status_code, again.data) == (304, b"")
        changed = call(
            f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": shown["check_in_code"]}
        )
        if changed[0] != 200:
            call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
        assert client.get(path, headers={**headers, **tag}).status_code == 200


def test_a_304_screen_reads_next_to_nothing(client, spot, db):
    from sqlalchemy import event

    path = f"{API}/halls/{spot.hall}/screen"
    tag = client.get(path).headers["ETag"]
    seen: list[str] = []

    def count(conn, cursor, statement, *rest):
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(seen) <= 3


def test_halls(call, spot):
    _, shown = call(f"GET /halls/{spot.hall}", {})
    assert shown["name"] == "测试街政务服务中心"
    assert (shown["waiting_count"], shown["wait_minutes"]) == (0, 0)
    unknown = UUID(int=0)
    for path in ("", "/screen", f"/days?item_id={CARD.id}"):
        assert call(f"GET /halls/{unknown}{path}", {})[0] == 404
    assert call("GET /halls?item_id=x", {})[0] == 422
    assert call(f"GET /halls/{spot.hall}/days", {})[0] == 422
    assert call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date=2026-13-01", {})[0] == 422
    assert call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date=0001-01-01", {})[0] == 422
    assert call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date=1999-01-01", {})[0] == 200
    assert len(call("GET /halls", {})[1]["items"]) == 1


def test_an_item_is_booked_only_where_its_guide_sends_people(call, spot, resident, monkeypatch):
    from dataclasses import replace

    from tests.appointments_api import ITEMS

    away = replace(CARD, id=uuid4(), hall_codes=("elsewhere",))
    monkeypatch.setitem(ITEMS, away.id, away)
    assert call(f"GET /halls?item_id={away.id}", {})[1]["items"] == []
    status, problem = call(f"GET /halls/{spot.hall}/days?item_id={away.id}", {})
    assert (status, problem["code"]) == (409, "not_handled_here")
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(away.id)}
    status, problem = call("POST /appointments", resident, wanted)
    assert (status, problem["code"]) == (409, "slot_wrong_hall")
    here = replace(CARD, id=uuid4(), hall_codes=("test-hall",))
    monkeypatch.setitem(ITEMS, here.id, here)
    assert len(call(f"GET /halls?item_id={here.id}", {})[1]["items"]) == 1


def test_look_ups_refuse_faulty_input(call, spot):
    for wanted in ({}, {"receipt_number": "A" * 41, "query_code": "1"}, {"receipt_number": 1},
                   {"receipt_number": "A", "query_code": "1", "x": 1}):  # fmt: skip
        assert call("POST /matter-lookups", {}, wanted)[0] == 422
    status, problem = call(
        "POST /matter-lookups", {}, {"receipt_number": "A261123-000000-0", "query_code": "000000"}
    )
    assert (status, problem["code"]) == (422, "lookup_failed")


def test_foreign_matters_are_404(call, booked, sign_in_person, resident):
    number = booked()["receipt_number"]
    assert call(f"GET /matters/{number}", sign_in_person(name="测试乙"))[0] == 404
    assert call(f"GET /matters/{number}", resident)[0] == 200
    assert call("GET /matters?open=maybe", resident)[0] == 422
    assert call("GET /matters?cursor=nonsense", resident)[0] == 404
