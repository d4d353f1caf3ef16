"""What the district sets, what the days add up to, and voice notes turned into text."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.domains.dispatch import speech
from backend.domains.dispatch.recording_model import Recording
from backend.domains.dispatch.settings_model import ClockRule
from backend.integrations.speech import HttpSpeechRecogniser, SpeechError
from backend.kernel.files import StoredFile
from backend.kernel.trace import TraceEntry
from tests import sounds
from tests.dispatch_api import Api, make_api, staff_headers
from tests.dispatch_world import IN_A, STREET

CATEGORY = {
    "parent_code": "city", "name": "路灯照明", "urgency": "normal", "dispose_amount": 48,
    "dispose_unit": "hours", "after_photo": True, "keywords": ["路灯", "灯不亮"],
    "department_code": "cgj", "position": 3,
}  # fmt: skip


@pytest.fixture
def api(services, client, sign_in_staff) -> Api:
    made = make_api(services, client)
    made.known["desk:admin"] = sign_in_staff(("administrator", "district", None))
    return made


def test_a_category_is_changed_by_its_etag_and_traced(api: Api, services) -> None:
    rows = api.ok("GET /staff/event-categories", "desk:he")["items"]
    assert [row["code"] for row in rows] == ["city", "light", "old", "pipe", "wall"]
    path = "PUT /staff/event-categories/light"
    assert api.ask(path, "desk:he", CATEGORY, **{"If-Match": '"1"'})[0] == 403
    assert api.ask(path, "desk:admin", CATEGORY)[0] == 412
    saved = api.ok(path, "desk:admin", CATEGORY, **{"If-Match": '"1"'})
    assert (saved["name"], saved["etag"], saved["after_photo"]) == ("路灯照明", "2", True)
    assert api.ask(path, "desk:admin", CATEGORY, **{"If-Match": '"1"'})[0] == 412
    for wrong, field in (
        ({"parent_code": "light"}, "parent_code"), ({"parent_code": "pipe"}, "parent_code"),
        ({"department_code": "nobody"}, "department_code"), ({"dispose_amount": 0}, "dispose_amount"),
        ({"urgency": "x"}, "urgency"), ({"keywords": ["长" * 21]}, "keywords.0"),
    ):  # fmt: skip
        status, refused = api.ask(path, "desk:admin", {**CATEGORY, **wrong}, **{"If-Match": '"2"'})
        assert (status, list(refused["errors"])) == (422, [field])
    with services.unit() as uow:
        entry = uow.session.scalars(
            select(TraceEntry).where(TraceEntry.subject_kind == "event_category")
        ).one()
        assert "路灯 → 路灯照明" in entry.internal_text


def test_a_category_can_be_new_and_a_group_stays_a_group(api: Api) -> None:
    path = "PUT /staff/event-categories/bench"
    assert (
        api.ask(path, "desk:admin", {**CATEGORY, "name": "长椅"}, **{"If-Match": '"1"'})[0] == 412
    )
    made = api.ok(path, "desk:admin", {**CATEGORY, "name": "长椅"}, **{"If-Match": '"new"'})
    assert made["etag"] == "1"
    (group,) = api.ok("GET /event-categories", "nobody")["items"]
    assert "bench" in [child["code"] for child in group["children"]]
    status, refused = api.ask(
        "PUT /staff/event-categories/city", "desk:admin", {**CATEGORY, "parent_code": "bench"},
        **{"If-Match": '"1"'},
    )  # fmt: skip
    assert (status, list(refused["errors"])) == (422, ["parent_code"])


def test_limits_are_replaced_as_a_whole_and_hold_for_new_calls(api: Api, services) -> None:
    shown = api.ok("GET /staff/clock-rules", "desk:he")
    assert (shown["items"], len(shown["defaults"])) == ([], 13)
    rule = {
        "kind": "claim",
        "category_code": "light",
        "urgency": None,
        "amount": 7,
        "unit": "minutes",
    }
    tag = {"If-Match": f'"{shown["etag"]}"'}
    path = "PUT /staff/clock-rules"
    assert api.ask(path, "desk:admin", {"items": [rule]})[0] == 412
    assert api.ask(path, "desk:admin", {"items": [rule, rule]}, **tag)[0] == 422
    strange = {**rule, "category_code": "none-such"}
    assert api.ask(path, "desk:admin", {"items": [strange]}, **tag)[0] == 422
    saved = api.ok(path, "desk:admin", {"items": [rule]}, **tag)
    assert saved["items"][0]["kind_text"] == "认领"
    assert api.ask(path, "desk:admin", {"items": []}, **tag)[0] == 412
    event = api.report("wang")
    assert event["due_text"] == "最晚11月23日（周一）8:07有人认领"
    api.ok(path, "desk:admin", {"items": []}, **{"If-Match": f'"{saved["etag"]}"'})
    with services.unit() as uow:
        assert uow.session.scalars(select(ClockRule)).all() == []
        texts = uow.session.scalars(
            select(TraceEntry.internal_text).where(TraceEntry.subject_kind == "clock_rules")
        ).all()
    assert sorted(texts) == sorted(["light/全部 认领 7分钟", "取消 light/全部 认领 7分钟"])


def test_a_day_in_numbers(api: Api, clock) -> None:
    first, second = api.report("wang"), api.report("li", category_code="pipe", words="水管漏水")
    api.report("li", latitude=31.0, longitude=121.0)
    clock.advance(timedelta(minutes=4))
    api.ok(f"POST /worker/events/{first['id']}/claim", "phone:chen", {})
    api.services.timers.fire_due(api.services)
    clock.advance(timedelta(minutes=8))
    api.services.timers.fire_due(api.services)
    api.ok(f"POST /worker/events/{second['id']}/claim", "phone:chen", {})
    api.ok(f"POST /worker/events/{first['id']}/start", "phone:chen", {})
    done = {"result": "x", "public_text": "好了"}
    api.ok(f"POST /worker/events/{first['id']}/dispose", "phone:chen", done)
    api.ok(f"POST /events/{first['id']}/confirmations", "wang", {"solved": True})
    api.ok(f"POST /events/{first['id']}/ratings", "wang", {"score": 4})
    day = api.ok("GET /staff/reports/daily", "desk:he")
    assert (day["date"], day["called"], day["closed"], day["open_now"]) == ("2026-11-23", 3, 1, 2)
    assert (day["response"]["p50_minutes"], day["response"]["p90_minutes"]) == (4.0, 12.0)
    assert [row["count"] for row in day["response"]["buckets"]] == [1, 1, 0, 0, 0]
    # The urgent one went up after five minutes; then up again.
    assert {row["level_text"]: row["count"] for row in day["escalations"]}["副网格员"] == 1
    assert day["overdue"]["count"] >= 1
    assert day["overdue"]["share"] == round(day["overdue"]["count"] / day["overdue"]["of"], 4)
    assert {row["code"]: (row["count"], row["closed"]) for row in day["by_category"]} == {
        "light": (2, 1), "pipe": (1, 0),
    }  # fmt: skip
    assert {row["name"]: row["count"] for row in day["by_street"]} == {"月河街道": 2, "位置不详": 1}
    assert day["load"][0] == {"staff_name": "chen", "handled": 1, "open": 1}
    assert day["satisfaction"] == {"average": 4.0, "rated": 1}
    assert day["hours"][8] == {"hour": 8, "called": 3, "claimed": 2}
    assert api.ok("GET /staff/reports/daily?date=2026-11-22", "desk:he")["called"] == 0
    assert api.ok(f"GET /staff/reports/daily?street={STREET}", "desk:he")["called"] == 2
    assert api.ok("GET /staff/reports/daily", "desk:lin")["called"] == 2
    other = "00000000-0000-0000-0000-000000000000"
    assert api.ask(f"GET /staff/reports/daily?street={other}", "desk:lin")[0] == 404
    assert api.ask("GET /staff/reports/daily", "desk:gao")[0] == 403


def test_heat_counts_cells_and_squares(api: Api) -> None:
    for _ in range(2):
        api.report("wang")
    api.report("wang", category_code="wall", words="墙裂了")
    days = "from=2026-11-01&to=2026-11-30"
    found = api.ok(f"GET /staff/reports/heat?{days}", "desk:he")
    assert [(row["name"], row["count"]) for row in found["cells"]] == [("第一网格", 3)]
    assert found["points"] == [
        [pytest.approx(IN_A["latitude"]), pytest.approx(IN_A["longitude"]), 3]
    ]
    walls = api.ok(f"GET /staff/reports/heat?{days}&category=wall&system=gcj02", "desk:he")
    assert walls["points"][0][0] != IN_A["latitude"]
    assert api.ok("GET /staff/reports/heat?from=2026-12-01&to=2026-12-02", "desk:he")["cells"] == []
    assert api.ask("GET /staff/reports/heat?from=2026-12-02&to=2026-12-01", "desk:he")[0] == 422
    assert api.ask("GET /staff/reports/heat?from=2020-12-02&to=2026-12-01", "desk:he")[0] == 422


class Recogniser(BaseHTTPRequestHandler):
    """A stand-in for a speech service; `answers` are given in turn, the last one for ever."""

    answers: list[tuple[int, bytes]]
    asked: list[tuple[str, str, int]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.headers["Authorization"], self.headers["Content-Type"], len(body)))
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quietly."""


