"""Addresses of staff groups: what is refused by its looks, what is shown, what answers mean."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.messages.hook_rules import (
    MOST_BYTES,
    WEBHOOK,
    WECOM,
    address_problem,
    hook_signature,
    markdown,
    plain,
    robot_verdict,
    shown,
    webhook_verdict,
)
from backend.domains.messages.rules import report_text
from notifications.rules import Verdict

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"


@pytest.mark.parametrize(("dialect", "url", "fine"), [
    (WECOM, ROBOT, True),
    (WECOM, ROBOT.replace("https", "http"), False),
    (WECOM, "https://evil.example.cn/cgi-bin/webhook/send?key=1", False),
    (WECOM, ROBOT.replace(".com/", ".com:8443/"), False),
    (WECOM, ROBOT.partition("?")[0], False),
    (WECOM, "https://qyapi.weixin.qq.com/cgi-bin/other?key=1", False),
    (WECOM, ROBOT.replace("//", "//user@"), False),
    (WEBHOOK, "https://oa.example.gov.cn/hooks/1", True),
    (WEBHOOK, "https://oa.example.gov.cn:8443/hooks/1?x=1", True),
    (WEBHOOK, "http://oa.example.gov.cn/hooks/1", False),
    (WEBHOOK, "ftp://oa.example.gov.cn/", False),
    (WEBHOOK, "https://u:p@oa.example.gov.cn/", False),
    (WEBHOOK, "https://oa.example.gov.cn/#x", False),
    (WEBHOOK, "https://localhost/", False),
    (WEBHOOK, "https://db.internal/", False),
    (WEBHOOK, "https://intranet/", False),
    (WEBHOOK, "https://127.0.0.1/", False),
    (WEBHOOK, "https://10.1.2.3/", False),
    (WEBHOOK, "https://169.254.169.254/latest", False),
    (WEBHOOK, "https://[::1]/", False),
    (WEBHOOK, "https://8.8.8.8/", True),
    (WEBHOOK, "https://[::1", False),
    (WEBHOOK, "https:///x", False),
    (WEBHOOK, "https://oa.example.cn:0/", False),
    (WEBHOOK, "https://oa.example.cn:99999/", False),
    (WEBHOOK, "https://oa.example.cn/" + "x" * 500, False),
    (WEBHOOK, "nonsense", False),
])  # fmt: skip
def test_which_addresses_can_be_used(dialect: str, url: str, fine: bool) -> None:
    assert (address_problem(dialect, url, "") == "") is fine


def test_the_demo_s_stand_in_is_the_one_exception() -> None:
    url = "http://127.0.0.1:8001/hooks/receive"
    assert address_problem(WEBHOOK, url, "http://127.0.0.1:8001") == ""
    assert address_problem(WEBHOOK, url, "http://127.0.0.1:8002") != ""
    assert address_problem(WECOM, "http://127.0.0.1:8001/x", "http://127.0.0.1:8001") != ""


def test_of_an_address_the_secret_part_is_not_shown() -> None:
    assert shown(WECOM, ROBOT) == "qyapi.weixin.qq.com …7xxx"
    assert shown(WEBHOOK, "https://oa.example.gov.cn/hooks/secret?t=1") == "oa.example.gov.cn/…"


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_a_robot_s_words_fit_and_stay_words(title: str, text: str) -> None:
    made = markdown(title.replace("\ud800", ""), text, "https://hy.example.cn/console/x")
    assert len(made.encode()) <= MOST_BYTES
    assert made.endswith("\n[打开工作台](https://hy.example.cn/console/x)")
    assert "[" not in plain(title) and "<" not in plain(text)
    assert "打开" not in markdown("题", "文", "")


@pytest.mark.parametrize(("status", "body", "verdict"), [
    (200, {"errcode": 0}, Verdict.ACCEPTED),
    (200, {"errcode": 45009}, Verdict.QUOTA),
    (200, {"errcode": -1}, Verdict.RETRY),
    (200, {"errcode": 93000}, Verdict.FINAL),
    (200, {"errcode": 45002}, Verdict.FINAL),
    (502, {}, Verdict.RETRY),
    (429, {}, Verdict.RETRY),
    (200, {}, Verdict.UNCLEAR),
    (200, [], Verdict.UNCLEAR),
    (200, {"errcode": None}, Verdict.UNCLEAR),
])  # fmt: skip
def test_what_a_robot_answers(status: int, body: object, verdict: Verdict) -> None:
    found, code, text = robot_verdict(status, json.dumps(body).encode())
    assert found is verdict
    assert bool(code and text) is (verdict is not Verdict.ACCEPTED)


@pytest.mark.parametrize(("status", "verdict"), [
    (200, Verdict.ACCEPTED), (204, Verdict.ACCEPTED), (301, Verdict.FINAL), (401, Verdict.FINAL),
    (410, Verdict.FINAL), (408, Verdict.RETRY), (429, Verdict.RETRY), (500, Verdict.RETRY),
])  # fmt: skip
def test_what_a_webhook_answers(status: int, verdict: Verdict) -> None:
    assert webhook_verdict(status)[0] is verdict


def test_the_signature_covers_time_and_body() -> None:
    known = hook_signature("s3cret", "1700000000", b"{}")
    assert len(known) == 64
    assert known != hook_signature("s3cret", "1700000001", b"{}")
    assert known != hook_signature("s3cret", "1700000000", b"{ }")
    assert known != hook_signature("other", "1700000000", b"{}")


def test_what_the_network_says_about_a_text_is_put_into_words() -> None:
    assert report_text("undeliv") == "没有送到，可能关机或停机（undeliv）"
    assert report_text("MK:0005") == "MK:0005"
