"""Community life over HTTP: residents, visitors, the community's staff, and who is kept out."""

from datetime import timedelta

import pytest
import segno

from tests.dispatch_api import Api
from tests.neighbourhood_world import HOME, NEXT, World, make_world

PLACE = {
    "area_id": str(HOME), "kind": "hall", "name": "礼堂", "unit_name": "供电所", "words": "整洁",
    "address": "月河路1号", "latitude": 20.5, "longitude": 115.3,
}  # fmt: skip
WEEK = {"items": [{"weekday": day, "start": "09:00", "end": "11:00", "slot_minutes": 60,
                   "capacity": 1} for day in range(1, 6)]}  # fmt: skip


class LifeApi(Api):
    """Whoever signs in by name lives in the first community."""

    def headers(self, who):
        fresh = who not in self.known
        made = super().headers(who)
        if fresh and ":" not in who and who != "nobody":
            self.world.people[who] = made.id
            self.world.homes[made.id] = {NEXT if who.startswith("far") else HOME}
        return made


@pytest.fixture
def world(services) -> World:
    return make_world(services)


@pytest.fixture
def api(client, services, world) -> LifeApi:
    return LifeApi(client, services, world)


def written(world: World, **changes) -> dict:
    plain = world.values(**changes)
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in {**plain, "area_id": str(plain["area_id"])}.items()
    }


def published(api: LifeApi, **changes) -> str:
    made = api.ok("POST /staff/activities", "desk:fang", written(api.world, **changes))
    api.ok(f"POST /staff/activities/{made['id']}/publications", "desk:fang", {})
    return made["id"]


@pytest.mark.requirement("004.11", "004.12")
def test_an_activity_from_the_draft_to_the_certificate(api, world):
    walk = published(api, places=1, check_in="code")
    (card,) = api.ok("GET /activities", "nobody")["items"]
    assert (card["free"], card["mine"], card["state_text"]) == (1, None, "报名中")
    assert api.ask(f"POST /activities/{walk}/signups", "nobody", {})[0] == 401
    mine = api.ok(f"POST /activities/{walk}/signups", "wang", {})
    assert mine["mine"]["state"] == "confirmed" and mine["can"] == ["cancel"]
    assert api.ok(f"GET /activities/{walk}", "li")["can"] == ["wait"]
    waits = api.ok(f"POST /activities/{walk}/signups", "li", {})
    assert waits["mine"]["ahead"] == 0
    api.ok(f"POST /activities/{walk}/cancellations", "wang", {})
    assert api.ok(f"GET /activities/{walk}", "li")["can"] == ["accept", "cancel"]
    asked = {"kind": "activity", "id": walk, "text": "「清洁家园」有名额了，请确认"}
    assert api.ok("GET /neighbourhood", "li")["waiting_for_me"] == [asked]
    api.ok(f"POST /activities/{walk}/acceptances", "li", {})
    world.later(days=2)
    # The console's session of two days ago has ended.
    api.known.pop("desk:fang")
    seen = api.ok(f"GET /staff/activities/{walk}/check-in-code", "desk:fang")
    assert len(seen["digits"]) == 6
    # Any camera opens the check-in page with the code in it.
    address = f"/#/packages/neighbourhood/check-in?id={walk}&code={seen['token']}"
    drawn = segno.make_qr(world.services.settings.public_url.rstrip("/") + address)
    assert seen["image"] == drawn.svg_data_uri(scale=6, border=4)
    here = api.ok(f"POST /activities/{walk}/check-ins", "li", {"code": seen["digits"]})
    assert here["mine"]["state"] == "attended"
    world.later(hours=2)
    (row,) = [
        one for one in api.ok(f"GET /staff/activities/{walk}/signups", "desk:fang")["items"]
        if one["state"] == "attended"
    ]  # fmt: skip
    assert row["name"] == "l***某" or "*" in row["name"]
    body = {"signup_id": row["id"], "attended": True, "minutes": 90}
    api.ok(f"POST /staff/activities/{walk}/attendances", "desk:fang", body)
    done = api.ok(f"POST /staff/activities/{walk}/settlements", "desk:fang", {})
    assert (done["attended"], done["minutes"], done["can"]) == (1, 90, ["attend"])
    hours = api.ok("GET /my-hours", "li")
    assert (hours["minutes"], hours["points"]) == (90, 3)
    assert api.ok("GET /my-points", "li")["items"][0]["points"] == 3
    days = {"first_day": "2026-11-01", "last_day": "2026-11-30"}
    assert api.ask("POST /my-hours/certificates", "li", days)[0] == 422
    days["last_day"] = "2026-11-25"
    made = api.ok("POST /my-hours/certificates", "li", days)
    told = api.ok(f"GET /public/service-certificates/{made['number']}", "nobody")
    assert told["minutes"] == 90 and "name" not in told
    page = api.raw(f"/api/v1/my-hours/certificates/{made['id']}/export", "li")
    assert page.mimetype == "text/html" and made["number"] in page.get_data(as_text=True)
    assert "script" not in page.headers["Content-Security-Policy"]
    assert api.ask(f"GET /my-hours/certificates/{made['id']}/export", "wang")[0] == 404
    figures = api.ok(f"GET /public/neighbourhood-figures?area={HOME}", "nobody")
    assert [figures[name] for name in ("activities", "sign_ups", "visits", "people", "minutes")] == [
        1, 1, 1, 1, 90,
    ]  # fmt: skip
    assert api.ok(f"GET /public/neighbourhood-figures?area={NEXT}", "nobody")["visits"] == 0
    (past,) = api.ok("GET /activities?when=past", "li")["items"]
    assert past["mine"]["minutes"] == 90
    assert len(api.ok("GET /my-activities", "li")["items"]) == 1


