"""Topics over HTTP: the pages of neighbours and staff, two editors, the poster, hostile words."""

import io
from datetime import timedelta
from uuid import UUID

import pytest
from PIL import Image

from backend.domains.deliberation import leading, moderating, rules
from backend.kernel import sessions
from tests.community_world import AREA, OTHER_AREA, STREET
from tests.conftest import body
from tests.people import Headers, sign_in_person, sign_in_staff
from tests.topics_world import DRAFT, Town, town

API = "/api/v1"
SAVED = {key: value for key, value in DRAFT.items() if key != "budget_cents"}


def headers_of(services, person: UUID) -> Headers:
    with services.unit() as uow:
        opened = sessions.open_session(
            uow, principal_kind="person", principal_id=person, channel="weixin"
        )
    found = Headers(Authorization=f"Bearer {opened.token}")
    found.id = person
    return found


class Stage:
    def __init__(self, services, client):
        self.place: Town = town(services, 6)
        self.client, self.services = client, services
        self.me = headers_of(services, self.place.people[0])
        self.other = headers_of(services, self.place.people[1])
        self.fang = sign_in_staff(services, ("community_worker", "community", AREA), name="方敏")
        self.luo = sign_in_staff(services, ("community_worker", "community", AREA), name="罗佳")
        self.street = sign_in_staff(services, ("street_leader", "street", STREET))
        self.away = sign_in_staff(services, ("community_worker", "community", OTHER_AREA))

    def get(self, path, who, status=200, **query):
        answer = self.client.get(f"{API}{path}", headers=who, query_string=query)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer if "html" in answer.content_type or status == 204 else body(answer)

    def send(self, method, path, who, json=None, status=200, **headers):
        answer = self.client.open(
            f"{API}{path}", method=method, headers={**who, **headers}, json=json or {}
        )
        assert answer.status_code == status, answer.get_data(as_text=True)
        return body(answer) if answer.data else None

    def post(self, path, who, json=None, status=201):
        return self.send("POST", path, who, json, status)

    def picture(self, who, path="/topic-files"):
        out = io.BytesIO()
        Image.new("RGB", (900, 900), "red").save(out, "JPEG")
        out.seek(0)
        answer = self.client.post(
            f"{API}{path}", headers=who, data={"file": (out, "x.jpg")},
            content_type="multipart/form-data",
        )  # fmt: skip
        assert answer.status_code == 201
        return body(answer)["id"]

    def propose(self, **changes):
        new = {
            "community_id": str(self.place.estate.community_id), "kind": "matter",
            "title": "三栋前装两盏灯", "words": "晚上太黑。", **changes,
        }  # fmt: skip
        return self.post("/topics", self.me, new)


@pytest.fixture
def stage(services, client):
    return Stage(services, client)


def test_a_neighbour_proposes_and_others_find_it_once_it_is_checked(stage):
    (home,) = stage.get("/communities/mine", stage.me)["items"]
    assert home["verified"]
    kinds = {one["kind"]: one for one in home["kinds"]}
    assert {"matter", "owners_major", "lift"} <= set(kinds)
    assert [one["kind"] for one in kinds["lift"]["scopes"]] == ["entrance"]
    picture = stage.picture(stage.me)
    made = stage.propose(file_ids=[picture])
    path = f"/topics/{made['id']}"
    assert made["notice"]["experience"] == "checking"
    assert made["number"].startswith("T")
    stage.get(path, stage.other, 404)
    stage.get(f"{path}/files/{picture}", stage.other, 404)
    stage.place.check()
    # The picture is looked at by a person here, since nobody can fetch it.
    (waiting,) = stage.get("/staff/content-checks", stage.fang)["items"]
    decision = f"/staff/content-checks/{waiting['id']}/decisions"
    stage.post(decision, stage.away, {"passed": True}, 404)
    assert stage.client.get(waiting["pictures"][0], headers=stage.fang).status_code == 200
    stage.post(decision, stage.fang, {"passed": True}, 200)
    found = stage.get(path, stage.other)
    assert found["state"] == "seconding"
    assert found["main_action"]["code"] == "second"
    assert found["rule"]["version"] == 2
    assert "居民委员会" in found["rule"]["basis"]
    small = stage.client.get(found["pictures"][0]["small_url"], headers=stage.other)
    assert small.content_type == "image/jpeg"
    assert stage.post(f"{path}/seconds", stage.other)["seconded"]
    (card,) = stage.get("/topics", stage.other, state="open", mine="true")["items"]
    assert (card["followed"], card["seconds_count"]) == (True, 1)


