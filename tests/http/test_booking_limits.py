"""Limits of bookings: set by the district and its halls, felt by residents."""

from tests.appointments_api import CARD, PASS
from tests.http.hall import (  # noqa: F401 - fixtures
    API,
    booked,
    call,
    manager,
    resident,
    spot,
)

DOOR = "/staff/booking-limits"


def test_a_hall_s_manager_sets_the_hall_s_limits(client, call, spot, manager, booked, resident):
    status, found = call(f"GET {DOOR}", manager)
    assert status == 200 and found["items"] == [] and found["everywhere"] is False
    assert {row["per"]: row["most"] for row in found["built_in"]} == {
        "day": 3, "week": 6, "live": 8,
    }  # fmt: skip
    wanted = {"hall_id": str(spot.hall), "per": "day", "most": 1}
    status, made = call(f"POST {DOOR}", manager, wanted)
    assert (status, made["hall_name"], made["can_edit"]) == (201, "测试街政务服务中心", True)
    assert call(f"POST {DOOR}", manager, wanted)[1]["code"] == "limit_exists"
    booked(9)
    body = {"slot_id": str(spot.slot(10, group="huji")), "item_id": str(PASS.id)}
    status, problem = call("POST /appointments", resident, body)
    assert (status, problem["code"]) == (409, "limit_reached")
    assert problem["detail"] == "同一天最多约1个"
    status, changed = call(f"PATCH {DOOR}/{made['id']}", manager, {"most": 2})
    assert (status, changed["most"]) == (200, 2)
    assert call("POST /appointments", resident, body)[0] == 201
    assert client.delete(f"{API}{DOOR}/{made['id']}", headers=manager).status_code == 204
    assert call(f"PATCH {DOOR}/{made['id']}", manager, {"most": 2})[0] == 404


def test_what_holds_everywhere_is_the_district_s(call, spot, manager, sign_in_staff):
    wanted = {"per": "week", "most": 4, "group": "shebao"}
    assert call(f"POST {DOOR}", manager, wanted)[0] == 403
    district = sign_in_staff(("hall_manager", "district", None))
    status, made = call(f"POST {DOOR}", district, wanted)
    assert (status, made["group_name"]) == (201, "社保医保")
    assert call(f"PATCH {DOOR}/{made['id']}", manager, {"most": 9})[0] == 404
    assert call(f"GET {DOOR}", manager)[1]["items"][0]["can_edit"] is False
    admin = sign_in_staff(("administrator", "district", None))
    item = {"per": "live", "most": 2, "item_id": str(CARD.id)}
    assert call(f"POST {DOOR}", admin, item)[1]["item_name"] == CARD.name
    for wrong in ({"per": "year"}, {"most": 0}, {"most": 101}, {"most": "2"}):
        assert call(f"POST {DOOR}", admin, {**wanted, **wrong})[0] == 422
    for wrong in ({"group": "nope"}, {"item_id": str(spot.hall)}, {"hall_id": str(CARD.id)}):
        assert call(f"POST {DOOR}", admin, {**wanted, **wrong})[0] == 404
    clerk = sign_in_staff(("clerk", "hall", spot.hall))
    assert call(f"GET {DOOR}", clerk)[0] == 403