def test_the_staff_of_another_community_find_nothing(api, world):
    walk = published(api)
    for path in ("", "/signups", "/check-in-code"):
        assert api.ask(f"GET /staff/activities/{walk}{path}", "desk:zhu")[0] == 404
    for path in ("publications", "endings", "settlements"):
        assert api.ask(f"POST /staff/activities/{walk}/{path}", "desk:zhu", {})[0] == 404
    assert api.ok("GET /staff/activities", "desk:zhu")["items"] == []
    assert api.ok(f"GET /staff/activities?area={HOME}", "desk:zhu")["items"] == []
    assert [one["name"] for one in api.ok("GET /staff/neighbourhood/areas", "desk:zhu")["items"]]
    status, _ = api.ask("POST /staff/activities", "desk:zhu", written(world))
    assert status == 422


def test_an_edit_needs_the_version_it_was_made_on(api, world):
    walk = published(api)
    path = f"PUT /staff/activities/{walk}"
    tag = api.raw(f"/api/v1/staff/activities/{walk}", "desk:fang").headers["ETag"]
    body = written(world, title="新标题")
    assert api.ask(path, "desk:fang", body)[0] == 412
    assert api.ok(path, "desk:fang", body, **{"If-Match": tag})["title"] == "新标题"
    assert api.ask(path, "desk:fang", body, **{"If-Match": tag})[0] == 412


def test_a_name_in_full_needs_a_purpose_and_is_logged(api, world):
    walk = published(api)
    api.ok(f"POST /activities/{walk}/signups", "wang", {})
    (row,) = api.ok(f"GET /staff/activities/{walk}/signups", "desk:fang")["items"]
    path = f"POST /staff/activity-signups/{row['id']}/reveals"
    assert api.ask(path, "desk:fang", {"field": "phone", "purpose": "x"})[0] == 422
    body = {"field": "phone", "purpose": "活动改期通知"}
    assert api.ok(path, "desk:fang", body)["value"].startswith("1380001")
    assert api.ask(path, "desk:zhu", body)[0] == 404


@pytest.mark.requirement("004.16")
def test_a_shared_hall_from_its_week_to_a_cancelled_booking(api, world):
    hall = api.ok("POST /staff/resources", "desk:fang", PLACE)["id"]
    shown = api.ok(f"PUT /staff/resources/{hall}/week", "desk:fang", WEEK)
    assert len(shown["week"]) == 5
    assert api.ok("GET /resources", "nobody")["items"][0]["name"] == "礼堂"
    assert api.ok(f"GET /resources/{hall}", "far")["can_book"] is False
    day = next(
        one for one in api.ok(f"GET /resources/{hall}/days", "wang")["items"]
        if one["status"] == "open" and one["date"] > "2026-11-23"
    )  # fmt: skip
    slot = api.ok(f"GET /resources/{hall}/slots?date={day['date']}", "wang")["items"][0]
    body = {"slot_id": slot["id"], "purpose": "排练合唱"}
    assert api.ask(f"POST /resources/{hall}/bookings", "far", body)[0] == 403
    made = api.ok(f"POST /resources/{hall}/bookings", "wang", body)
    assert api.ask(f"POST /resources/{hall}/bookings", "li", body)[0] == 409
    shared = api.ok(f"GET /public/neighbourhood-figures?area={HOME}", "nobody")
    assert (shared["units"], shared["resources"]) == (1, 1)
    assert api.ok("GET /halls", "wang")["items"] == []
    assert api.ok("GET /appointments", "wang")["items"] == []
    (row,) = api.ok(f"GET /staff/resources/{hall}/bookings?date={day['date']}", "desk:fang")[
        "items"
    ]
    cancel = f"POST /staff/resource-bookings/{row['id']}/cancellations"
    assert api.ask(cancel, "desk:zhu", {"reason": "自用"})[0] == 404
    api.ok(cancel, "desk:fang", {"reason": "单位自用"})
    (own,) = api.ok("GET /resource-bookings", "wang")["items"]
    assert (own["state_text"], own["reason"]) == ("已取消", "单位自用")
    assert api.ask(f"POST /resource-bookings/{made['id']}/cancellations", "li", {})[0] == 404