def test_pages_that_did_not_change_are_not_sent_again(stage):
    topic_id = stage.place.propose()
    first = stage.client.get(f"{API}/topics/{topic_id}", headers=stage.other)
    headers = {**stage.other, "If-None-Match": first.headers["ETag"]}
    again = stage.client.get(f"{API}/topics/{topic_id}", headers=headers)
    assert again.status_code == 304


def test_strangers_find_nothing(stage):
    topic_id = stage.place.propose()
    stranger = sign_in_person(stage.services)
    assert stage.get("/topics", stranger)["items"] == []
    for path in ("", "/comments", "/statements", "/opinion-map", "/progress"):
        stage.get(f"/topics/{topic_id}{path}", stranger, 404)
    stage.post(f"/topics/{topic_id}/comments", stranger, {"text": "x"}, 404)
    assert stage.get("/staff/topics", stage.away)["items"] == []
    stage.get(f"/staff/topics/{topic_id}", stage.away, 404)


@pytest.mark.requirement("004.11")
def test_two_editors_of_one_draft_are_told_of_each_other(stage):
    path = f"/staff/topics/{stage.place.discussing()}"
    stage.get(f"{path}/draft", stage.fang, 404)
    save = f"{path}/draft"
    stage.send("PUT", save, stage.fang, SAVED, 412)
    stage.send("PUT", save, stage.fang, SAVED, 200, **{"If-Match": '"d0"'})
    stage.send("PUT", save, stage.fang, {**SAVED, "text": "甲"}, 200, **{"If-Match": '"d1"'})
    late = stage.send("PUT", save, stage.luo, {**SAVED, "text": "乙"}, 412, **{"If-Match": '"d1"'})
    assert late["code"] == "draft_changed"
    assert (late["current"]["text"], late["current"]["by"]) == ("甲", "方敏")
    merged = stage.send("PUT", save, stage.luo, {**SAVED, "text": "甲乙"}, 200,
                        **{"If-Match": '"d2"'})  # fmt: skip
    assert merged["number"] == 3
    stage.send("PUT", save, stage.street, SAVED, 403, **{"If-Match": '"d3"'})


