"""Appointments over HTTP: the whole way, other people's ids, and bad input."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.appointments_api import CARD, ONLINE, PASS, Place, fake_items, place
from tests.appointments_world import MONDAY, at
from tests.conftest import body

API = "/api/v1"


@pytest.fixture
def spot(services, monkeypatch) -> Place:
    fake_items(monkeypatch)
    return place(services)


@pytest.fixture
def resident(sign_in_person) -> dict[str, str]:
    return sign_in_person()


@pytest.fixture
def clerk(sign_in_staff, spot) -> dict[str, str]:
    return sign_in_staff(("clerk", "hall", spot.hall))


@pytest.fixture
def manager(sign_in_staff, spot) -> dict[str, str]:
    return sign_in_staff(("hall_manager", "hall", spot.hall))


@pytest.fixture
def call(client):
    """`call("POST /appointments", headers, **json) -> (status, body)`."""

    def run(what: str, headers: dict[str, str], json: object = None, **extra: str):
        method, _, path = what.partition(" ")
        answer = client.open(API + path, method=method, headers={**headers, **extra}, json=json)
        return answer.status_code, body(answer)

    return run


@pytest.fixture
def booked(call, spot, resident):
    def run(hour: int = 9, item=CARD, headers=None) -> dict:
        slot = str(spot.slot(hour, group=item.group_code))
        status, shown = call(
            "POST /appointments", headers or resident, {"slot_id": slot, "item_id": str(item.id)}
        )
        assert status == 201, shown
        return shown

    return run


@pytest.mark.requirement("card.02")
@pytest.mark.requirement("card.03")
def test_a_resident_books_is_called_and_rates(client, call, spot, resident, clerk):
    item = str(CARD.id)
    _, found = call(f"GET /halls?item_id={item}", resident)
    hall = found["items"][0]["id"]
    _, found = call(f"GET /halls/{hall}/days?item_id={item}", resident)
    today = found["items"][0]
    assert (today["date"], today["status"], today["status_text"]) == ("2026-11-23", "open", "余8")
    _, found = call(f"GET /halls/{hall}/slots?item_id={item}&date={today['date']}", resident)
    slot = found["items"][0]
    assert (slot["start"], slot["remaining"]) == ("2026-11-23T09:00:00+08:00", 2)
    status, shown = call("POST /appointments", resident, {"slot_id": slot["id"], "item_id": item})
    assert (status, shown["state_text"]) == (201, "已预约")
    id_ = shown["id"]
    status, ticket = call(
        f"POST /staff/halls/{hall}/check-ins", clerk, {"token": shown["qr_token"]}
    )
    assert (status, ticket["ticket_no"], ticket["person_name"]) == (200, "B001", "测*甲")
    status, called = call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    assert (status, called["window_number"]) == (200, 1)
    _, screen = call(f"GET /halls/{hall}/screen", {})
    assert screen["calling"][0]["speech"] == "请B零零一号，到1号窗口"
    _, seen = call(f"GET /appointments/{id_}", resident)
    assert (seen["next_text"], seen["queue"]["window_number"]) == ("请到1号窗口", 1)
    for step in ("recall", "start", "finish"):
        status, done = call(f"POST /staff/appointments/{id_}/{step}", clerk, {})
        assert status == 200, done
    status, rated = call(f"POST /appointments/{id_}/rating", resident, {"score": 5})
    assert (status, rated["rating"]) == (200, {"score": 5, "comment": ""})
    _, matters = call("GET /matters?open=false", resident)
    assert [row["title"] for row in matters["items"]] == ["社会保障卡挂失"]
    number, code = shown["receipt_number"], shown["query_code"]
    _, matter = call(f"GET /matters/{number}", resident)
    status, public = call(
        "POST /matter-lookups", {}, {"receipt_number": number, "query_code": code}
    )
    assert status == 200
    assert public["timeline"] == matter["timeline"]
    assert public["timeline"][-1]["at"] == "2026-11-23T08:00:00+08:00"
    assert "测试甲" not in str(public) and "测*甲" not in str(public)


def test_nobody_and_the_unverified_do_not_book(call, spot, sign_in_person):
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(CARD.id)}
    assert call("POST /appointments", {}, wanted)[0] == 401
    status, problem = call("POST /appointments", sign_in_person(verified=False), wanted)
    assert (status, problem["code"]) == (403, "real_name_needed")


def test_the_same_key_books_once_and_another_body_is_refused(call, spot, resident):
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(CARD.id)}
    key = {"Idempotency-Key": "the-same-key-0001"}
    first = call("POST /appointments", resident, wanted, **key)
    assert call("POST /appointments", resident, wanted, **key) == first
    other = {**wanted, "item_id": str(PASS.id)}
    assert call("POST /appointments", resident, other, **key)[0] == 422
    assert len(call("GET /appointments", resident)[1]["items"]) == 1


def test_booking_refusals_say_what_to_do(call, spot, booked, resident, clock):
    booked(9)
    wanted = {"slot_id": str(spot.slot(10)), "item_id": str(CARD.id)}
    status, problem = call("POST /appointments", resident, wanted)
    assert (status, problem["code"]) == (409, "already_booked")
    assert problem["title"] == "您已约过" and problem["action"]
    wanted = {"slot_id": str(uuid4()), "item_id": str(PASS.id)}
    assert call("POST /appointments", resident, wanted)[0] == 404
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(uuid4())}
    assert call("POST /appointments", resident, wanted)[0] == 404
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(ONLINE.id)}
    assert call("POST /appointments", resident, wanted)[1]["code"] == "item_not_bookable"
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(PASS.id)}
    assert call("POST /appointments", resident, wanted)[1]["code"] == "slot_wrong_group"
    elder = str(spot.slot(9, group="huji", channel="elderly"))
    status, problem = call(
        "POST /appointments", resident, {"slot_id": elder, "item_id": str(PASS.id)}
    )
    assert (status, problem["code"]) == (409, "slot_reserved")
    clock.set(at(9, 1))
    slot = str(spot.slot(9, group="huji"))
    status, problem = call(
        "POST /appointments", resident, {"slot_id": slot, "item_id": str(PASS.id)}
    )
    assert (status, problem["code"]) == (409, "slot_past")


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"slot_id": "x", "item_id": "y"},
        {"slot_id": None, "item_id": None},
        {"slot_id": str(uuid4()), "item_id": str(uuid4()), "person_id": str(uuid4())},
        {"slot_id": "a" * 10_000, "item_id": "𠮷"},
        [],
        "text",
    ],
)
def test_a_faulty_booking_is_refused_in_chinese(call, spot, resident, wanted):
    status, problem = call("POST /appointments", resident, wanted)
    assert status == 422
    assert any("\u4e00" <= sign <= "\u9fff" for sign in problem["title"])


def test_broken_json_is_refused(client, spot, resident):
    answer = client.post(
        f"{API}/appointments",
        data="{",
        content_type="application/json",
        headers=resident,
    )
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


def test_other_peoples_appointments_are_404(call, booked, sign_in_person):
    id_ = booked(10)["id"]
    stranger = sign_in_person(name="测试乙")
    assert call(f"GET /appointments/{id_}", stranger)[0] == 404
    assert call(f"POST /appointments/{id_}/cancel", stranger, {})[0] == 404
    assert call(f"POST /appointments/{id_}/rating", stranger, {"score": 1})[0] == 404
    assert call(f"GET /appointments/{id_}", {})[0] == 401
    number = call(f"GET /appointments/{id_}", stranger)[1]
    assert "测试甲" not in str(number)


def test_own_lists_page_by_page(call, booked, resident, sign_in_person):
    first, second = booked(9), booked(10, PASS)
    booked(10, headers=sign_in_person(name="测试丙"))
    _, page = call("GET /appointments?state=live&limit=1", resident)
    assert [row["id"] for row in page["items"]] == [first["id"]]
    _, rest = call(f"GET /appointments?state=live&cursor={page['next_cursor']}", resident)
    assert [row["id"] for row in rest["items"]] == [second["id"]]
    assert rest["next_cursor"] is None
    assert call("GET /appointments?state=past", resident)[1]["items"] == []
    assert call("GET /appointments?state=nope", resident)[0] == 422
    assert call("GET /appointments?cursor=xx", resident)[0] == 422


def test_cancelling(call, booked, resident, clock):
    id_ = booked(10, PASS)["id"]
    near = booked(9)["id"]
    status, problem = call(f"POST /appointments/{near}/cancel", resident, {})
    assert (status, problem["code"]) == (409, "cancel_too_late")
    assert problem["detail"] == "要在11月23日（周一）7:00之前取消"
    assert call(f"POST /appointments/{id_}/cancel", resident, {"reason": "长" * 201})[0] == 422
    status, gone = call(f"POST /appointments/{id_}/cancel", resident, {"reason": "改天 😀"})
    assert (status, gone["state"], gone["can_cancel"]) == (200, "cancelled", False)
    status, problem = call(f"POST /appointments/{id_}/cancel", resident, {})
    assert (status, problem["code"]) == (409, "wrong_state")


def test_rating_input(call, booked, resident):
    id_ = booked()["id"]
    for score in (0, 6, "5", 4.5, None):
        assert call(f"POST /appointments/{id_}/rating", resident, {"score": score})[0] == 422
    long = {"score": 5, "comment": "好" * 501}
    assert call(f"POST /appointments/{id_}/rating", resident, long)[0] == 422
    status, problem = call(f"POST /appointments/{id_}/rating", resident, {"score": 5})
    assert (status, problem["code"]) == (409, "rating_not_finished")


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
    assert closed == {"date": "2026-11-23", "open": False, "note": "停电", "cancelled": 1}
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
    assert call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date=0001-01-01", {})[0] == 200
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
