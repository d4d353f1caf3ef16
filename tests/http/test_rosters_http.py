"""Seasons, shifts and paces over HTTP: what changed is said, and nobody loses a place."""

import pytest

from backend.domains.identity.staff_model import StaffAccount
from tests.appointments_api import CARD
from tests.http.hall import (  # noqa: F401 - fixtures
    API,
    booked,
    call,
    clerk,
    manager,
    resident,
    spot,
)

RULE = {
    "group": "shebao", "weekday": 2, "start": "09:00", "end": "10:00", "slot_minutes": 30,
    "capacity": 1, "channel": "online",
}  # fmt: skip
SEASON = {
    "name": "暑期", "first_day": "2026-11-24", "last_day": "2026-11-24", "items": [RULE],
}  # fmt: skip
PACE = {
    "group": "shebao", "slot_minutes": 30, "places": 4, "online": 75, "on_site": 0,
    "elderly": 25, "video": 0,
}  # fmt: skip


def shift(spot, window: int = 0, **other: object) -> dict[str, object]:
    return {
        "window_id": str(spot.windows[window]), "name": "周敏", "day": "2026-11-24",
        "starts": "09:00", "ends": "11:00", **other,
    }  # fmt: skip


def open_places(call, spot, who) -> int:
    _, shown = call(f"GET /halls/{spot.hall}/days?item_id={CARD.id}", who)
    return {one["date"]: one["remaining"] for one in shown["items"]}["2026-11-24"]


def test_a_season_comes_changes_and_goes(call, spot, manager, clerk, resident):
    base = f"/staff/halls/{spot.hall}/seasons"
    assert open_places(call, spot, resident) == 8
    status, made = call(f"POST {base}", manager, SEASON)
    assert (status, made["version"], made["items"]) == (201, 1, [RULE])
    assert (made["rebuilt"]["changed"] > 0, made["rebuilt"]["kept"]) == (True, [])
    assert open_places(call, spot, resident) == 2
    assert [one["name"] for one in call(f"GET {base}", clerk)[1]["items"]] == ["暑期"]
    status, problem = call(f"POST {base}", manager, {**SEASON, "name": "年底"})
    assert (status, problem["code"]) == (409, "season_overlap")
    wider = {**SEASON, "items": [{**RULE, "capacity": 9}], "version": 1}
    assert call(f"PUT {base}/{made['id']}", manager, wider)[0] == 200
    assert open_places(call, spot, resident) == 18
    assert call(f"PUT {base}/{made['id']}", manager, wider)[1]["code"] == "changed_meanwhile"
    assert call(f"POST {base}", clerk, SEASON)[0] == 403
    assert call(f"DELETE {base}/{made['id']}", manager)[0] == 200
    assert open_places(call, spot, resident) == 8
    assert call(f"DELETE {base}/{made['id']}", manager)[0] == 404


def test_what_cannot_shrink_is_said(call, spot, manager, booked):
    booked()
    today = {**SEASON, "first_day": "2026-11-23", "last_day": "2026-11-23", "items": []}
    _, made = call(f"POST /staff/halls/{spot.hall}/seasons", manager, today)
    (kept,) = made["rebuilt"]["kept"]
    assert (kept["wanted"], kept["taken"], kept["channel"]) == (0, 1, "online")
    assert kept["start"].startswith("2026-11-23T09:00")


def test_shifts_make_places_of_a_business_with_a_pace(call, spot, manager, resident):
    base = f"/staff/halls/{spot.hall}"
    status, paced = call(f"PUT {base}/paces", manager, {"items": [PACE]})
    assert (status, paced["items"]) == (200, [PACE])
    assert open_places(call, spot, resident) == 0
    status, made = call(f"POST {base}/shifts", manager, shift(spot))
    assert (status, made["window_number"], made["rebuilt"]["changed"]) == (201, 1, 8)
    assert open_places(call, spot, resident) == 12
    status, problem = call(f"POST {base}/shifts", manager, shift(spot))
    assert (status, problem["code"]) == (409, "shift_overlap")
    path = f"{base}/shifts/{made['id']}"
    assert call(f"PUT {path}", manager, shift(spot, ends="10:00"))[0] == 200
    assert open_places(call, spot, resident) == 6
    _, seen = call(f"GET {base}/shifts?from=2026-11-23&to=2026-11-29", manager)
    assert [(one["starts"], one["ends"]) for one in seen["items"]] == [("09:00", "10:00")]
    assert [one["number"] for one in seen["windows"]] == [1, 2, 3]
    assert call(f"GET {base}/shifts?from=2026-11-23&to=2027-11-29", manager)[0] == 422
    copy = {"from_week": "2026-11-23", "to_week": "2026-11-30"}
    assert call(f"POST {base}/shifts/copy", manager, copy)[1]["made"] == 1
    assert call(f"POST {base}/shifts/copy", manager, copy)[1]["code"] == "week_taken"
    assert call(f"POST {base}/shifts/copy", manager, {**copy, "replace": True})[0] == 200
    assert call(f"DELETE {path}", manager)[0] == 200
    assert open_places(call, spot, resident) == 0
    assert call(f"DELETE {path}", manager)[0] == 404
    unfair = {"items": [{**PACE, "online": 74}]}
    assert call(f"PUT {base}/paces", manager, unfair)[1]["code"] == "pace_quotas"