@pytest.fixture
def service(api: Api) -> Iterator[type[Recogniser]]:
    text = json.dumps({"text": "路灯\0不亮 "}).encode()
    own = type("Own", (Recogniser,), {"answers": [(200, text)], "asked": []})
    server = HTTPServer(("127.0.0.1", 0), own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/asr"
    api.services.extensions[speech.EXTENSION] = HttpSpeechRecogniser(url, "the key")
    yield own
    server.shutdown()


def call(api: Api) -> dict:
    _, note = api.upload("wang", sounds.ogg(5), "event_voice")
    found = api.report("wang", words="", voice_id=note["id"])
    return dict(found)


def test_a_voice_note_becomes_text_by_the_worker(api: Api, service) -> None:
    event = call(api)
    assert event["voice"]["state_text"] == "正在转成文字"
    assert service.asked == []
    assert speech.run(api.services) == 1
    ((key, media_type, size),) = service.asked
    assert (key, media_type, size > 100) == ("Bearer the key", "audio/ogg", True)
    seen = api.ok(f"GET /events/{event['id']}", "wang")["voice"]
    assert (seen["text"], seen["state_text"]) == ("路灯不亮", "语音转文字，以录音为准")
    desk = api.ok(f"GET /staff/events/{event['id']}", "desk:he")
    assert desk["voice"]["text"] == "路灯不亮"
    assert desk["timeline"][0]["internal_text"] == "语音已转成文字"
    assert speech.run(api.services) == 0


def test_a_service_in_trouble_is_asked_again_and_given_up_in_the_end(
    api: Api,
    service,
    clock,
) -> None:
    service.answers = [(503, b""), (200, b"not json")]
    event = call(api)
    assert speech.run(api.services) == 1
    assert speech.run(api.services) == 0
    clock.advance(timedelta(minutes=1))
    assert speech.run(api.services) == 1
    seen = api.ok(f"GET /events/{event['id']}", "wang")["voice"]
    assert (seen["text"], seen["state_text"]) == ("", "没有听清，请听录音")
    with api.services.unit() as uow:
        (row,) = uow.session.scalars(select(Recording)).all()
        assert (row.tried, row.due_at) == (2, None)


def test_a_dead_service_is_not_asked_for_ever(api: Api, service, clock) -> None:
    service.answers = [(500, b"")]
    call(api)
    for _ in range(speech.MOST_TRIES + 3):
        speech.run(api.services)
        clock.advance(timedelta(hours=5))
    assert len(service.asked) == speech.MOST_TRIES


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ((401, b""), True),
        ((400, b""), False),
        ((200, b"[]"), False),
        ((200, b'{"text": 1}'), False),
    ],
)
def test_refusals_say_whether_trying_later_helps(service, api: Api, answer, again) -> None:
    service.answers = [answer]
    with pytest.raises(SpeechError) as failed:
        api.services.extensions[speech.EXTENSION].recognise(b"x", "audio/wav")
    assert failed.value.again is again


