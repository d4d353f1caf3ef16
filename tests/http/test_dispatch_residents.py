"""Residents and visitors: suggest, report, follow, join, confirm, rate, reopen; the public map."""

from datetime import timedelta

import pytest

from backend.domains.dispatch.model import Event
from tests import sounds
from tests.dispatch_api import Api, make_api
from tests.dispatch_world import IN_A, IN_B

DONE = {"result": "内部：换了灯泡和镇流器", "public_text": "路灯修好了"}


@pytest.fixture
def api(services, client) -> Api:
    return make_api(services, client)


def handled(api: Api, event_id: str, who: str = "phone:chen") -> None:
    api.ok(f"POST /worker/events/{event_id}/claim", who, {})
    api.ok(f"POST /worker/events/{event_id}/start", who, {})
    after = api.photo(who, "blue")
    api.ok(f"POST /worker/events/{event_id}/dispose", who, {**DONE, "after_ids": [after]})


def test_the_kinds_of_events_come_in_groups(api: Api) -> None:
    (group,) = api.ok("GET /event-categories", "nobody")["items"]
    assert (group["code"], group["name"]) == ("city", "市容")
    assert [child["code"] for child in group["children"]] == ["light", "pipe", "wall"]


def test_suggestions_help_and_keep_nothing(api: Api) -> None:
    api.report("wang")
    ask = {"words": "路灯坏了，有人触电昏迷", **IN_A}
    found = api.ok("POST /event-suggestions", "nobody", ask)
    assert found["categories"][0] == {
        "code": "light", "name": "路灯", "parent_name": "市容", "sure": 0.6,
    }  # fmt: skip
    assert found["emergency"]["matched"] is True
    assert found["emergency"]["services"][0]["number"] == "120"
    assert found["place"] == {
        "street_name": "月河街道", "community_name": "南湖社区", "cell_name": "第一网格",
    }  # fmt: skip
    (one,) = found["similar"]
    # The kind, not the neighbour's words.
    assert (one["title"], one["distance_m"], one["callers_count"]) == ("路灯", 0, 1)
    assert api.ok("POST /event-suggestions", "nobody", {"words": "天气真好"}) == {
        "categories": [], "emergency": None, "similar": [], "place": None,
    }  # fmt: skip


def test_what_is_confidential_is_offered_to_nobody(api: Api) -> None:
    event = api.report("wang", confidential=True)
    assert api.ok("POST /event-suggestions", "li", {"words": "路灯不亮", **IN_A})["similar"] == []
    assert api.ok("GET /public/events", "nobody")["items"] == []
    assert api.ask(f"GET /public/events/{event['id']}", "nobody")[0] == 404


def test_a_report_says_what_happens_next(api: Api) -> None:
    photo = api.photo("wang")
    event = api.report("wang", file_ids=[photo], address="南湖路3号")
    assert event["number"].startswith("E")
    assert len(event["query_code"]) == 6
    assert (event["state"], event["state_text"]) == ("called", "待认领")
    assert event["next_text"].startswith("已通知附近的工作人员")
    assert event["due_text"] == "最晚11月23日（周一）8:30有人认领"
    assert event["can"] == ["cancel", "add"]
    assert event["handler_text"] == "已通知网格员"
    assert [one["id"] for one in event["photos"]] == [photo]
    assert event["gcj02"] != IN_A
    assert event["timeline"][0]["text"] == "已收到，已通知网格员"
    assert [one["id"] for one in event["timeline"][0]["photos"]] == [photo]
    # What the address answers is what reporting answered.
    assert api.ok(f"GET /events/{event['id']}", "wang") == event
    (row,) = api.ok("GET /events", "wang")["items"]
    assert row["photo_url"] == event["photos"][0]["small_url"]
    assert api.raw(row["photo_url"], "wang").status_code == 200


def test_places_may_come_as_chinese_maps_say_them(api: Api) -> None:
    event = api.report("wang")
    shifted = {**event["gcj02"], "coordinate_system": "gcj02"}
    other = api.report("wang", **shifted)
    assert other["latitude"] == pytest.approx(IN_A["latitude"], abs=1e-5)
    assert other["longitude"] == pytest.approx(IN_A["longitude"], abs=1e-5)


def test_a_report_that_says_nothing_or_half_a_place_is_refused(api: Api) -> None:
    for body, field in (
        ({"words": "", "category_code": "light"}, "words"),
        ({"words": "x", "latitude": 30.2}, "latitude"),
        ({"words": "x", "category_code": "old"}, "category_code"),
        ({"words": "x", "category_code": "city"}, "category_code"),
        ({"words": "x", "urgency": "very"}, "urgency"),
        ({"words": "x", "surprise": 1}, "surprise"),
    ):
        status, refused = api.ask("POST /events", "wang", body)
        assert (status, list(refused["errors"])) == (422, [field]), body
    assert api.ask("POST /events", "nobody", {"words": "x"})[0] == 401