def test_the_desk_leads_a_topic_to_its_end(stage):
    place = stage.place
    topic_id = place.submitted()
    path = f"/staff/topics/{topic_id}"
    rows = stage.get("/staff/topics", stage.fang, state="submitted", q="两盏灯")["items"]
    assert rows[0]["can"] == ["accept", "decline", "answer"]
    stage.post(f"{path}/acceptances", stage.fang, {"note": "好建议"}, 200)
    stage.post(f"{path}/stages", stage.fang, {"action": "discuss", "days": 3}, 200)
    stage.post(f"{path}/statements", stage.fang, {"text": "灯要声控"})
    stage.post(
        f"{path}/stages", stage.fang, {"action": "prolong", "days": 9, "reason": "不急"}, 200
    )
    stage.post(f"{path}/stages", stage.fang, {"action": "draft"}, 200)
    stage.send("PUT", f"{path}/draft", stage.fang, SAVED, 200, **{"If-Match": '"d0"'})
    shown = stage.post(f"{path}/notices", stage.fang, {"days": 3}, 200)
    assert shown["state"] == "noticing"
    stage.post(f"/topics/{topic_id}/objections", stage.other, {"words": "刺眼"})
    (objection,) = stage.get(path, stage.street)["objections"]
    assert objection["can"] == ["mediate", "dismiss", "sustain"]
    decide = f"/staff/topic-objections/{objection['id']}/decisions"
    stage.post(decide, stage.fang, {"action": "dismiss", "reason": "x"}, 403)
    stage.post(decide, stage.street, {"action": "dismiss", "reason": "加灯罩"}, 200)
    assert stage.get(f"/topics/{topic_id}", stage.other)["my_objections"][0]["decision"] == "加灯罩"
    stage.post(f"{path}/stages", stage.street, {"action": "redraft", "reason": "写上灯罩"}, 200)
    stage.post(f"{path}/stages", stage.fang, {"action": "carry_out"}, 200)
    photo = stage.picture(stage.fang, "/staff/topic-files")
    report = {"text": "装好了", "percent": 100, "file_ids": [photo]}
    stage.post(f"{path}/progress", stage.fang, report)
    stage.post(f"{path}/closings", stage.fang, {"summary": "亮了"}, 200)
    (row,) = stage.get(f"/topics/{topic_id}/progress", stage.other)["items"]
    assert stage.client.get(row["pictures"][0]["url"], headers=stage.other).status_code == 200
    detail = stage.get(f"/topics/{topic_id}", stage.other)
    assert (detail["state"], detail["progress_percent"]) == ("closed", 100)
    assert detail["timeline"][0]["text"] == "已办结：亮了"


def test_an_edit_needs_the_version_seen(stage):
    topic_id = stage.place.discussing(kind="owners_ordinary")
    path = f"/staff/topics/{topic_id}"
    silence = {"silence_with_majority": True, "silence_basis": "议事规则第九条"}
    version = stage.get(path, stage.fang)["version"]
    stage.send("PUT", path, stage.fang, silence, 412)
    stage.send("PUT", path, stage.fang, silence, 200, **{"If-Match": f'"{version}"'})
    stage.send("PUT", path, stage.luo, silence, 412, **{"If-Match": f'"{version}"'})


def test_the_talk_over_http(stage):
    topic_id = stage.place.discussing()
    said = stage.post(f"/topics/{topic_id}/comments", stage.me, {"text": "违规的话"})
    assert said["notice"]["experience"] == "checking"
    stage.place.check()
    mine = stage.get(f"/topics/{topic_id}/comments", stage.me)["items"][0]
    assert mine["notice"]["experience"] == "refused"
    assert stage.get(f"/topics/{topic_id}/comments", stage.other)["items"] == []
    stage.send("PUT", f"/comments/{said['id']}", stage.me, {"text": "改好的话"})
    stage.place.check()
    liked = stage.post(f"/comments/{said['id']}/likes", stage.other, {"liked": True}, 200)
    assert (liked["likes"], liked["liked"]) == (1, True)
    answer = {"text": "已经转物业", "parent_id": said["id"]}
    assert stage.post(f"/staff/topics/{topic_id}/official-answers", stage.fang, answer)["official"]
    found = stage.get(f"/topics/{topic_id}/comments", stage.me, parent=said["id"])["items"]
    assert found[0]["author"] == "社区 方敏"
    stage.post(f"/comments/{said['id']}/reports", stage.other, {"why": "other"}, 204)
    (case,) = stage.get("/staff/moderation", stage.fang)["items"]
    done = stage.post(f"/staff/moderation-cases/{case['id']}/decisions", stage.fang,
                      {"action": "hide", "reason": "离题"}, 200)  # fmt: skip
    assert done["state"] == "hidden"
    hidden = stage.post(f"/comments/{said['id']}/appeals", stage.me, {"words": "没有离题"})
    assert hidden["notice"]["experience"] == "hidden"
    (appeal,) = stage.get("/staff/moderation", stage.street)["items"]
    assert appeal["can"] == ["restore", "uphold"]
    everything = stage.get(f"/staff/topics/{topic_id}/comments", stage.fang)["items"]
    assert everything[0]["state"] == "hidden"
    stage.send("DELETE", f"/comments/{said['id']}", stage.me, status=204)


