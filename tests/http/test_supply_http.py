"""Release and extra places over HTTP."""

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
    "release_days": 3, "release_time": "09:00", "first_percent": 50, "rest_days": 1,
    "rest_time": "18:00", "offer_minutes": 30,
}  # fmt: skip


def test_a_rule_is_looked_at_set_and_seen(call, spot, manager, clerk, resident):
    base = f"/staff/halls/{spot.hall}/release"
    status, shown = call(f"GET {base}", clerk)
    assert (status, shown["release_days"], shown["days_ahead"]) == (200, None, 5)
    status, seen = call(f"POST {base}/preview", manager, RULE)
    assert status == 200
    assert [day["date"] for day in seen["days"]][:6] == [
        "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30",
    ]  # fmt: skip
    friday = seen["days"][4]
    assert friday["first_at"].startswith("2026-11-24T09:00")
    assert friday["rest_at"].startswith("2026-11-26T18:00")
    assert friday["places"] == 2 * friday["first_places"] > 0
    assert call(f"GET {base}", clerk)[1]["release_days"] is None
    status, shown = call(f"PUT {base}", manager, RULE)
    assert (status, shown) == (200, {**RULE, "days_ahead": 5})
    # What was on offer stays; the days to come say when their places come.
    _, days = call(f"GET /halls/{spot.hall}/days?item_id={CARD.id}", resident)
    by_day = {day["date"]: day for day in days["items"]}
    assert by_day["2026-11-27"]["status"] == "open"
    assert by_day["2026-12-01"]["release_at"].startswith("2026-11-26T09:00")
    assert call(f"PUT {base}", clerk, RULE)[0] == 403


def test_a_rule_that_cannot_be_kept_is_refused(call, spot, manager):
    base = f"PUT /staff/halls/{spot.hall}/release"
    for change, code in (
        ({"release_days": 6}, "release_beyond_reach"),
        ({"rest_days": 4}, "release_rest_first"),
        ({"first_percent": 0}, "invalid"),
        ({"release_time": "9"}, "invalid"),
    ):
        status, problem = call(base, manager, {**RULE, **change})
        assert status == 422, problem
        assert code in ("invalid", problem["code"])


def test_places_are_added_with_a_reason(call, spot, manager, clerk):
    path = f"POST /staff/slots/{spot.slot(9)}/extra"
    body = {"places": 3, "reason": "临时加开一个窗口"}
    status, shown = call(path, manager, body)
    assert (status, shown["capacity"]) == (200, 5)
    assert call(path, manager, {"places": 3, "reason": ""})[0] == 422
    assert call(path, manager, {"places": 0, "reason": "加"})[0] == 422
    assert call(path, clerk, body)[0] == 403