def test_a_voice_note_alone_is_a_report(api: Api) -> None:
    _, voice = api.upload("wang", sounds.m4a(12), "event_voice")
    event = api.report("wang", words="", voice_id=voice["id"])
    assert event["title"] == "路灯"
    assert (event["voice"]["seconds"], event["voice"]["text"]) == (12, "")
    assert event["voice"]["state_text"] == "没有开通语音转文字，请听录音"
    assert api.raw(event["voice"]["url"], "wang").content_type == "audio/mp4"


def test_only_a_caller_sees_an_event(api: Api) -> None:
    event = api.report("wang", file_ids=[api.photo("wang")])
    path = f"/events/{event['id']}"
    for who, status in (("li", 404), ("nobody", 401), ("desk:he", 401)):
        assert api.ask(f"GET {path}", who)[0] == status
        assert api.raw(event["photos"][0]["url"], who).status_code == status
    for what, body in (
        ("cancellations", {"reason": "不要了"}), ("confirmations", {"solved": True}),
        ("ratings", {"score": 5}), ("reopenings", {"reason": "还没好"}), ("notes", {"words": "还有"}),
    ):  # fmt: skip
        assert api.ask(f"POST {path}/{what}", "li", body)[0] == 404, what


def test_from_the_call_to_the_rating(api: Api, clock) -> None:
    event = api.report("wang")
    path = f"/events/{event['id']}"
    handled(api, event["id"])
    seen = api.ok(f"GET {path}", "wang")
    assert (seen["state"], seen["public_result"]) == ("disposed", "路灯修好了")
    assert seen["can"] == ["confirm", "add"]
    (photo,) = seen["result_photos"]
    assert api.raw(photo["small_url"], "wang").status_code == 200
    assert "镇流器" not in str(seen)
    assert seen["handler_text"] == "月河街道网格员 chen"
    back = api.ok(f"POST {path}/confirmations", "wang", {"solved": False, "note": "又灭了"})
    assert back["state"] == "in_progress"
    api.ok(f"POST /worker/events/{event['id']}/dispose", "phone:chen", DONE)
    good = api.ok(f"POST {path}/confirmations", "wang", {"solved": True})
    assert (good["state"], good["can"]) == ("verified", ["rate", "add"])
    rated = api.ok(f"POST {path}/ratings", "wang", {"score": 5, "comment": "很快"})
    assert (rated["state"], rated["rating"]) == ("closed", {"score": 5, "comment": "很快"})
    assert rated["can"] == ["reopen"]
    assert api.ask(f"POST {path}/ratings", "wang", {"score": 1})[0] == 409
    clock.advance(timedelta(days=3))
    opened = api.ok(f"POST {path}/reopenings", "wang", {"reason": "又不亮了"})
    assert opened["state"] == "reopened"
    assert api.ok("GET /events?open=false", "wang")["items"] == []
    assert len(api.ok("GET /events?open=true", "wang")["items"]) == 1


def test_me_too_adds_a_caller_who_sees_the_own_words_only(api: Api) -> None:
    event = api.report("wang", words="路灯不亮，我家在3栋502")
    joined = api.ok(
        f"POST /events/{event['id']}/callers", "li",
        {"words": "我这边也是", "file_ids": [api.photo("li")]},
    )  # fmt: skip
    assert joined["id"] == event["id"]
    assert joined["number"] != event["number"]
    assert (joined["words"], joined["callers_count"]) == ("我这边也是", 2)
    assert len(joined["photos"]) == 1
    assert "502" not in str(joined)
    assert api.ok(f"GET /events/{event['id']}", "wang")["photos"] == []
    # Twice is once.
    api.ok(f"POST /events/{event['id']}/callers", "li", {})
    assert api.ok(f"GET /events/{event['id']}", "wang")["callers_count"] == 2
    assert api.ask(f"POST /events/{event['id']}/cancellations", "wang", {"reason": "x"})[0] == 409


def test_a_merged_call_follows_what_it_was_merged_into(api: Api) -> None:
    one, two = api.report("wang"), api.report("li")
    api.ok(
        f"POST /staff/events/{two['id']}/merge", "desk:he",
        {"parent_id": one["id"], "reason": "同一盏灯"},
    )  # fmt: skip
    handled(api, one["id"])
    seen = api.ok(f"GET /events/{two['id']}", "li")
    assert seen["state"] == "disposed"
    assert "与同类反映一并处理" in seen["state_text"]
    (photo,) = seen["result_photos"]
    assert photo["url"].startswith(f"/api/v1/events/{two['id']}/")
    assert api.raw(photo["url"], "li").status_code == 200
    texts = [line["text"] for line in seen["timeline"]]
    assert "处置完成：路灯修好了" in texts
    assert len(seen["timeline"][[line["action"] for line in seen["timeline"]].index("dispose")]
               ["photos"]) == 1  # fmt: skip


def test_a_caller_adds_words_and_takes_the_call_back(api: Api) -> None:
    event = api.report("wang")
    noted = api.ok(f"POST /events/{event['id']}/notes", "wang", {"words": "是靠近学校的那盏"})
    assert noted["words"].endswith("是靠近学校的那盏")
    assert noted["timeline"][0]["text"] == "反映人补充了情况"
    gone = api.ok(f"POST /events/{event['id']}/cancellations", "wang", {"reason": "自己好了"})
    assert (gone["state"], gone["can"]) == ("cancelled", [])


