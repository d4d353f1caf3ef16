"""A text that cannot be sent is refused when it is saved, with its field named in Chinese."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.demo import standin_templates
from backend.demo.standin_settings import standin_environment
from backend.domains.messages.kinds import KINDS, TEMPLATES
from backend.domains.messages.topics import TOPICS
from notifications.checking import check, refused, sample, unknown_names
from notifications.fitting import units
from notifications.kinds import (
    MOST,
    SERVICE,
    SMS,
    STAFF_HOOK,
    SUBSCRIBE,
    Kind,
    Kinds,
    Value,
    render,
)
from notifications.registered import Field, Registered, read_service, read_subscribe
from notifications.rules import Priority
from notifications.templates import applied, difference, texts_of

NINE = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
VALUES = (
    Value("item", "事项", "社保卡", "城乡居民基本养老保险待遇领取资格认证和其他一共三十个字"),
    Value("start", "预约时间", NINE, NINE),
    Value("state", "状态", "已约", "待公布结果"),
    Value("number", "编号", "A1", "A261123-482073-5"),
    Value("floor", "楼层", "", "三楼"),
)
GOOD = Kind(
    key="k", name="预约成功", title="约好了：{item}", body="{start}办{item}。",
    priority=Priority.CONFIRMATION, life=timedelta(hours=1), ladder=(SUBSCRIBE, SERVICE, SMS),
    template_key="booked",
    subscribe=(("thing1", "{item}"), ("time2", "{start:wechat}"), ("character_string3", "{number}")),
    service=(("thing1", "{item}"), ("phrase2", "{state}")), sms="{start:clock}办{item}。",
    topic="appointments", values=VALUES,
)  # fmt: skip
CARD = Registered("t", "预约成功提醒", False, (
    Field("thing1", "办理事项"), Field("time2", "预约时间"), Field("character_string3", "预约号"),
))  # fmt: skip


def problems(registered: Any = None, **changes: Any) -> dict[str, list[str]]:
    return refused(check(replace(GOOD, **changes), registered))


def test_good_words_are_let_through() -> None:
    assert problems({"subscribe": CARD}) == {}
    assert problems(ladder=()) == {}, "the inbox alone will do"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"title": " "}, "title", "标题不能空着"),
        ({"body": ""}, "body", "正文不能空着"),
        ({"title": "{floor}"}, "title", "标题：内容最短时是空的"),
        ({"title": "{天气}"}, "title", "标题：没有「天气」这一项"),
        ({"body": "{item.__class__}"}, "body", "正文：花括号里只能写"),
        ({"sms": "{item"}, "sms", "短信：花括号要成对"),
        ({"sms": "【区政府】{item}"}, "sms", "签名会自动加上"),
        ({"sms": "字" * 470}, "sms", "短信最多469个字，现在最少也有470个字"),
        ({"title": "字" * 101}, "title", "标题最多100个字"),
        ({"body": "字" * 901}, "body", "正文最多900个字"),
        ({"body": "{item:几点}"}, "body", "「事项」不是时间"),
        ({"body": "{start:%Y}"}, "body", "「预约时间」后面只能加：几点、年月日"),
        ({"staff": "{谁}"}, "staff", "工作群：没有「谁」这一项"),
        ({"ladder": (SMS, SMS)}, "ladder", "同一种方式写了两次"),
        ({"ladder": ("telegram",)}, "ladder", "没有「telegram」这种方式"),
        ({"sms": ""}, "ladder", "选了短信，还没有写短信的内容"),
        ({"ladder": (STAFF_HOOK,)}, "ladder", "选了工作群，还没有写"),
        ({"template_key": ""}, "ladder", "没有订阅消息模板"),
        ({"ladder": (), "priority": Priority.CALL}, "ladder", "这是急事，至少留一种"),
        ({"subscribe": (("thing1", ""),)}, "subscribe.thing1", "不能空着"),
        ({"subscribe": (("weather1", "晴"),)}, "subscribe.weather1", "微信没有「weather1」"),
        ({"subscribe": (("thing1", "{谁}"),)}, "subscribe.thing1", "没有「谁」这一项"),
        (
            {"subscribe": (("thing1", "a"), ("thing1", "b"))},
            "subscribe.thing1", "thing1写了两次",
        ),
        ({"service": (("thing1", "字" * 21),)}, "service.thing1", "发出去会变成"),
        ({"service": (("phrase2", "正在等待处理"),)}, "service.phrase2", "发出去会变成「正在等待处」"),
        ({"service": (("phrase2", "{number}"),)}, "service.phrase2", "发出去会变成「无」"),
        ({"service": (("time2", "{item}"),)}, "service.time2", "微信只收像「15:01"),
        ({"service": (("time2", "{start}"),)}, "service.time2", "微信只收像「15:01"),
        ({"service": (("amount2", "{item}"),)}, "service.amount2", "微信只收像「12.50元」"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_by_its_field(
    changes: dict[str, Any], field: str, said: str
) -> None:
    found = problems(**changes)
    assert any(said in text for text in found[field]), found


def test_the_fields_of_the_registered_template_must_be_filled_and_no_others() -> None:
    more = (*GOOD.subscribe, ("thing9", "{item}"))
    found = problems({"subscribe": CARD}, subscribe=more)
    assert found["subscribe.thing9"] == [
        "订阅消息「thing9」：微信模板「预约成功提醒」里没有这一项（thing9）"
    ]
    found = problems({"subscribe": CARD}, subscribe=GOOD.subscribe[:2])
    assert found["subscribe.character_string3"] == [
        "订阅消息：微信模板里有「预约号」（character_string3），请补上"
    ]


def test_a_field_with_listed_values_takes_only_these() -> None:
    card = Registered(
        "t", "通知", None, (Field("thing1", "事项"), Field("phrase2", "状态", ("已约",)))
    )
    assert "微信只收：已约" in problems({"service": card})["service.phrase2"][0]
    good = (("thing1", "{item}"), ("phrase2", "已约"))
    assert problems({"service": card}, service=good) == {}


def test_a_long_value_is_cut_without_a_word_and_lost_words_are_told() -> None:
    assert check(GOOD) == []
    told = check(replace(GOOD, service=(("thing1", "{item}请带身份证"),)))
    assert [(one.field, one.stops) for one in told] == [("service.thing1", False)]
    told = check(replace(GOOD, sms="{item}" * 18 + "详情请看小程序"))
    assert [(one.field, one.stops) for one in told] == [("sms", False)]
    told = check(replace(GOOD, service=(("thing1", "{floor}"),)))
    assert [(one.field, one.stops, "会变成「无」" in one.text) for one in told] == [
        ("service.thing1", False, True)
    ]


def test_the_words_of_a_version_that_name_what_is_gone_are_found() -> None:
    assert unknown_names(GOOD) == []
    assert unknown_names(replace(GOOD, title="{gone}", body="{half")) == ["gone", "{half"]


def test_a_version_holds_only_what_differs() -> None:
    texts = texts_of(GOOD)
    assert difference(GOOD, texts) == {}
    changed = {**texts, "title": "好了", "service": [["thing1", "{item}"]], "ladder": [SMS]}
    kept = difference(GOOD, changed)
    assert kept == {"title": "好了", "service": [["thing1", "{item}"]], "ladder": [SMS]}
    made = applied(GOOD, kept)
    assert (made.title, made.service, made.ladder) == ("好了", (("thing1", "{item}"),), (SMS,))
    assert made.body == GOOD.body


def test_two_values_of_one_name_are_refused() -> None:
    twice = replace(GOOD, values=(*VALUES, Value("other", "事项", "", "")))
    with pytest.raises(ValueError, match="two values of one name"):
        Kinds([twice])


def test_wechats_lists_are_read_with_labels_types_and_listed_values() -> None:
    row = {
        "priTmplId": "t1", "title": "预约成功提醒", "type": 3,
        "content": "办理事项:{{thing1.DATA}}\n状态：{{phrase2.DATA}}\n{{thing3.DATA}}\n",
        "keywordEnumValueList": [{"keywordCode": "phrase2.DATA", "enumValueList": ["已约", "已到"]}],
    }  # fmt: skip
    assert read_subscribe(row) == Registered("t1", "预约成功提醒", True, (
        Field("thing1", "办理事项"), Field("phrase2", "状态", ("已约", "已到")), Field("thing3", ""),
    ))  # fmt: skip
    assert read_subscribe({**row, "type": 2, "keywordEnumValueList": None}).long_term is False
    found = read_service(
        {"template_id": "s", "title": "通知", "content": "事项：{{keyword1.DATA}}"}
    )
    assert (found.long_term, found.label("keyword1"), found.label("x")) == (None, "事项", "x")


# -- the kinds the product sends ---------------------------------------------------------------


def test_every_kind_has_a_topic_of_the_settings() -> None:
    assert {kind.topic for kind in KINDS} <= set(TOPICS)
    assert {kind.key for kind in KINDS if not kind.topic} == set()


def test_every_kinds_own_words_pass_the_check_that_staffs_words_must_pass() -> None:
    wrong = {kind.key: found for kind in KINDS if (found := refused(check(kind)))}
    assert not wrong


def registered() -> dict[str, Registered]:
    environ = standin_environment()
    found = {}
    for key, (title, fields) in {
        **standin_templates.SUBSCRIBE,
        **standin_templates.SERVICE,
    }.items():
        listed = tuple(Field(code, label) for label, code, _ in fields)
        found[key] = Registered(f"demo-template-{key}", title, None, listed)
    known = {name for name in environ.values() if name.startswith("demo-template-")}
    assert {one.template_id for one in found.values()} == known
    return found


def test_every_kind_fills_the_fields_of_its_registered_templates() -> None:
    cards = registered()
    assert set(TEMPLATES) == set(standin_templates.SUBSCRIBE)
    wrong = {}
    for kind in KINDS:
        mine = {"subscribe": cards.get(kind.template_key), "service": cards["service"]}
        if found := refused(check(kind, mine)):
            wrong[kind.key] = found
    assert not wrong


@pytest.mark.parametrize("which", ["short", "long"])
def test_every_kind_can_be_written_with_its_shortest_and_its_longest_values(which: str) -> None:
    for kind in KINDS:
        bare = replace(kind, link="", page="")
        made = render(bare, sample(kind, which))
        assert made["unfit"] == [], kind.key
        assert 0 < units(made["title"]) <= MOST["title"], kind.key
        assert 0 < units(made["body"]) <= MOST["body"], kind.key
        assert units(made.get(SMS, "")) <= MOST["sms"], kind.key
