"""What was changed about caps and rates, in words."""

from typing import Any

from backend.domains.messages import limit_rules as rules

ALL = {"scope": "*", "name": "全部消息", "per_day": 20}
SMS = {"key": "sms", "name": "短信", "per_second": 20.0, "burst": 40, "per_day": None}


def state(*items: dict[str, Any]) -> dict[str, Any]:
    return {
        "caps": [one for one in items if "scope" in one],
        "rates": [one for one in items if "key" in one],
    }


def test_nothing_changed_says_nothing() -> None:
    assert rules.changes(state(ALL, SMS), state(ALL, SMS)) == ""
    assert rules.changes(state(), state()) == ""


def test_what_is_new_different_and_gone_is_said() -> None:
    assert rules.changes(state(), state(ALL, SMS)) == (
        "全部消息每人每天 20 条；短信每秒 20 条，一下最多 40 条"
    )
    slower = {**SMS, "per_second": 0.5, "per_day": 1000}
    assert rules.changes(state(SMS), state(slower)) == (
        "短信每秒 0.5 条，一下最多 40 条，每天 1000 条（原来短信每秒 20 条，一下最多 40 条）"
    )
    assert rules.changes(state(ALL), state()) == "取消：全部消息每人每天 20 条"
