"""The knowledge base over HTTP: the whole chain with real sign-ins, two editors, files, residents."""

import io
import json

import pytest

from tests.knowledge_world import CONTENT, RSJ, make

STAFF = "/api/v1/staff/articles"


@pytest.fixture
def people(services, sign_in_staff):
    make(services)
    here = ("department", RSJ)
    return {
        "author": sign_in_staff(("department_handler", *here), name="余华"),
        "author2": sign_in_staff(("department_handler", *here), name="高波"),
        "head": sign_in_staff(("department_head", *here), name="许蓉"),
        "centre": sign_in_staff(("hotline_reviewer", "district", None), name="毛琳"),
        "operator": sign_in_staff(("operator", "district", None), name="韩梅"),
    }


@pytest.fixture
def api(client, people):
    def call(who, method, path, *, status=200, **kwargs):
        headers = {**people.get(who, {}), **kwargs.pop("headers", {})}
        answer = client.open(path, method=method, headers=headers, **kwargs)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer

    return call


def content(**more):
    return {key: value for key, value in (CONTENT | more).items() if value is not None}


def publish(api, **more):
    body = {"department_id": str(RSJ), **content(**more)}
    made = api("author", "POST", STAFF, json=body, status=201).json
    path = f"{STAFF}/{made['id']}"
    for who, step in (("author", "submissions"), ("head", "approvals"), ("centre", "approvals")):
        made = api(who, "POST", f"{path}/{step}", json={}).json
    return made


@pytest.mark.requirement("card.07")
def test_from_the_first_words_to_a_residents_answer(api):
    made = publish(api)
    assert (made["state"], made["live"]["centre_reviewer_name"]) == ("published", "毛琳")
    assert [line["action"] for line in made["timeline"]][-1] == "go_live"
    found = api(None, "GET", "/api/v1/answers?q=失业金怎么领").json
    assert [card["id"] for card in found["items"]] == [made["id"]]
    assert any(part["hit"] for part in found["items"][0]["snippet"])
    assert api(None, "GET", "/api/v1/answers/suggestions?q=失业").json["items"][0]["id"]
    shown = api(None, "GET", f"/api/v1/articles/{made['id']}").json
    assert shown["text"] == CONTENT["public_text"]
    assert "internal" not in json.dumps(shown)
    body = {"query": "失业金", "kind": "article", "id": made["id"], "helpful": True}
    api(None, "POST", "/api/v1/answers/feedback", json=body, status=204)
    frequent = api(None, "GET", "/api/v1/public/frequent-questions").json["items"]
    assert frequent == [{"id": made["id"], "title": made["title"]}]
    answers = api("operator", "GET", "/api/v1/staff/answers?q=失业金&deep=true").json
    assert answers["items"][0]["public_text"] == CONTENT["public_text"]
    used = api("operator", "GET", "/api/v1/staff/knowledge-usage").json["items"][0]
    assert (used["viewed"], used["helpful"]) == (1, 1)


def test_of_two_editors_the_second_sees_the_others_words_beside_their_own(api):
    body = {"department_id": str(RSJ), "title": "两人同改"}
    made = api("author", "POST", STAFF, json=body, status=201)
    path, tag = f"{STAFF}/{made.json['id']}/draft", {"If-Match": made.headers["ETag"]}
    api("author", "PUT", path, json={"public_text": "甲写的话"}, headers=tag)
    lost = api("author2", "PUT", path, json={"public_text": "乙写的话"}, headers=tag, status=412)
    assert lost.content_type == "application/problem+json"
    assert lost.json["code"] == "stale"
    assert lost.json["current"]["draft"]["public_text"] == "甲写的话"
    assert lost.json["current"]["draft"]["writer_names"] == ["余华"]
    again = {"If-Match": lost.headers["ETag"]}
    both = {"public_text": "甲写的话\n乙写的话"}
    saved = api("author2", "PUT", path, json=both, headers=again).json
    assert saved["draft"]["writer_names"] == ["余华", "高波"]
    api("author", "PUT", path, json={"summary": "x"}, status=412)


