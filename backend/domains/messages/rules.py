"""Decisions about pushes and words about deliveries. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

#: A push older, or newer, than this is a replay or comes from a wrong clock.
PUSH_WINDOW = timedelta(minutes=5)

STATE_TEXT = {
    "created": "待发送",
    "leased": "待发送",
    "sending": "发送中",
    "accepted": "已交给平台",
    "delivered": "已送达",
    "temporary_failure": "等待重试",
    "permanent_failure": "没有发成",
    "technical_failure": "发送异常",
    "expired": "过期未发",
    "suppressed": "不再发送",
}
CHANNEL_TEXT = {
    "inbox": "站内消息",
    "wechat_subscribe": "小程序订阅消息",
    "wechat_service": "服务号模板消息",
    "sms": "短信",
}
OUTCOME_TEXT = {
    "accepted": "已交给平台",
    "retry": "稍后重试",
    "next_channel": "改用下一种方式",
    "final": "被拒绝，不再重试",
    "unclear": "没有收到答复，可能已送达",
    "late": "答复太晚",
    None: "中途断开，可能已送达",
}
_ERROR_TEXT = {
    "43101": "没有剩余的订阅授权",
    "43004": "没有关注服务号",
    "40003": "微信不认识这个用户",
    "40037": "消息模板不对，请检查模板设置",
    "41030": "跳转页面不对，请检查页面路径",
    "40165": "跳转页面不对，请检查页面路径",
    "47003": "内容不合模板的要求，请检查模板字段",
    "45168": "内容含有微信不允许的词",
    "45009": "今天的额度用完了",
    "-1": "微信繁忙",
    "ambiguous": "发送途中中断，可能已经送达",
    "receipt": "平台回执说没有送到",
    "internal": "程序出错，请联系技术人员",
}
_RECEIPT = re.compile(r"(?<![A-Za-z0-9])([A-Z]\d{6})-\d{6}-(\d)(?!\d)")
_SENT_EVENTS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


def error_text(code: str, text: str) -> str:
    """What went wrong, for an operator; empty when nothing did."""
    if code in _ERROR_TEXT:
        return f"{_ERROR_TEXT[code]}（{code}）" if code.lstrip("-").isdigit() else _ERROR_TEXT[code]
    return f"{text}（{code}）" if code and text else text or code


def mask_receipts(value: Any) -> Any:
    """The same JSON value with the middle of every receipt number starred."""
    if isinstance(value, str):
        return _RECEIPT.sub(r"\1-******-\2", value)
    if isinstance(value, dict):
        return {key: mask_receipts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mask_receipts(inner) for inner in value]
    return value


def fresh(timestamp: str, now: datetime) -> bool:
    """Whether the Unix time a push was signed at is near enough to ``now``."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    return abs(now.timestamp() - int(timestamp)) <= PUSH_WINDOW.total_seconds()


def well_formed(message: Mapping[str, Any]) -> bool:
    """Whether a decrypted push says who, when and what."""
    texts = (message.get("FromUserName"), message.get("MsgType"))
    return (
        all(isinstance(text, str) and 0 < len(text) <= 64 for text in texts)
        and str(message.get("CreateTime")).isdigit()
        and (message["MsgType"] != "event" or isinstance(message.get("Event"), str))
    )


def push_key(message: Mapping[str, Any]) -> str:
    """The same 64 characters for the same push, however it was encrypted or formatted."""
    text = json.dumps(message, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def push_items(message: Mapping[str, Any]) -> list[dict[str, str]]:
    """The items of a subscribe event.

    XML nests them below an element of the event's name, JSON has them at the top; one item
    is an object, several are an array.
    """
    found: Any = message.get("List")
    for name in _SENT_EVENTS:
        nested = message.get(name)
        if isinstance(nested, Mapping):
            found = nested.get("List")
    rows = found if isinstance(found, list) else [found]
    return [
        {str(key): str(value) for key, value in row.items()}
        for row in rows
        if isinstance(row, Mapping)
    ]


def consent_answer(status: str) -> str:
    """WeChat's word for a person's choice as the ledger's: accept, or else reject."""
    return "accept" if status == "accept" else "reject"


def media_answer(message: Mapping[str, Any]) -> tuple[str, str, int]:
    """The trace id, suggestion and label of a push about a checked picture.

    What failed at WeChat, or cannot be read, is left to a person: `review`.
    """
    result = message.get("result")
    found = result if isinstance(result, Mapping) else {}
    label = str(found.get("label", ""))
    failed = str(message.get("errcode", "0")) != "0"
    suggestion = "review" if failed else str(found.get("suggest", "review"))
    return str(message.get("trace_id", "")), suggestion, int(label) if label.isdigit() else 0
