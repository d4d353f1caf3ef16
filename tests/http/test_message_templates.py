"""Staff change the words of messages: refused by field when they cannot be sent, traced, undone."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.messages.kinds import KINDS
from backend.domains.messages.template_texts import written
from backend.kernel.services import Services
from backend.kernel.trace import TraceEntry
from notifications import templates
from tests.conftest import KeyedClient
from tests.people import sign_in_staff
from tests.standin import Standin
from tests.web import web_app

PATH = "/api/v1/staff/message-templates"
BOOKED = f"{PATH}/appointment_booked"


class Editor:
    """An administrator at the console."""

    def __init__(self, services: Services, role: str = "administrator") -> None:
        app = web_app(services)
        app.test_client_class = KeyedClient
        self._client = app.test_client(use_cookies=False)
        self._headers = dict(sign_in_staff(services, (role, "district", None)))

    def ask(self, method: str, path: str, body: Any = None, tag: str | None = None) -> Any:
        headers = self._headers | ({"If-Match": f'"{tag}"'} if tag else {})
        return self._client.open(path, method=method, headers=headers, json=body)

    def get(self, path: str = BOOKED) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def draft(self, tag: str, **changes: Any) -> Any:
        body = {"texts": texts(**changes), "note": "更短"}
        return self.ask("POST", f"{BOOKED}/drafts", body, tag)

    def use(self, tag: str, version: int) -> Any:
        return self.ask("POST", f"{BOOKED}/activations", {"version": version}, tag)


def texts(**changes: Any) -> dict[str, Any]:
    return {**written(KINDS["appointment_booked"]), **changes}


@pytest.fixture
def editor(talking: Services) -> Editor:
    return Editor(talking)


def said(services: Services) -> str:
    with services.unit() as uow:
        return templates.in_use(uow.session).of(KINDS["appointment_booked"])[0].title


def test_every_kind_is_listed_by_topic_and_agrees_with_wechats_account(editor: Editor) -> None:
    found = editor.get(PATH)
    assert [one["key"] for one in found["items"] if one["problems"]] == []
    assert {one["key"] for one in found["items"]} == {kind.key for kind in KINDS}
    assert found["account_problems"] == []
    assert found["read_at"]
    first = found["items"][0]
    assert (first["topic_text"], first["version"], first["has_draft"]) == (
        "预约和叫号",
        None,
        False,
    )


def test_a_kind_is_shown_with_names_its_fields_and_its_samples(editor: Editor) -> None:
    shown = editor.get()
    assert shown["builtin"]["title"] == "约好了：{事项}"
    card = shown["cards"]["subscribe"]
    assert (card["title"], card["long_term"]) == ("预约成功提醒", False)
    assert card["fields"][0] == {"key": "thing1", "label": "办理事项", "choices": []}
    start = next(one for one in shown["values"] if one["moment"])
    assert (start["name"], start["short"]) == ("预约时间", "1月4日（周一）9:00")


def test_a_draft_is_used_only_once_somebody_says_so_and_can_be_taken_back(
    editor: Editor, talking: Services
) -> None:
    saved = editor.draft(editor.get()["etag"], title="预约成功：{事项}").json
    assert [(one["version"], one["state"]) for one in saved["versions"]] == [(1, "draft")]
    assert said(talking) == "约好了：{item_name}"
    used = editor.use(saved["etag"], 1).json
    assert used["versions"][0]["state_text"] == "在用"
    assert said(talking) == "预约成功：{item_name}"
    assert next(one for one in editor.get(PATH)["items"]
                if one["key"] == "appointment_booked")["version"] == 1  # fmt: skip
    back = editor.ask("POST", f"{BOOKED}/resets", {}, used["etag"])
    assert back.status_code == 200
    assert said(talking) == "约好了：{item_name}"
    with talking.unit() as uow:
        query = select(TraceEntry).where(TraceEntry.subject_kind == "message_template")
        entries = list(uow.session.scalars(query.order_by(TraceEntry.seq)))
    assert [one.action for one in entries] == ["draft", "activate", "reset"]
    assert "标题：「约好了：{事项}」 → 「预约成功：{事项}」" in entries[0].internal_text


def test_a_draft_can_be_thrown_away(editor: Editor) -> None:
    saved = editor.draft(editor.get()["etag"], title="预约成功").json
    gone = editor.ask("DELETE", f"{BOOKED}/drafts", None, saved["etag"])
    assert gone.json["versions"][0]["state"] == "retired"
    assert editor.ask("DELETE", f"{BOOKED}/drafts", None, gone.json["etag"]).status_code == 409
    assert editor.use(gone.json["etag"], 1).status_code == 409
    assert editor.use(gone.json["etag"], 7).status_code == 404
    assert editor.ask("POST", f"{BOOKED}/resets", {}, gone.json["etag"]).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": "{天气}"}, "title", "标题：没有「天气」这一项"),
        ({"body": "{事项.__class__}"}, "body", "正文：花括号里只能写"),
        ({"body": ""}, "body", "正文不能空着"),
        ({"sms": "长" * 500}, "sms", "短信最多469个字"),
        ({"sms": ""}, "ladder", "选了短信，还没有写短信的内容"),
        ({"ladder": ["staff_hook"], "staff": "好"}, "ladder", "发给个人"),
        (
            {"subscribe": [{"key": "thing1", "text": "{事项}"}]}, "subscribe.time2",
            "微信模板里有「预约时间」（time2），请补上",
        ),
        (
            {"service": [{"key": "phrase4", "text": "正在等待办理"}]}, "service.phrase4",
            "服务号消息「状态」：内容最短时是「正在等待办理」，发出去会变成「正在等待办」",
        ),
    ],
)  # fmt: skip
def test_words_that_cannot_be_sent_are_refused_when_they_are_saved(
    editor: Editor, changes: dict[str, Any], field: str, words: str
) -> None:
    before = editor.get()
    answer = editor.draft(before["etag"], **changes)
    assert (answer.status_code, answer.json["code"]) == (422, "template_unfit")
    assert any(words in text for text in answer.json["errors"][field]), answer.json
    assert editor.get() == before


def test_a_moment_on_a_card_is_given_its_year_by_itself(editor: Editor) -> None:
    rows = [dict(row) for row in texts()["subscribe"]]
    rows[1]["text"], rows[4]["text"] = "{预约时间}", "请带身份证"
    saved = editor.draft(editor.get()["etag"], subscribe=rows)
    assert saved.status_code == 200, saved.json
    assert saved.json["versions"][0]["texts"]["subscribe"][1]["text"] == "{预约时间:年月日}"


def test_nobody_overwrites_what_somebody_else_has_just_changed(editor: Editor) -> None:
    seen = editor.get()["etag"]
    assert editor.draft(seen, title="预约成功").status_code == 200
    assert editor.draft(seen, title="约上了").status_code == 412
    assert editor.ask("POST", f"{BOOKED}/resets", {}).status_code == 412


def test_the_built_in_words_are_no_change(editor: Editor) -> None:
    answer = editor.draft(editor.get()["etag"])
    assert (answer.status_code, answer.json["code"]) == (422, "nothing_changed")


def test_a_preview_shows_the_phone_with_the_shortest_and_the_longest_and_keeps_nothing(
    editor: Editor,
) -> None:
    body = {"texts": texts(title="好了：{事项}", sms="{事项}，{天气}，{事项:几点}")}
    found = editor.ask("POST", f"{BOOKED}/previews", body).json
    assert found["short"]["title"] == "好了：社保卡挂失"
    assert found["long"]["title"].endswith("…")
    assert found["short"]["subscribe"]["rows"][1] == {
        "key": "time2", "label": "预约时间", "value": "2027年1月4日 09:00", "fits": True,
        "changed": False,
    }  # fmt: skip
    assert found["short"]["sms"]["text"] == "{事项}，{天气}，{事项:几点}", (
        "what cannot be filled stands as it is"
    )
    assert list(found["problems"]) == ["sms"]
    assert editor.get()["versions"] == []


def test_a_preview_counts_the_parts_of_a_text_message_with_its_signature(editor: Editor) -> None:
    sign = editor.ask("POST", f"{BOOKED}/previews", {"texts": texts()}).json["short"]["sms"]["sign"]
    room = 70 - len(f"【{sign}】")
    for length, parts in ((room, 1), (room + 1, 2), (134 - len(f"【{sign}】"), 2)):
        body = {"texts": texts(sms="字" * length)}
        shown = editor.ask("POST", f"{BOOKED}/previews", body).json["short"]["sms"]
        assert shown["parts"] == parts


def test_wechat_out_of_reach_is_told_and_stops_nobody(
    editor: Editor, standin: Standin, talking: Services
) -> None:
    standin.fault("/wxaapi/newtmpl/gettemplate", times=9, errcode=-1)
    found = editor.ask("GET", f"{PATH}?fresh=true").json
    assert any("暂时读不到小程序的模板" in text for text in found["account_problems"])
    talking.redis.client.flushall()
    standin.fault("/wxaapi/newtmpl/gettemplate", times=9, errcode=-1)
    assert editor.draft(editor.get()["etag"], title="预约成功").status_code == 200


def test_a_template_that_the_account_does_not_have_is_named(
    talking: Services, standin: Standin
) -> None:
    import dataclasses

    wechat = dataclasses.replace(
        talking.settings.wechat, template_booked="another", long_term=frozenset({"event"})
    )
    talking.settings = dataclasses.replace(talking.settings, wechat=wechat)
    found = Editor(talking).get(PATH)["account_problems"]
    assert "小程序里没有「预约成功提醒」用的模板，发送会失败，请核对模板编号" in found
    assert "「事件进展提醒」在微信是一次性模板，这里设成了长期模板，请改设置" in found
    assert "「任务待处理提醒」在微信是长期模板，这里设成了一次性模板，请改设置" in found


def test_who_only_looks_changes_nothing(talking: Services) -> None:
    looking = Editor(talking, "supervisor")
    tag = looking.get()["etag"]
    assert looking.draft(tag, title="预约成功").status_code == 403
    assert looking.ask("POST", f"{BOOKED}/previews", {"texts": texts()}).status_code == 200
    assert looking.ask("GET", f"{PATH}/no_such_kind").status_code == 404