@pytest.fixture
def colleague(services, spot, clerk) -> StaffAccount:
    """The clerk of the hall."""
    with services.unit() as uow:
        return uow.session.query(StaffAccount).one()


def test_a_shift_names_somebody_of_the_hall(call, spot, colleague, manager):
    base = f"POST /staff/halls/{spot.hall}/shifts"
    mine = shift(spot, staff_id=str(colleague.id), name="别的名字")
    status, made = call(base, manager, mine)
    assert (status, made["name"], made["staff_id"]) == (201, colleague.name, str(colleague.id))
    status, problem = call(base, manager, {**mine, "window_id": str(spot.windows[1])})
    assert (status, problem["code"]) == (409, "shift_twice")
    stranger = shift(spot, 2, staff_id=str(spot.hall))
    assert call(base, manager, stranger)[1]["code"] == "staff_elsewhere"
    assert call(base, manager, shift(spot, 2, name=""))[1]["code"] == "name_needed"


def test_a_file_is_taken_whole_or_not_at_all(call, spot, colleague, manager):
    base = f"POST /staff/halls/{spot.hall}/shifts/import"
    good = (
        "\ufeff日期,窗口,开始,结束,姓名,账号\r\n"
        f"2026-11-24,1号窗口,09:00,11:00,,{colleague.username}\r\n\r\n"
        "2026/11/25,2,9:00,11:00,王芳,\r\n"
    )
    _, tried = call(base, manager, {"csv": good, "dry_run": True})
    assert (tried["rows"], tried["errors"], tried["made"]) == (2, [], 0)
    bad = good + "2026-11-24,1,10:00,12:00,李强,\r\n2026-11-24,9,10:00,12:00,李强,\r\n,1,1,1,李强,"
    _, wrong = call(base, manager, {"csv": bad, "dry_run": False})
    assert wrong["errors"] == [
        {"row": 5, "text": "这个窗口那时已有人"},
        {"row": 6, "text": "没有这个窗口"},
        {"row": 7, "text": "日期应像 2026-11-23"},
    ]
    assert wrong["made"] == 0
    listed = f"GET /staff/halls/{spot.hall}/shifts?from=2026-11-23&to=2026-11-29"
    assert call(listed, manager)[1]["items"] == []
    _, done = call(base, manager, {"csv": good, "dry_run": False})
    assert (done["made"], len(call(listed, manager)[1]["items"])) == (2, 2)
    _, again = call(base, manager, {"csv": good, "dry_run": False})
    assert [one["row"] for one in again["errors"]] == [2, 4]
    _, empty = call(base, manager, {"csv": "a,b", "dry_run": True})
    assert empty["errors"][0]["text"].startswith("第一行缺少")


def test_who_waits_is_asked_first_when_places_come(call, spot, manager, resident, sign_in_person):
    base = f"/staff/halls/{spot.hall}"
    call(f"PUT {base}/paces", manager, {"items": [PACE]})
    narrow = {"items": [{**PACE, "places": 1, "online": 100, "elderly": 0}]}
    call(f"PUT {base}/paces", manager, narrow)
    call(f"POST {base}/shifts", manager, shift(spot, ends="09:30"))
    _, day = call(f"GET /halls/{spot.hall}/slots?item_id={CARD.id}&date=2026-11-24", resident)
    (slot,) = [one for one in day["items"] if one["status"] == "open"]
    first = {"slot_id": slot["id"], "item_id": str(CARD.id)}
    assert call("POST /appointments", resident, first)[0] == 201
    other = sign_in_person()
    entry = {"hall_id": str(spot.hall), "item_id": str(CARD.id), "date": "2026-11-24"}
    assert call("POST /waitlist", other, entry)[0] == 201
    call(f"POST {base}/shifts", manager, shift(spot, 1, ends="09:30"))
    (mine,) = call("GET /waitlist", other)[1]["items"]
    assert (mine["state"], mine["offer"]["start"][:16]) == ("offered", "2026-11-24T09:00")