def test_statements_and_the_map_over_http(stage):
    topic_id = stage.place.discussing()
    stage.post(f"/topics/{topic_id}/statements", stage.me, {"text": "灯要声控"})
    stage.place.check()
    (row,) = stage.get(f"/topics/{topic_id}/statements", stage.other)["items"]
    assert row["counts"] is None
    (row,) = stage.send("PUT", f"/statements/{row['id']}/vote", stage.other,
                        {"answer": "pass"})["items"]  # fmt: skip
    assert row["counts"] == {"agree": 1, "disagree": 0, "pass": 1}
    shown = stage.get(f"/topics/{topic_id}/opinion-map", stage.other)
    assert (shown["ready"], shown["participants"]) == (False, 2)
    staff = stage.get(f"/staff/topics/{topic_id}/opinion-map", stage.fang)
    assert (staff["participants"], staff["you"]) == (2, None)
    stage.get(f"/staff/topics/{topic_id}/opinion-map", stage.away, 404)
    stage.post(f"/statements/{row['id']}/reports", stage.other, {"why": "false"}, 204)
    stage.post(f"/staff/statements/{row['id']}/hidings", stage.fang, {"reason": "不实"}, 200)
    mine = stage.post(f"/statements/{row['id']}/appeals", stage.me, {"words": "是实情"})
    assert mine["items"][0]["notice"]["experience"] == "hidden"
    stage.send("DELETE", f"/statements/{row['id']}", stage.me, status=204)


def test_the_poster_says_the_rule_and_runs_nothing(stage):
    topic_id = stage.place.noticed(kind="owners_ordinary", title="<script>alert(1)</script>")
    answer = stage.get(f"/staff/topics/{topic_id}/notice", stage.fang)
    page = answer.get_data(as_text=True)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "参与的专有部分面积达到应参加的三分之二" in page
    assert "第二百七十八条" in page
    assert "没有投票的不算同意，也不算反对" in page
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_case_on_its_own_number_shows_how_it_stands(stage):
    topic_id = stage.place.propose()
    (row,) = stage.get("/matters", stage.me)["items"]
    assert row["receipt_number"] == stage.place.topic(topic_id).number
    assert row["state_text"] == rules.STATE_TEXT[rules.SECONDING]


def test_authors_are_told_in_their_inbox(stage):
    topic_id = stage.place.discussing()
    stage.post(f"/topics/{topic_id}/comments", stage.other, {"text": "违规的话"})
    stage.place.check()
    titles = [one["title"] for one in stage.get("/messages", stage.other)["items"]]
    assert "您的评论没有通过检查：三栋前装两盏灯" in titles
    assert any(title.startswith("讨论中") for title in titles)


def test_repeats_of_a_report_have_one_effect(stage):
    topic_id = stage.place.discussing()
    said = stage.post(f"/topics/{topic_id}/comments", stage.me, {"text": "好"})
    stage.place.check()
    for _ in range(2):
        stage.post(f"/comments/{said['id']}/reports", stage.other, {"why": "other"}, 204)
    with stage.place.unit() as uow:
        (case,) = moderating.waiting(uow, stage.place.fang)
    assert len(case["reports"]) == 1


def test_a_stage_that_was_prolonged_meanwhile_is_not_ended(stage):
    topic_id = stage.place.discussing()
    stage.place.act(leading.prolong, topic_id, 30, "还有人没说")
    stage.services.clock.advance(timedelta(days=10))
    stage.services.timers.fire_due(stage.services)
    assert stage.place.state(topic_id) == rules.DISCUSSING
