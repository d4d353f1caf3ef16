"""Grid workers' phones and the dispatch desk: lists, one event, every step, the people around it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.domains.dispatch.model import EventClock
from backend.kernel.reveals import Reveal
from tests.dispatch_api import Api, make_api
from tests.dispatch_world import CGJ, IN_A, IN_B, OTHER_STREET, STREET

DONE = {"result": "换了灯泡", "public_text": "路灯修好了"}
BOX = "120.0,30.1,120.3,30.4"


@pytest.fixture
def api(services, client) -> Api:
    return make_api(services, client)


def test_a_phones_lists_come_nearest_first_with_all_counts(api: Api) -> None:
    near = api.report("wang", latitude=30.2011, longitude=120.1011)
    far = api.report("wang")
    here = "latitude=30.201&longitude=120.101"
    found = api.ok(f"GET /worker/events?list=claimable&{here}", "phone:chen")
    assert [row["id"] for row in found["items"]] == [near["id"], far["id"]]
    assert found["items"][0]["distance_m"] < 30
    assert {row["mine"] for row in found["items"]} == {"candidate"}
    assert found["counts"] == {"claimable": 2, "mine": 0, "overdue": 0, "verify": 0}
    claimed = api.ok(f"POST /worker/events/{near['id']}/claim", "phone:chen", {})
    assert (claimed["state"], claimed["mine"], claimed["lead_name"]) == ("claimed", "lead", "chen")
    assert "start" in claimed["can"]
    status, lost = api.ask(f"POST /worker/events/{near['id']}/claim", "phone:liu", {})
    assert (status, lost["code"], lost["detail"]) == (409, "already_claimed", "chen先认领了")
    assert api.ok("GET /worker/events", "phone:chen")["counts"]["mine"] == 1
    # Somebody of another cell was not asked, and sees nothing of it.
    assert api.ok("GET /worker/events?list=claimable", "phone:sun")["items"] == []
    assert api.ask(f"GET /worker/events/{far['id']}", "phone:sun")[0] == 404
    assert api.ask("GET /worker/events?list=claimable&latitude=1", "phone:chen")[0] == 422


def test_a_worker_handles_an_event_to_its_verification(api: Api, clock) -> None:
    event = api.report("wang", category_code="pipe", file_ids=[api.photo("wang")])
    chen = f"/worker/events/{event['id']}"
    api.ok(f"POST {chen}/claim", "phone:chen", {})
    seen = api.ok(f"GET {chen}", "phone:chen")
    assert (seen["before_photo"], seen["after_photo"]) == (True, True)
    assert seen["navigation_url"].startswith("https://uri.amap.com/navigation?to=120.1")
    api.ok(f"POST {chen}/contact", "phone:chen", {"result": "约好在家等"})
    visit = (clock.now() + timedelta(hours=1)).isoformat()
    api.ok(f"POST {chen}/schedule", "phone:chen", {"visit_at": visit, "note": "带工具"})
    started = api.ok(f"POST {chen}/start", "phone:chen", {})
    stale = {"version": started["version"] - 1}
    assert api.ask(f"POST {chen}/dispose", "phone:chen", {**DONE, **stale})[0] == 409
    status, refused = api.ask(f"POST {chen}/dispose", "phone:chen", DONE)
    assert (status, refused["code"]) == (422, "photo_needed")
    after = api.photo("phone:chen", "blue")
    done = api.ok(f"POST {chen}/dispose", "phone:chen", {**DONE, "after_ids": [after]})
    assert (done["state"], done["result"]) == ("disposed", "换了灯泡")
    line = done["timeline"][0]
    assert (line["action_text"], line["actor_name"]) == ("处置完成", "chen")
    assert [photo["id"] for photo in line["photos"]] == [after]
    assert api.raw(line["photos"][0]["small_url"], "phone:chen").status_code == 200
    assert api.ask(f"POST {chen}/verify", "phone:chen", {"passed": True})[0] == 403
    (row,) = api.ok("GET /worker/events?list=verify", "phone:liu")["items"]
    assert row["mine"] == "verify"
    assert api.ask(f"POST {chen}/verify", "phone:liu", {"passed": False})[0] == 422
    shot = api.photo("phone:liu", "red")
    passed = api.ok(f"POST {chen}/verify", "phone:liu", {"passed": True, "file_ids": [shot]})
    assert passed["state"] == "verified"
    assert passed["timeline"][0]["photos"][0]["id"] == shot


def test_a_worker_reports_what_was_found_on_patrol(api: Api) -> None:
    photo = api.photo("phone:chen")
    body = {"words": "墙面开裂", "category_code": "wall", "file_ids": [photo], **IN_B}
    event = api.ok("POST /worker/events", "phone:chen", body)
    assert (event["source_text"], event["callers"][0]["name_masked"]) == ("巡查发现", "chen")
    # The photo belongs to who took it: a colleague cannot name it.
    status, _ = api.ask("POST /worker/events", "phone:liu", body)
    assert status == 422
    assert api.ask("POST /worker/events", "wang", body)[0] == 403


def test_overdue_is_what_has_run_out_of_time(api: Api, clock) -> None:
    event = api.report("wang")
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    clock.advance(timedelta(hours=25))
    found = api.ok("GET /worker/events?list=overdue", "phone:chen")
    assert (found["items"][0]["light"], found["counts"]["overdue"]) == ("red", 1)
    assert found["items"][0]["clock"]["kind_text"] == "联系来电人"


def test_parts_of_the_work_have_their_own_steps(api: Api) -> None:
    event = api.report("wang")
    path = f"/worker/events/{event['id']}"
    api.ok(f"POST {path}/claim", "phone:chen", {})
    parties = api.ok(f"GET {path}/parties", "phone:chen")
    assert api.world.id("chen") not in {UUID(row["id"]) for row in parties["colleagues"]}
    assert {row["name"] for row in parties["departments"]} == {"城管局", "住建局"}
    liu = str(api.world.id("liu"))
    given = api.ok(f"POST {path}/subtasks", "phone:chen", {"what": "疏导车辆", "staff_id": liu})
    (task,) = given["subtasks"]
    assert (task["who_text"], task["state_text"], task["can"]) == ("liu", "待接收", ["withdraw"])
    (own,) = api.ok(f"GET {path}", "phone:liu")["subtasks"]
    assert own["can"] == ["accept", "return"]
    assert api.ask(f"POST /worker/subtasks/{task['id']}/accept", "phone:sun", {})[0] == 404
    api.ok(f"POST /worker/subtasks/{task['id']}/accept", "phone:liu", {})
    shot = api.photo("phone:liu")
    done = api.ok(
        f"POST /worker/subtasks/{task['id']}/finish", "phone:liu",
        {"result": "车都走了", "file_ids": [shot]},
    )  # fmt: skip
    assert (done["subtasks"][0]["state"], len(done["subtasks"][0]["photos"])) == ("done", 1)
    both = {"what": "x", "staff_id": liu, "department_id": str(CGJ)}
    assert api.ask(f"POST {path}/subtasks", "phone:chen", both)[0] == 422


def test_a_whistle_is_answered_by_its_department_alone(api: Api) -> None:
    event = api.report("wang")
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    api.ok(f"POST /worker/events/{event['id']}/start", "phone:chen", {})
    path = f"/staff/events/{event['id']}"
    assert api.ask(f"GET {path}", "desk:gao")[0] == 404
    blown = api.ok(
        f"POST {path}/whistles", "desk:lin", {"department_id": str(CGJ), "what": "拆除违建"}
    )
    (whistle,) = blown["whistles"]
    assert (blown["state"], whistle["department_name"]) == ("whistled", "城管局")
    assert api.ok("GET /staff/events", "desk:gao")["items"][0]["mine"] == "department"
    assert api.ok("GET /staff/events", "desk:tang")["items"] == []
    root = f"/staff/whistles/{whistle['id']}"
    assert api.ask(f"POST {root}/sign", "desk:tang", {})[0] == 404
    assert api.ok(f"GET {path}", "desk:gao")["whistles"][0]["can"] == ["sign", "return"]
    api.ok(f"POST {root}/sign", "desk:gao", {"note": "收到"})
    api.ok(f"POST {root}/contact", "desk:gao", {})
    api.ok(f"POST {root}/arrive", "desk:gao", {})
    assert api.ask(f"POST {root}/finish", "desk:gao", {"note": ""})[0] == 422
    done = api.ok(f"POST {root}/finish", "desk:gao", {"note": "拆好了"})
    assert done["state"] == "in_progress"
    # One's own part gave the right to see it, and a department that gives it back loses it.
    again = api.ok(
        f"POST {path}/whistles", "desk:lin", {"department_id": str(CGJ), "what": "再来一次"}
    )["whistles"][1]
    gave = api.ok(f"POST /staff/whistles/{again['id']}/return", "desk:gao", {"reason": "不属本局"})
    assert gave["whistles"][1]["state_text"] == "已退回"


def test_whoever_approves_is_not_who_asked(api: Api) -> None:
    event = api.report("wang")
    path = f"/staff/events/{event['id']}"
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    asked = api.ok(
        f"POST /worker/events/{event['id']}/requests", "phone:chen",
        {"kind": "hold", "reason": "等供电局停电", "until": "2026-11-30T09:00:00+08:00"},
    )  # fmt: skip
    (wish,) = asked["requests"]
    assert (wish["asked_by"], wish["can"]) == ("chen", ["withdraw"])
    assert api.ok(f"GET {path}", "desk:lin")["requests"][0]["can"] == ["decision"]
    decision = f"POST /staff/event-requests/{wish['id']}/decision"
    assert api.ask(decision, "desk:lin", {"approved": False})[0] == 422
    held = api.ok(decision, "desk:lin", {"approved": True})
    assert (held["on_hold"], held["clock"]["paused"]) == (True, True)
    assert "dispose" not in held["can"]
    on = api.ok(f"POST {path}/end-hold", "desk:lin", {})
    assert (on["on_hold"], on["requests"][0]["state_text"]) == (False, "已结束")


def test_a_supervisors_order_is_answered_and_closed(api: Api) -> None:
    event = api.report("wang")
    path = f"/staff/events/{event['id']}"
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    order = {"words": "今天答复", "due_at": "2026-11-23T18:00:00+08:00"}
    assert api.ask(f"POST {path}/supervisions", "desk:he", order)[0] == 403
    given = api.ok(f"POST {path}/supervisions", "desk:qin", order)
    assert (given["orders_open"], given["orders"][0]["by_name"]) == (1, "qin")
    root = f"/staff/supervisions/{given['orders'][0]['id']}"
    answered = api.ok(f"POST {root}/reply", "desk:he", {"words": "已联系"})
    assert answered["orders"][0]["state_text"] == "已回复"
    own = f"/worker/supervisions/{given['orders'][0]['id']}/reply"
    again = api.ok(f"POST {own}", "phone:chen", {"words": "今天办完"})
    assert again["orders"][0]["reply"] == "今天办完"
    closed = api.ok(f"POST {root}/close", "desk:qin", {})
    assert closed["orders_open"] == 0


def test_the_desks_list_is_filtered_and_paged(api: Api, clock) -> None:
    light = api.report("wang", address="南湖路3号")
    clock.advance(timedelta(minutes=10))
    pipe = api.report("li", category_code="pipe", words="水管爆了")
    clock.advance(timedelta(minutes=30))
    outside = api.report("li", words="路灯不亮", latitude=31.0, longitude=121.0)

    def ids(query: str, who: str = "desk:he") -> list[str]:
        return [row["id"] for row in api.ok(f"GET /staff/events?{query}", who)["items"]]

    assert ids("") == [outside["id"], pipe["id"], light["id"]]
    assert ids("", "desk:lin") == [pipe["id"], light["id"]]
    assert ids("category=pipe") == [pipe["id"]]
    assert ids("category=city") == [outside["id"], pipe["id"], light["id"]]
    assert ids(f"street={STREET}&state=called") == [pipe["id"], light["id"]]
    assert ids(f"street={OTHER_STREET}") == []
    assert ids("light=red") == [pipe["id"], light["id"]]
    assert ids("light=green") == [outside["id"]]
    assert ids("light=none") == ids("light=yellow") == []
    assert ids("q=南湖路") == [light["id"]]
    assert ids(f"q={light['number']}") == [light["id"]]
    assert ids("q=%25") == ids("q=_") == []
    assert ids("urgency=urgent") == [pipe["id"]]
    assert ids("source=ticket") == []
    assert ids("from=2026-11-23&to=2026-11-23") == [outside["id"], pipe["id"], light["id"]]
    assert ids("from=2026-11-24") == ids("to=2026-11-22") == []
    assert ids("state=closed") == []
    page = api.ok("GET /staff/events?limit=2", "desk:he")
    assert (page["counts"]["open"], page["counts"]["overdue"], page["counts"]["urgent"]) == (
        3,
        2,
        1,
    )
    rest = api.ok(f"GET /staff/events?limit=2&cursor={page['next_cursor']}", "desk:he")
    assert [row["id"] for row in rest["items"]] == [light["id"]]
    for bad in ("state=x", "light=blue", "from=yesterday", "limit=0", "unknown=1", "cursor=x"):
        assert api.ask(f"GET /staff/events?{bad}", "desk:he")[0] == 422, bad


def test_the_map_shows_points_and_counts_within_reach(api: Api) -> None:
    one = api.report("wang")
    api.report("wang", latitude=31.0, longitude=121.0)
    seen = api.ok(f"GET /staff/events/map?bbox={BOX}", "desk:he")
    (point,) = seen["items"]
    assert (point["id"], point["light"], point["title"]) == (one["id"], "green", one["title"])
    assert [row["open"] for row in seen["cells"]] == [1]
    assert len(api.ok("GET /staff/events/map?bbox=-180,-90,180,90", "desk:he")["items"]) == 2
    assert len(api.ok("GET /staff/events/map?bbox=-180,-90,180,90", "desk:lin")["items"]) == 1
    assert api.ok(f"GET /staff/events/map?bbox={BOX}", "desk:gao")["items"] == []
    assert api.ask("GET /staff/events/map", "desk:he")[0] == 422


def test_a_crowded_map_keeps_something_of_every_part(api: Api, services) -> None:
    event = api.report("wang")
    from backend.domains.dispatch.model import Event
    from backend.domains.dispatch.text_rules import tile_of
    from backend.kernel.ids import new_id

    with services.unit() as uow:
        first = uow.session.get_one(Event, UUID(event["id"]))
        shared = {
            column.key: getattr(first, column.key)
            for column in Event.__table__.columns
            if column.key not in ("id", "number", "is_open", "latitude", "longitude", "tile")
        }
        places = [(30.2 + n % 20 * 0.0001, 120.1 + n / 1e5) for n in range(700)] + [(30.29, 120.25)]
        for n, (north, east) in enumerate(places):
            row = Event(id=new_id(), number=f"T{n}", latitude=north, longitude=east, **shared)
            row.tile = tile_of(north, east)
            uow.session.add(row)
    seen = api.ok(f"GET /staff/events/map?bbox={BOX}", "desk:he")
    assert len(seen["items"]) <= 500
    assert (30.29, 120.25) in {(row["latitude"], row["longitude"]) for row in seen["items"]}


def test_candidates_are_on_duty_first_then_least_busy(api: Api) -> None:
    event = api.report("wang")
    other = api.report("li")
    api.ok(f"POST /worker/events/{other['id']}/claim", "phone:chen", {})
    rows = api.ok(f"GET /staff/events/{event['id']}/candidates", "desk:he")["items"]
    names = [row["name"] for row in rows]
    assert names.index("liu") < names.index("chen") < names.index("sun")
    by_name = {row["name"]: row for row in rows}
    assert (by_name["chen"]["open_count"], by_name["chen"]["cells"]) == (1, ["第一网格"])
    assert (by_name["sun"]["on_duty"], "far" in names) == (False, False)
    assigned = api.ok(
        f"POST /staff/events/{event['id']}/assign", "desk:he",
        {"staff_id": by_name["sun"]["staff_id"], "note": "你离得近"},
    )  # fmt: skip
    assert (assigned["state"], assigned["lead_name"]) == ("assigned", "sun")
    stale = {"staff_id": by_name["liu"]["staff_id"], "version": event_version(assigned) - 1}
    assert api.ask(f"POST /staff/events/{event['id']}/assign", "desk:ma", stale)[0] == 409


def event_version(event: dict) -> int:
    return int(event["version"])


def test_the_desk_takes_in_corrects_merges_and_splits(api: Api) -> None:
    body = {"source": "ticket", "words": "居民来电：路灯不亮", "external_number": "12345-1",
            "caller_name": "欧阳某某", "category_code": "light", **IN_A}  # fmt: skip
    event = api.ok("POST /staff/events", "desk:he", body)
    assert event["callers"][0]["name_masked"] == "欧**某"
    assert api.ask("POST /staff/events", "desk:he", body)[1]["code"] == "already_taken_in"
    assert api.ask("POST /staff/events", "desk:lin", body)[0] == 403
    path = f"/staff/events/{event['id']}"
    fixed = api.ok(
        f"POST {path}/category", "desk:he", {"category_code": "wall", "reason": "看错了"}
    )
    assert fixed["category"]["name"] == "墙"
    assert {"correct", "urgency", "category", "place"} <= set(fixed["can"])
    assert api.ok(f"POST {path}/urgency", "desk:he", {"urgency": "urgent"})["urgency"] == "urgent"
    moved = api.ok(f"POST {path}/place", "desk:he", {**IN_B, "address": "湖东路9号"})
    assert (moved["cell_name"], moved["address"]) == ("第二网格", "湖东路9号")
    only_words = api.ok(f"POST {path}/place", "desk:he", {"address": "湖东路10号"})
    assert (only_words["address"], only_words["latitude"]) == ("湖东路10号", IN_B["latitude"])
    other = api.report("wang", **IN_B)
    api.ok(f"POST /events/{other['id']}/callers", "li", {"words": "我家门口的是水管"})
    merged = api.ok(f"POST {path}/merge", "desk:he", {"parent_id": other["id"], "reason": "同一处"})
    assert (merged["state"], merged["parent"]["number"]) == ("merged", other["number"])
    (child,) = api.ok(f"GET /staff/events/{other['id']}", "desk:he")["children"]
    assert child["id"] == event["id"]
    apart = api.ok(f"POST {path}/separate", "desk:he", {"reason": "不是同一处"})
    assert apart["parent"] is None
    callers = api.ok(f"GET /staff/events/{other['id']}", "desk:he")["callers"]
    second = next(row for row in callers if row["kind_text"] == "我也遇到")
    api.ok(
        f"POST /staff/events/{other['id']}/split", "desk:he",
        {"caller_ids": [second["id"]], "words": "水管漏水", "category_code": "pipe",
         "reason": "是两件事"},
    )  # fmt: skip
    assert api.ok(f"GET /staff/events/{other['id']}", "desk:he")["callers_count"] == 1
    assert api.ok("GET /events", "li")["items"][0]["category"]["code"] == "pipe"


def test_ways_out_to_emergency_services_and_the_hotline(api: Api) -> None:
    one, two = api.report("wang"), api.report("li")
    gone = api.ok(f"POST /worker/events/{one['id']}/transfers", "phone:chen", {"service": "119"})
    assert gone["state"] == "transferred"
    assert api.ok(f"GET /events/{one['id']}", "wang")["next_text"].startswith("已转119")
    linked = api.ok(
        f"POST /staff/events/{two['id']}/ticket", "desk:he",
        {"ticket_number": "H-77", "reason": "跨区"},
    )  # fmt: skip
    assert (linked["state"], linked["ticket_number"]) == ("ticketed", "H-77")
    status, _ = api.ask(
        f"POST /worker/events/{two['id']}/transfers", "phone:chen", {"service": "911"}
    )
    assert status == 422


def test_callers_are_masked_and_revealed_to_the_lead_for_a_purpose(api: Api, services) -> None:
    event = api.report("wang")
    desk = api.ok(f"GET /staff/events/{event['id']}", "desk:he")
    (caller,) = desk["callers"]
    assert caller["name_masked"] == "w**某" or caller["name_masked"].count("*") >= 1
    assert "13800010" not in str(desk)
    path = f"/events/{event['id']}/callers/{caller['id']}/reveals"
    ask = {"field": "phone", "purpose": "约上门时间"}
    assert api.ask(f"POST /worker{path}", "phone:chen", ask)[0] == 403
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    told = api.ok(f"POST /worker{path}", "phone:chen", ask)
    assert told["value"].startswith("1380001")
    assert api.ok(f"POST /staff{path}", "desk:he", {**ask, "field": "name"})["value"] == "wang某某"
    assert api.ask(f"POST /staff{path}", "desk:lin", ask)[0] == 403
    assert api.ask(f"POST /staff{path}", "desk:gao", ask)[0] == 404
    assert api.ask(f"POST /staff{path}", "desk:he", {**ask, "purpose": "x"})[0] == 422
    assert api.ask(f"POST /staff{path}", "desk:he", {**ask, "field": "id_number"})[0] == 422
    with services.unit() as uow:
        rows = uow.session.execute(select(Reveal.staff_name, Reveal.field).order_by(Reveal.at))
        assert sorted(tuple(row) for row in rows) == [("chen", "phone"), ("he", "name")]


def test_a_confidential_caller_is_hidden_from_all_but_lead_and_dispatcher(api: Api) -> None:
    event = api.report("wang", confidential=True)
    path = f"/staff/events/{event['id']}"
    assert api.ok(f"GET {path}", "desk:lin")["callers"][0]["name_masked"] == "（要求保密）"
    assert api.ok(f"GET {path}", "desk:lin")["callers"][0]["phone_masked"] is None
    assert "某" in api.ok(f"GET {path}", "desk:he")["callers"][0]["name_masked"]


def test_files_of_an_event_are_out_of_reach_with_it(api: Api) -> None:
    event = api.report("wang", file_ids=[api.photo("wang")])
    photo = api.ok(f"GET /staff/events/{event['id']}", "desk:he")["photos"][0]
    assert api.raw(photo["url"], "desk:he").status_code == 200
    assert api.raw(photo["url"], "desk:gao").status_code == 404
    phone = photo["url"].replace("/staff/", "/worker/")
    assert api.raw(phone, "phone:chen").status_code == 200
    assert api.raw(phone, "phone:sun").status_code == 404
    wrong = photo["url"].replace(str(photo["id"]), event["id"])
    assert api.raw(wrong, "desk:he").status_code == 404


def test_a_card_shows_the_light_of_its_tightest_clock(api: Api, clock, services) -> None:
    event = api.report("wang")
    clock.advance(timedelta(minutes=25))
    row = api.ok("GET /staff/events", "desk:he")["items"][0]
    assert (row["light"], row["clock"]["kind"], row["level_text"]) == ("yellow", "claim", "网格员")
    assert row["clock"]["due_at"] == "2026-11-23T08:30:00+08:00"
    detail = api.ok(f"GET /staff/events/{event['id']}", "desk:he")
    (line,) = detail["clocks"]
    assert (line["state_text"], line["light"]) == ("计时中", "yellow")
    with services.unit() as uow:
        assert uow.session.scalar(select(EventClock.kind)) == "claim"
