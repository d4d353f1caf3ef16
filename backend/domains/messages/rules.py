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
    "gathered": "已并入汇总",
}
CHANNEL_TEXT = {
    "inbox": "站内消息",
    "wechat_subscribe": "小程序订阅消息",
    "wechat_service": "服务号模板消息",
    "sms": "短信",
    "staff_hook": "工作群",
}
#: Providers of a channel, as `delivery_attempt.provider` names them.
PROVIDER_TEXT = {
    "sms_a": "短信一",
    "sms_b": "短信二",
    "wechat": "微信",
    "wecom": "企业微信群",
    "webhook": "网址",
}
PRIORITY_TEXT = {
    0: "急事，马上发",
    1: "变更和进展",
    2: "确认",
    3: "提醒",
    4: "通知",
}
TEMPLATE_STATE_TEXT = {"draft": "草稿", "active": "在用", "retired": "停用"}
OUTCOME_TEXT = {
    "accepted": "已交给平台",
    "retry": "稍后重试",
    "next_channel": "改用下一种方式",
    "final": "被拒绝，不再重试",
    "unclear": "没有收到答复，可能已送达",
    "quota": "平台额度用完",
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
    "45065": "微信说这条已经发过",
    "-1": "微信繁忙",
    "ambiguous": "发送途中中断，可能已经送达",
    "receipt": "平台回执说没有送到",
    "internal": "程序出错，请联系技术人员",
}
_REPORT_TEXT = {
    "DELIVRD": "已送到手机",
    "UNDELIV": "没有送到，可能关机或停机",
    "EXPIRED": "手机一直没有开机",
    "REJECTD": "被运营商拦下",
    "DELETED": "被运营商删除",
    "UNKNOWN": "运营商没有说明原因",
}
#: Why a message is not sent again, and what has to be asked before it is.
NOT_AGAIN_TEXT = {
    "delivered": "已经送达，不用重发",
    "running": "还在发送，等有了结果再看",
    "over": "事情已经变了，这条消息不再成立",
    "resent": "已经重发过，请看重发的那一条",
    "muted": "对方关掉了这类提醒，只看站内消息",
    "gathered": "已并入当天的汇总，请看汇总的那一条",
}
DOUBT_TEXT = {
    "may_have_arrived": "对方可能已经收到，再发就会收到两次",
    "overtaken": "这件事后来又有了新的消息，里面说的可能不对了",
    "out_of_date": "已经过了有效时间，里面说的可能不对了",
}
#: States in which something went wrong, for the filter of the log.
TROUBLE = ("temporary_failure", "permanent_failure", "technical_failure", "expired")
#: The engine's own codes: the words beside them say it all.
_OWN = frozenset(
    {
        "cancelled",
        "capped",
        "muted",
        "rate",
        "quota",
        "paused",
        "no_redis",
        "unheard",
        "repeated",
        "merged",
    }
)
_RECEIPT = re.compile(r"(?<![A-Za-z0-9])([A-Z]\d{6})-\d{6}-(\d)(?!\d)")
_SENT_EVENTS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


def error_text(code: str, text: str) -> str:
    """What went wrong, for an operator; empty when nothing did."""
    if code in _ERROR_TEXT:
        return f"{_ERROR_TEXT[code]}（{code}）" if code.lstrip("-").isdigit() else _ERROR_TEXT[code]
    if not (code and text):
        return text or code
    return text if code in _OWN else f"{text}（{code}）"


def report_text(code: str) -> str:
    """What the network says about a text, for an operator; codes as in CMPP and SMPP."""
    known = _REPORT_TEXT.get(code.upper())
    return f"{known}（{code}）" if known else code


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
    # As ASCII: a text may hold half a surrogate pair, which no encoding takes.
    text = json.dumps(message, sort_keys=True)
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


_CONSENT_TEXT = {
    ("page", "accept"): "您同意了",
    ("push", "accept"): "您在微信里同意了",
    ("page", "reject"): "您选了不提醒",
    ("push", "reject"): "您在微信里选了不提醒",
    ("page", "withdraw"): "您收回了",
    ("page", "ban"): "微信不让再发这类提醒",
    ("push", "ban"): "您在微信里关掉了",
    ("outbox", "ban"): "微信说已经没有授权",
    ("outbox", "spend"): "给您发了一条",
    ("outbox", "refund"): "没有发成，退回一次",
}


def consent_text(source: str, what: str, change: int) -> str:
    """An entry of the consent ledger as the person reads it."""
    text = _CONSENT_TEXT.get((source, what), "有变动")
    if what == "accept" and change == 0:
        return f"{text}（已存满，不再累加）"
    return text


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
