"""Appointments over HTTP: the whole way, other people's ids, and bad input."""

from uuid import uuid4

import pytest

from tests.appointments_api import CARD, ONLINE, PASS
from tests.appointments_world import at
from tests.http.hall import (  # noqa: F401 - fixtures
    API,
    booked,
    call,
    clerk,
    manager,
    resident,
    spot,
)


def test_a_working_day_without_a_place_is_not_called_one_of_rest(call, spot, resident, clock):
    """In the evening nothing is left of today; the weekend is one of rest."""
    clock.advance(at(20) - clock.now())
    _, found = call(f"GET /halls/{spot.hall}/days?item_id={CARD.id}", resident)
    words = {one["date"]: (one["status"], one["status_text"]) for one in found["items"]}
    assert words["2026-11-23"] == ("closed", "没有号了")
    assert words["2026-11-28"] == ("closed", "休息")


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