def test_the_progress_page_and_number_with_code_tell_the_events_steps(api: Api) -> None:
    event = api.report("wang")
    handled(api, event["id"])
    (matter,) = api.ok("GET /matters", "wang")["items"]
    assert (matter["kind"], matter["kind_text"], matter["open"]) == ("event", "反映事项", True)
    assert matter["state_text"] == "待核查"
    ask = {"receipt_number": event["number"], "query_code": event["query_code"]}
    found = api.ok("POST /matter-lookups", "nobody", ask)
    assert found["timeline"][0]["text"] == "处置完成：路灯修好了"
    assert "trace" not in found
    own = api.ok(f"GET /matters/{event['number']}", "wang")
    assert own["timeline"] == found["timeline"]


def test_the_public_map_shows_kind_and_rough_place_only(api: Api) -> None:
    event = api.report("wang", words="我家在3栋502，路灯不亮", address="南湖路3号3栋",
                       file_ids=[api.photo("wang")])  # fmt: skip
    found = api.ok("GET /public/events", "nobody")
    (row,) = found["items"]
    assert (row["title"], row["address_public"]) == ("路灯", "月河街道南湖社区")
    assert row["photo_url"] is None
    assert (row["latitude"], row["longitude"]) == (30.205, 120.105)
    assert [area["count"] for area in found["areas"]] == [1, 0]
    for private in ("502", "南湖路", "wang", event["number"]):
        assert private not in str(found)
    box = "120.10,30.20,120.12,30.21"
    assert len(api.ok(f"GET /public/events?bbox={box}", "nobody")["items"]) == 1
    assert api.ok("GET /public/events?bbox=121,30,122,31", "nobody")["items"] == []
    assert len(api.ok("GET /public/events?bbox=-180,-90,180,90", "nobody")["items"]) == 1
    assert api.ok("GET /public/events?category=city", "nobody")["total"] == 1
    assert api.ok("GET /public/events?category=pipe", "nobody")["items"] == []
    for bad in ("1,2,3", "a,b,c,d", "2,2,1,1", "nan,0,1,1", "0,0,999,1"):
        assert api.ask(f"GET /public/events?bbox={bad}", "nobody")[0] == 422, bad


def test_a_solved_matter_shows_its_result_to_anybody(api: Api, services) -> None:
    event = api.report("wang", file_ids=[api.photo("wang")])
    handled(api, event["id"])
    path = f"/public/events/{event['id']}"
    during = api.ok(f"GET {path}", "nobody")
    assert (during["photos"], during["public_result"]) == ([], "")
    seen = api.ok(f"GET /events/{event['id']}", "wang")
    hidden = f"/api/v1{path}/files/{seen['result_photos'][0]['id']}"
    assert api.raw(hidden, "nobody").status_code == 404
    api.ok(f"POST /events/{event['id']}/confirmations", "wang", {"solved": True})
    (row,) = api.ok("GET /public/events?state=solved", "nobody")["items"]
    assert row["solved_at"] is not None
    assert api.ok("GET /public/events", "nobody")["items"] == []
    shown = api.ok(f"GET {path}", "nobody")
    assert shown["public_result"] == "路灯修好了"
    (photo,) = shown["photos"]
    answer = api.raw(photo["url"], "nobody")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public")
    # The caller's own photo stays the caller's.
    assert api.raw(f"/api/v1{path}/files/{seen['photos'][0]['id']}", "nobody").status_code == 404
    assert {line["text"] for line in shown["timeline"]} <= {
        "居民反映", "工作人员认领", "到场处置", "处置完成", "核查通过",
    }  # fmt: skip


def test_a_kind_that_is_not_public_is_on_no_map(api: Api, services) -> None:
    from backend.domains.dispatch.settings_model import EventCategory

    event = api.report("wang", **IN_B)
    with services.unit() as uow:
        uow.session.get_one(EventCategory, "light").public = False
    assert api.ok("GET /public/events", "nobody")["items"] == []
    assert api.ask(f"GET /public/events/{event['id']}", "nobody")[0] == 404
    assert services.db.session().get(Event, event["id"]) is not None


def test_the_own_list_is_paged(api: Api, clock) -> None:
    for _ in range(3):
        api.report("wang")
        clock.advance(timedelta(minutes=1))
    first = api.ok("GET /events?limit=2", "wang")
    rest = api.ok(f"GET /events?limit=2&cursor={first['next_cursor']}", "wang")
    ids = [row["id"] for row in first["items"] + rest["items"]]
    assert (len(set(ids)), rest["next_cursor"]) == (3, None)


def test_an_unchanged_page_costs_a_304(api: Api) -> None:
    event = api.report("wang")
    path = f"/api/v1/events/{event['id']}"
    tag = api.raw(path, "wang").headers["ETag"]
    assert api.raw(path, "wang", **{"If-None-Match": tag}).status_code == 304
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    assert api.raw(path, "wang", **{"If-None-Match": tag}).status_code == 200
