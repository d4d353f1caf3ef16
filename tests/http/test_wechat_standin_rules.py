"""The stand-in refuses what WeChat refuses: each rule over HTTP, through the product's client."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from backend.demo.openids import demo_openid
from backend.demo.standin_values import wrong_field
from backend.domains.messages.kinds import KINDS
from backend.integrations.wechat import Fault, WeChatError, WeChatServer
from notifications.checking import sample
from notifications.kinds import SERVICE, SUBSCRIBE, render
from tests.standin import Standin, card

CHEN = demo_openid("chen-zhiyuan")
LIN = demo_openid("lin-jianguo")
DATA = card("demo-template-booked")
STABLE, SEND = "/cgi-bin/stable_token", "/cgi-bin/message/subscribe/send"


def client(standin: Standin, account: str = "mini", **changes: Any) -> WeChatServer:
    wechat = standin.settings.wechat
    pair = {
        "mini": (wechat.app_id, wechat.app_secret),
        "service": (wechat.service_app_id, wechat.service_app_secret),
    }[account]
    return WeChatServer(*pair, api_base=standin.url, **changes)


def refused(call: Any) -> int | None:
    """The code with which WeChat refused it; None when it did not."""
    try:
        call()
    except WeChatError as error:
        return error.code
    return None


def send(standin: Standin, openid: str = CHEN, template: str = "", **changes: Any) -> int | None:
    asked = client(standin)
    template = template or standin.settings.wechat.template_booked
    data = changes.pop("data", card(template))
    return refused(lambda: asked.send_subscribe(openid, template, data, **changes))


def later(standin: Standin, seconds: float) -> None:
    standin.post("/demo/clock", {"ahead": seconds})


def forced(standin: Standin) -> Any:
    wechat = standin.settings.wechat
    body = {"grant_type": "client_credential", "appid": wechat.app_id}
    return standin.post(STABLE, {**body, "secret": wechat.app_secret, "force_refresh": True})


def test_a_token_lives_two_hours_and_is_the_same_for_everybody(standin: Standin) -> None:
    first, second = client(standin), client(standin)
    assert first.access_token == second.access_token
    standin.allow(CHEN, standin.settings.wechat.template_booked, 3)
    later(standin, 7100)
    # In its last minutes a plain call gives a new one, and the old one still works.
    assert client(standin).access_token != first.access_token
    first.send_subscribe(CHEN, standin.settings.wechat.template_booked, DATA)
    later(standin, 7300)
    before = len(standin.calls(STABLE))
    first.send_subscribe(CHEN, standin.settings.wechat.template_booked, DATA)
    assert [call["answer"] for call in standin.calls(SEND) if "42001" in call["answer"]]
    assert len(standin.calls(STABLE)) == before + 1


def test_forced_renewals_are_twenty_a_day_and_half_a_minute_apart(standin: Standin) -> None:
    token = forced(standin)["access_token"]
    assert forced(standin)["errcode"] == 45009
    assert client(standin).access_token == token
    for number in range(1, 20):
        later(standin, 31 * number)
        assert "access_token" in forced(standin)
    later(standin, 31 * 20)
    assert forced(standin)["errcode"] == 45009
    later(standin, 86_400 + 31 * 20)
    assert "access_token" in forced(standin)


def test_a_forced_renewal_ends_the_token_there_was(standin: Standin) -> None:
    asked = client(standin)
    old = asked.access_token
    forced(standin)
    path = f"/wxa/business/getuserphonenumber?access_token={old}"
    assert standin.post(path, {"code": "x"})["errcode"] == 40001


def test_a_code_is_good_once_and_for_five_minutes(standin: Standin) -> None:
    asked = client(standin)
    code = standin.get("/demo/js-code", openid=CHEN)["code"]
    assert refused(lambda: asked.code_to_session(code)) is None
    assert refused(lambda: asked.code_to_session(code)) == 40163
    old = standin.get("/demo/js-code", openid=CHEN)["code"]
    phone = standin.get("/demo/phone-code", phone="13800000001")["code"]
    later(standin, 301)
    assert refused(lambda: asked.code_to_session(old)) == 40029
    assert refused(lambda: asked.phone_number(phone)) == 40029


def test_signing_in_names_what_is_missing(standin: Standin) -> None:
    wechat = standin.settings.wechat
    whole = {"appid": wechat.app_id, "secret": wechat.app_secret, "js_code": "x"}
    whole["grant_type"] = "authorization_code"
    for gone, code in (("appid", 41002), ("secret", 41004), ("js_code", 41008),
                       ("grant_type", 40002)):  # fmt: skip
        rest = {key: value for key, value in whole.items() if key != gone}
        assert standin.get("/sns/jscode2session", **rest)["errcode"] == code


def test_each_accept_is_good_for_one_message_to_that_person_by_that_template(
    standin: Standin,
) -> None:
    wechat = standin.settings.wechat
    standin.allow(CHEN, wechat.template_booked, 2)
    assert [send(standin) for _ in range(3)] == [None, None, 43101]
    assert send(standin, LIN) == 43101
    standin.allow(CHEN, wechat.template_booked)
    assert send(standin, template=wechat.template_called) == 43101
    assert send(standin) is None


def test_a_lasting_consent_holds_until_it_is_withdrawn(standin: Standin) -> None:
    booked, called = _lasting(standin)
    tap = {"openid": CHEN, "results": {booked: "accept"}}
    standin.post("/demo/consents", tap)
    assert [send(standin) for _ in range(4)] == [None] * 4
    standin.post("/demo/withdrawals", {"openid": CHEN, "templates": [booked, called]})
    assert send(standin) == 43101
    standin.post("/demo/consents", tap)
    assert send(standin) is None


def _lasting(standin: Standin) -> tuple[str, str]:
    """The first template's consent lasts, the second's does not."""
    import dataclasses

    wechat = standin.settings.wechat
    standin.rules.settings = dataclasses.replace(
        standin.rules.settings, long_term=frozenset({wechat.template_booked})
    )
    return wechat.template_booked, wechat.template_called


def test_a_tap_names_three_templates_of_one_sort_at_most(standin: Standin) -> None:
    booked, called = _lasting(standin)
    wechat = standin.settings.wechat

    def tap(*templates: str) -> int | None:
        results = dict.fromkeys(templates, "accept")
        found = standin.post("/demo/consents", {"openid": CHEN, "results": results})
        return found.get("errcode")

    assert tap() == 20001
    assert tap(booked, called) == 20002
    more = (wechat.template_reminder, wechat.template_event, wechat.template_task)
    assert tap(called, *more) == 20003
    assert tap(*more) is None
    assert send(standin, template=called) == 43101


@pytest.mark.parametrize(("span", "wait"), [("per_minute", 60), ("per_day", 86_400)])
def test_beyond_the_quota_it_is_refused_until_the_next(
    standin: Standin, span: str, wait: int
) -> None:
    standin.allow(CHEN, standin.settings.wechat.template_booked, 5)
    standin.post("/demo/quotas", {"path": SEND, span: 2})
    # From a full minute on, so that the two calls fall into one.
    start = 60 - time.time() % 60 + 5
    later(standin, start)
    assert [send(standin) for _ in range(3)] == [None, None, 45009]
    later(standin, start + wait)
    assert send(standin) is None


def test_values_pages_and_words_are_looked_at(standin: Standin) -> None:
    standin.allow(CHEN, standin.settings.wechat.template_booked)
    assert send(standin, data={**DATA, "thing1": "测试违禁"}) == 45168
    assert send(standin, page="/pages/x") == 41030
    assert send(standin, state="beta") == 47001
    for key, value in (
        ("thing1", "二十一个字" * 4 + "多"), ("thing1", ""), ("thing1", "a\nb"),
        ("time2", "25:00"), ("character_string4", "长"),
    ):  # fmt: skip
        assert send(standin, data={**DATA, key: value}) == 47003, key
    # None of them used the consent up.
    assert send(standin) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("number1", "1.2.3"), ("letter1", "a1"), ("symbol1", "一"), ("time1", "25:00"),
        ("date1", "2026-11-23"), ("amount1", "¥12345678901"), ("phone_number1", "1" * 18),
        ("car_number1", "粤A123456789"), ("name1", "十一个字的名字太长了些吧"),
        ("phrase1", "六个字的短语"), ("unknown1", "x"), ("number1", "1" * 33),
    ],
)  # fmt: skip
def test_each_kind_of_field_has_its_rule(key: str, value: str) -> None:
    assert wrong_field({key: {"value": value}}) == f"{key}.value invalid"
    assert wrong_field({key: {"value": value}}, ("thing2",)) == "thing2.value is empty"


def test_a_field_of_the_template_that_is_not_sent_is_refused_by_name(standin: Standin) -> None:
    wechat = standin.settings.wechat
    standin.allow(CHEN, wechat.template_booked)
    for gone in DATA:
        rest = {key: value for key, value in DATA.items() if key != gone}
        with pytest.raises(WeChatError) as failed:
            client(standin).send_subscribe(CHEN, wechat.template_booked, rest)
        assert failed.value.code == 47003
        assert f"data.{gone}.value is empty" in standin.calls(SEND)[-1]["answer"]
    account, service = client(standin, "service"), card(wechat.service_template)
    follower = demo_openid("chen-zhiyuan", "service")
    del service["phrase4"]
    assert refused(
        lambda: account.send_template(follower, wechat.service_template, service)
    ) == 47003  # fmt: skip
    assert send(standin) is None, "none of them used the consent up"


def test_a_field_that_the_template_lacks_is_left_out_of_the_card(standin: Standin) -> None:
    standin.allow(CHEN, standin.settings.wechat.template_booked)
    assert send(standin, data={**DATA, "thing9": "测试违禁", "remark": ""}) is None
    (sent,) = standin.store.rows("SELECT data FROM sent")
    assert set(json.loads(sent["data"])) == set(DATA)


@pytest.mark.parametrize("which", ["short", "long"])
def test_every_kind_of_the_product_passes_with_its_shortest_and_longest_values(
    standin: Standin, which: str
) -> None:
    wechat = standin.settings.wechat
    mini, account = client(standin), client(standin, "service")
    follower = demo_openid("chen-zhiyuan", "service")
    sent = 0
    for kind in KINDS:
        made = render(replace(kind, link="", page=""), sample(kind, which))
        if SUBSCRIBE in made:
            template = wechat.templates[kind.template_key]
            assert set(made[SUBSCRIBE]) == set(card(template)), kind.key
            standin.allow(CHEN, template)
            assert mini.send_subscribe(CHEN, template, made[SUBSCRIBE]), kind.key
            sent += 1
        if SERVICE in made:
            assert set(made[SERVICE]) == set(card(wechat.service_template)), kind.key
            assert account.send_template(
                follower, wechat.service_template, made[SERVICE], client_msg_id=kind.key
            ), kind.key
            sent += 1
    assert standin.get("/demo/sent")["sent"] == sent > 2 * len(wechat.templates)


def test_a_service_account_sends_a_repetition_once_within_ten_minutes(standin: Standin) -> None:
    account = client(standin, "service")
    template = standin.settings.wechat.service_template
    openid = demo_openid("chen-zhiyuan", "service")

    def tell(reference: str = "r1", to: str = openid) -> str | None:
        return account.send_template(to, template, card(template), client_msg_id=reference)

    first = tell()
    assert tell() == first
    assert tell("r2") != first
    assert tell(to=demo_openid("lin-jianguo", "service")) != first
    assert standin.get("/demo/sent")["sent"] == 3
    later(standin, 601)
    assert tell() != first
    assert standin.get("/demo/sent")["sent"] == 4


def test_a_service_account_is_refused_for_its_own_reasons(standin: Standin) -> None:
    account = client(standin, "service")
    template = standin.settings.wechat.service_template
    openid = demo_openid("chen-zhiyuan", "service")

    def tell(**changes: Any) -> int | None:
        return refused(lambda: account.send_template(openid, template, card(template), **changes))

    assert tell(miniprogram=("wx", "/pages/x")) == 40165
    assert tell(miniprogram=("wx", "pages/x")) is None
    muted = {"openid": openid, "templates": [template], "account": "service"}
    standin.post("/demo/withdrawals", muted)
    assert tell() == 43101
    asked = client(standin)
    assert refused(lambda: asked.send_template(openid, template, DATA)) == 48001


def test_words_are_checked_of_whoever_was_there_in_the_last_two_hours(standin: Standin) -> None:
    asked = client(standin)

    def check(text: str = "好建议") -> Any:
        return asked.msg_sec_check(text, CHEN, 2)

    assert refused(check) == 61010
    picture = "https://huying.example/a.jpg"
    assert refused(lambda: asked.media_check_async(picture, CHEN, 2)) == 61010
    asked.code_to_session(standin.get("/demo/js-code", openid=CHEN)["code"])
    assert check().suggestion == "pass"
    assert refused(lambda: asked.media_check_async(picture, CHEN, 2)) is None
    later(standin, 7201)
    assert refused(check) == 61010
    standin.post("/demo/visits", {"openid": CHEN})
    assert check().suggestion == "pass"


def test_what_is_wrong_with_words_has_a_label(standin: Standin) -> None:
    standin.post("/demo/visits", {"openid": CHEN})
    asked = client(standin)
    for text, found in (
        ("测试广告", ("risky", 10001)), ("这里测试违规", ("risky", 20003)),
        ("测试欺诈", ("risky", 20008)), ("测试复核", ("review", 21000)), ("你好", ("pass", 100)),
    ):  # fmt: skip
        judged = asked.msg_sec_check(text, CHEN, 2)
        assert (judged.suggestion, judged.label) == found
    assert refused(lambda: asked.msg_sec_check("长" * 2501, CHEN, 2)) == 47001
    assert refused(lambda: asked.msg_sec_check("好", CHEN, 5)) == 44991
    assert refused(lambda: asked.msg_sec_check("好", "short", 2)) == 40003


@pytest.mark.parametrize(
    ("order", "fault"),
    [({"errcode": -1}, Fault.BUSY), ({"drop": True}, Fault.UNCLEAR),
     ({"garbage": True}, Fault.UNCLEAR), ({"status": 502}, Fault.BUSY)],
)  # fmt: skip
@pytest.mark.parametrize("after", [False, True])
def test_it_can_be_told_to_lie_about_what_took_effect(
    standin: Standin, order: dict[str, Any], fault: Fault, after: bool
) -> None:
    standin.allow(CHEN, standin.settings.wechat.template_booked)
    asked = client(standin)
    standin.fault(SEND, after=after, **order)
    with pytest.raises(WeChatError) as failed:
        asked.send_subscribe(CHEN, standin.settings.wechat.template_booked, DATA)
    assert failed.value.fault is fault
    assert standin.get("/demo/sent")["sent"] == int(after)


def test_an_answer_can_come_too_late_though_the_message_went_out(standin: Standin) -> None:
    standin.allow(CHEN, standin.settings.wechat.template_booked)
    asked = client(standin, timeout=(1.0, 0.3))
    _ = asked.access_token
    standin.fault(SEND, delay=1.0, after=True)
    with pytest.raises(WeChatError) as failed:
        asked.send_subscribe(CHEN, standin.settings.wechat.template_booked, DATA)
    assert failed.value.fault is Fault.UNCLEAR
    assert standin.get("/demo/sent")["sent"] == 1


def test_orders_can_be_taken_back(standin: Standin) -> None:
    standin.allow(CHEN, standin.settings.wechat.template_booked)
    standin.fault(SEND, times=50, errcode=-1)
    assert send(standin) == -1
    standin.fault("/", times=0)
    assert send(standin) is None