def test_an_action_on_what_has_changed_is_refused(api):
    made = api("author", "POST", STAFF, status=201,
               json={"department_id": str(RSJ), **content()})  # fmt: skip
    path, old = f"{STAFF}/{made.json['id']}", {"If-Match": made.headers["ETag"]}
    api("author", "PUT", f"{path}/draft", json={"summary": "新"}, headers=old)
    api("author", "POST", f"{path}/submissions", json={}, headers=old, status=412)
    sent = api("author", "POST", f"{path}/submissions", json={})
    now = {"If-Match": sent.headers["ETag"]}
    api("head", "POST", f"{path}/approvals", json={}, headers=now)
    api("head", "POST", f"{path}/approvals", json={}, headers=now, status=412)


def test_a_centre_reviewer_sends_back_what_they_then_see_no_more(api):
    body = {"department_id": str(RSJ), **content()}
    made = api("author", "POST", STAFF, json=body, status=201).json
    path = f"{STAFF}/{made['id']}"
    api("author", "POST", f"{path}/submissions", json={})
    api("head", "POST", f"{path}/approvals", json={})
    back = api("centre", "POST", f"{path}/returns", json={"reason": "金额不对"}).json
    assert (back["draft"], back["live"]) == (None, None)
    api("centre", "GET", path, status=404)
    assert api("author", "GET", path).json["draft"]["note"] == "金额不对"


def test_a_draft_is_given_up_and_begun_again_from_an_older_version(api):
    made = publish(api)
    path = f"{STAFF}/{made['id']}"
    api("author", "POST", f"{path}/drafts", json={}, status=201)
    gone = api("author", "DELETE", f"{path}/draft").json
    assert gone["draft"] is None
    again = api("author", "POST", f"{path}/drafts", json={"number": 1}, status=201).json
    assert again["draft"]["number"] == 3
    compared = api("author", "GET", f"{path}/comparison?from=1&to=3").json
    assert not any(field["changed"] for field in compared["fields"])
    api("author", "POST", f"{path}/submissions", json={})
    api("author", "POST", f"{path}/recalls", json={})
    rows = api("author", "GET", f"{STAFF}?state=draft&mine=true").json["items"]
    assert [row["draft_version_number"] for row in rows] == [3]


def test_the_life_after_publishing(api):
    made = publish(api, expires_on="2026-12-10")
    path = f"{STAFF}/{made['id']}"
    assert api("operator", "GET", f"{STAFF}?expiring=30").json["items"][0]["expires_soon"]
    api("head", "POST", f"{path}/renewals", json={"expires_on": "2027-06-30"})
    assert api("operator", "GET", f"{STAFF}?expiring=30").json["items"] == []
    api("head", "POST", f"{path}/withdrawals", json={"reason": "政策调整"})
    api(None, "GET", f"/api/v1/articles/{made['id']}", status=404)
    ended = api("head", "POST", f"{path}/archivals", json={}).json
    assert (ended["state"], ended["can"]) == ("archived", [])