def test_a_wish_and_help_between_neighbours(api, world):
    wish = api.ok(
        "POST /wishes", "wang", {"area_id": str(HOME), "title": "老花镜", "words": "看报"}
    )
    assert wish["notice"]["experience"] == "under_review" and wish["can"] == ["withdraw"]
    assert api.ok("GET /wishes", "li")["items"] == []
    assert api.ask(f"GET /wishes/{wish['id']}", "li")[0] == 404
    world.passed("wish", wish["id"])
    (seen,) = api.ok("GET /wishes", "li")["items"]
    assert seen["can"] == [] and seen["notice"] is None
    assert api.ok("GET /wishes", "far")["items"] == []
    until = (world.services.clock.now() + timedelta(days=1)).isoformat()
    asked = api.ok("POST /help-requests", "wang", {
        "area_id": str(HOME), "kind": "carry", "title": "搬桌子", "words": "一张", "until": until,
        "share_phone": True,
    })  # fmt: skip
    world.passed("help_request", asked["id"])
    path = f"POST /help-requests/{asked['id']}"
    assert api.ok(f"{path}/offers", "li", {"share_phone": True})["can"] == ["take_back"]
    (mine,) = api.ok("GET /help-requests?mine=true", "wang")["items"]
    chosen = {"offer_id": mine["offers"][0]["id"]}
    assert api.ok(f"{path}/choices", "wang", chosen)["phone"].startswith("138")
    assert api.ok(f"GET /help-requests/{asked['id']}", "li")["phone"].startswith("138")
    done = api.ok(f"{path}/completions", "wang", {"thanks": "kind"})
    assert done["state_text"] == "已帮好"
    assert api.ok("PUT /my-points/rank", "li", {"ranked": True})["ranked"]
    (line,) = api.ok(f"GET /point-ranks?area={HOME}", "li")["items"]
    assert line["me"] and line["points"] == 2
    listed = api.ok("GET /staff/help-requests", "desk:fang")["items"][0]
    assert listed["state"] == "done" and listed["can"] == []
    removed = api.ok(f"POST /staff/wishes/{wish['id']}/removals", "desk:fang", {"reason": "重复"})
    assert removed["state"] == "withdrawn"


@pytest.mark.requirement("004.11")
def test_a_party_member_reports_in_and_takes_a_post(api, world):
    body = {"area_id": str(HOME), "branch": "测试支部", "skills": "木工"}
    shown = api.ok("POST /party/reports", "wang", body)
    assert shown["reports"][0]["state"] == "requested" and shown["posts"] == []
    (row,) = api.ok("GET /staff/party-reports?state=requested", "desk:fang")["items"]
    assert row["branch"] == "测试支部" and row["can"] == ["decide"]
    assert api.ok("GET /staff/party-reports", "desk:zhu")["items"] == []
    api.ok(f"POST /staff/party-reports/{row['id']}/decisions", "desk:fang", {"confirmed": True})
    post = api.ok("POST /staff/party-posts", "desk:fang", {
        "area_id": str(HOME), "title": "楼道长", "words": "看看楼道", "places": 1,
    })  # fmt: skip
    shown = api.ok(f"POST /party/posts/{post['id']}/claims", "wang", {})
    assert shown["posts"][0]["can"] == ["release"]
    assert api.ask(f"POST /party/posts/{post['id']}/claims", "li", {})[0] == 403
    assert len(api.ok("GET /staff/party-posts", "desk:fang")["items"][0]["holders"]) == 1
    api.ok(f"POST /staff/party-posts/{post['id']}/closings", "desk:fang", {})
    assert api.ok("GET /neighbourhood", "wang")["party_areas"] == [str(HOME)]
    ended = api.ok(f"POST /party/reports/{row['id']}/endings", "wang", {})
    assert ended["reports"][0]["state"] == "ended"
