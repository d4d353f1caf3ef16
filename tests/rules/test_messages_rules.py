"""Pushes and operators' words, without any I/O."""

from datetime import UTC, datetime

import pytest

from backend.domains.messages import rules

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        (str(int(NOW.timestamp())), True),
        (str(int(NOW.timestamp()) - 300), True),
        (str(int(NOW.timestamp()) + 301), False),
        (str(int(NOW.timestamp()) - 301), False),
        ("", False),
        ("-5", False),
        ("٣", False),
        ("9" * 13, False),
    ],
)
def test_the_window(timestamp: str, expected: bool) -> None:
    assert rules.fresh(timestamp, NOW) is expected


def test_one_item_is_an_object_and_several_are_an_array() -> None:
    one = {"TemplateId": "a", "MsgID": 7}
    assert rules.push_items({"List": one}) == [{"TemplateId": "a", "MsgID": "7"}]
    assert len(rules.push_items({"List": [one, one]})) == 2
    assert rules.push_items({"SubscribeMsgSentEvent": {"List": one}}) == [
        {"TemplateId": "a", "MsgID": "7"}
    ]
    assert rules.push_items({"SubscribeMsgPopupEvent": None, "List": ["x", None]}) == []
    assert rules.push_items({}) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"FromUserName": "o", "MsgType": "event", "CreateTime": 1, "Event": "x"}, True),
        ({"FromUserName": "o", "MsgType": "text", "CreateTime": "1"}, True),
        ({"FromUserName": "o", "MsgType": "event", "CreateTime": 1}, False),
        ({"FromUserName": "", "MsgType": "text", "CreateTime": 1}, False),
        ({"FromUserName": "o", "MsgType": ["text"], "CreateTime": 1}, False),
        ({"FromUserName": "o", "MsgType": "text", "CreateTime": "x"}, False),
    ],
)
def test_well_formed(message: dict[str, object], expected: bool) -> None:
    assert rules.well_formed(message) is expected


def test_the_key_of_a_push_does_not_depend_on_the_order_of_its_parts() -> None:
    assert rules.push_key({"a": 1, "b": 2}) == rules.push_key({"b": 2, "a": 1})
    assert rules.push_key({"a": 1}) != rules.push_key({"a": 2})


def test_receipt_numbers_are_starred_wherever_they_stand() -> None:
    value = {"sms": "预约号A261123-482073-5。", "list": ["A261123-482073-5", 3], "n": None}
    shown = rules.mask_receipts(value)
    assert shown == {"sms": "预约号A261123-******-5。", "list": ["A261123-******-5", 3], "n": None}


def test_errors_in_words() -> None:
    assert rules.error_text("43101", "x rid: 1") == "没有剩余的订阅授权（43101）"
    assert rules.error_text("-1", "") == "微信繁忙（-1）"
    assert rules.error_text("ambiguous", "") == "发送途中中断，可能已经送达"
    assert rules.error_text("99", "odd") == "odd（99）"
    assert rules.error_text("99", "") == "99"
    assert rules.error_text("", "没有其他送达方式") == "没有其他送达方式"
    assert rules.error_text("", "") == ""


def test_consent_answers() -> None:
    assert rules.consent_answer("accept") == "accept"
    assert rules.consent_answer("reject") == "reject"
    assert rules.consent_answer("filtered") == "reject"


def test_the_ledger_of_consents_reads_like_what_happened() -> None:
    assert rules.consent_text("page", "accept", 1) == "您同意了"
    assert rules.consent_text("page", "accept", 0) == "您同意了（已存满，不再累加）"
    assert rules.consent_text("push", "ban", -2) == "您在微信里关掉了"
    assert rules.consent_text("outbox", "spend", -1) == "给您发了一条"
    assert rules.consent_text("elsewhere", "accept", 1) == "有变动"