def test_attachments_go_to_whom_they_are_for_and_are_saved_not_opened(api):
    pdf = {"file": (io.BytesIO(b"%PDF-1.7\nplain"), "/tmp/办事指南\u202e.pdf")}
    up = api("author", "POST", "/api/v1/staff/article-files", data=pdf, status=201).json
    assert up["name"] == "办事指南.pdf"
    inner = {"file": (io.BytesIO(b"%PDF-1.7\ninner"), "内部.pdf")}
    other = api("author", "POST", "/api/v1/staff/article-files", data=inner, status=201).json
    files = [
        {"id": up["id"], "name": up["name"], "audience": "public"},
        {"id": other["id"], "name": other["name"], "audience": "internal"},
    ]
    made = publish(api, files=files)
    shown = api(None, "GET", f"/api/v1/articles/{made['id']}").json
    assert [file["name"] for file in shown["files"]] == ["办事指南.pdf"]
    sent = api(None, "GET", shown["files"][0]["url"])
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    base = f"/api/v1/articles/{made['id']}/files"
    api(None, "GET", f"{base}/{other['id']}", status=404)
    assert len(api("operator", "GET", f"{STAFF}/{made['id']}").json["live"]["files"]) == 2
    api("operator", "GET", f"{STAFF}/{made['id']}/files/{other['id']}")
    api("head", "POST", f"{STAFF}/{made['id']}/withdrawals", json={"reason": "错"})
    api(None, "GET", shown["files"][0]["url"], status=404)
    exe = {"file": (io.BytesIO(b"MZ\x90"), "x.pdf")}
    api("author", "POST", "/api/v1/staff/article-files", data=exe, status=422)


def test_a_correction_and_a_question_over_http(api):
    made = publish(api)
    path = f"{STAFF}/{made['id']}/corrections"
    asked = api("operator", "POST", path, json={"words": "金额不对"}, status=201).json
    assert (asked["light"], asked["by_name"]) == ("green", "韩梅")
    api("operator", "POST", path, json={"words": "再说"}, status=409)
    (row,) = api("author", "GET", "/api/v1/staff/corrections?state=open").json["items"]
    assert row["can"] == ["answer"]
    answer = f"/api/v1/staff/corrections/{row['id']}/answer"
    done = api("author", "POST", answer, json={"accepted": True, "answer": "改"}).json
    assert done["draft_number"] == 2
    api(None, "GET", "/api/v1/answers?q=流浪猫绝育去哪里")
    (miss,) = api("author", "GET", "/api/v1/staff/search-misses").json["items"]
    assert (miss["words"], miss["audience"]) == ("流浪猫绝育去哪里", "public")
    body = {"department_id": str(RSJ), "title": "流浪猫绝育"}
    api("author", "POST", f"/api/v1/staff/search-misses/{miss['id']}/articles", json=body,
        status=201)  # fmt: skip


def test_import_and_export_over_http(api):
    lines = '{"title": "甲", "public_text": "内容"}\n{"title": "乙"}\n'
    form = {
        "file": (io.BytesIO(lines.encode()), "a.jsonl"), "department_id": str(RSJ),
        "dry_run": "false",
    }  # fmt: skip
    report = api("author", "POST", "/api/v1/staff/article-imports", data=form).json
    assert (report["accepted"], [one["row"] for one in report["refused"]]) == (1, [2])
    publish(api)
    sent = api("operator", "GET", f"{STAFF}/export?format=xlsx")
    assert sent.get_data().startswith(b"PK")
    assert "attachment" in sent.headers["Content-Disposition"]
    text = api("operator", "GET", f"{STAFF}/export?format=jsonl&q=失业").get_data(as_text=True)
    assert [json.loads(line)["title"] for line in text.splitlines()] == [CONTENT["title"]]


@pytest.mark.parametrize(
    "path",
    ["/api/v1/answers", "/api/v1/answers?q=", "/api/v1/answers?q=a&cursor=x",
     "/api/v1/answers?q=a&kind=ticket", "/api/v1/answers?q=a&extra=1"],
)  # fmt: skip
def test_odd_questions_are_refused(api, path):
    api(None, "GET", path, status=422)


def test_pages_of_answers_follow_each_other(api):
    ids = {publish(api, title=f"失业保险金{word}")["id"] for word in "甲乙丙"}
    first = api(None, "GET", "/api/v1/answers?q=失业保险金&limit=2").json
    assert (first["total"], len(first["items"])) == (3, 2)
    rest = api(None, "GET", f"/api/v1/answers?q=失业保险金&limit=2&cursor={first['next_cursor']}")
    assert rest.json["next_cursor"] is None
    assert {one["id"] for one in [*first["items"], *rest.json["items"]]} == ids