def test_no_service_at_the_address_may_come_back() -> None:
    with pytest.raises(SpeechError) as failed:
        HttpSpeechRecogniser("http://127.0.0.1:9/", "").recognise(b"x", "audio/wav")
    assert failed.value.again is True


def test_staff_of_another_kind_see_no_settings(api: Api, services) -> None:
    api.known["desk:chen"] = staff_headers(services, api.world.id("chen"))
    assert api.ask("PUT /staff/clock-rules", "desk:chen", {"items": []})[0] == 403
    assert api.ask("GET /staff/event-categories", "wang")[0] == 401


def test_a_closed_account_takes_its_voice_along(api: Api, service) -> None:
    event = call(api)
    photo = api.photo("wang")
    speech.run(api.services)
    api.ok(f"POST /events/{event['id']}/cancellations", "wang", {"reason": "好了"})
    files = api.ok("GET /me/export", "wang")["parts"]["event_files"]
    assert [(row["media_type"], row["text"]) for row in files] == [
        ("audio/ogg", "路灯不亮"), ("image/jpeg", ""),
    ]  # fmt: skip
    closed = api.client.post(
        "/api/v1/me/close", headers=api.headers("wang"), json={"confirm": "注销账号"}
    )
    assert closed.status_code < 300
    desk = api.ok(f"GET /staff/events/{event['id']}", "desk:he")
    assert desk["voice"] is None
    with api.services.unit() as uow:
        assert uow.session.scalars(select(Recording)).all() == []
        assert uow.session.get_one(StoredFile, UUID(photo)).owner_id is None
