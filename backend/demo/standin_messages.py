"""The stand-in's side of messages: consents, sends, receipts."""

from __future__ import annotations

import json
import secrets
from typing import Any

from backend.demo.standin_checks import Body, Refused, WeChatRules
from backend.demo.standin_push import event
from backend.demo.standin_templates import keys_of
from backend.demo.standin_values import blocked_word, shown, wrong_field

#: One tap of ``wx.requestSubscribeMessage`` names at most so many templates.
MOST_PER_TAP = 3
#: A service account's ``client_msg_id`` is remembered for so long (seconds), and no longer.
REPEATS_KNOWN = 600


def subscribe_send(rules: WeChatRules, appid: str, body: Body) -> Body:
    """Refuses in the order of the real one: openid, template, page, values, consent."""
    openid, template = _check_message(rules, body)
    if str(body.get("page", "")).startswith("/"):
        raise Refused(41030, "invalid page")
    if body.get("miniprogram_state", "formal") not in {"developer", "trial", "formal"}:
        raise Refused(47001, "data format error")
    _check_values(body)
    if _muted(rules, openid, template) or not rules.store.spend_consent(openid, template):
        raise Refused(43101, "user refuse to accept the msg")
    msgid = str(secrets.randbelow(10**18) + 10**18)
    _keep(rules, appid, body, msgid, "")
    item = {
        "TemplateId": template,
        "MsgID": msgid,
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    rules.pusher.push(appid, event(openid, "subscribe_msg_sent_event", [item]))
    return {"errcode": 0, "errmsg": "ok", "msgid": int(msgid)}


def template_send(rules: WeChatRules, appid: str, body: Body) -> Body:
    """A service account's template message; refused for those who do not follow or have muted it.

    The same ``client_msg_id`` for the same person within ten minutes is answered with the first
    message's id and sent no second time.
    """
    if appid == rules.settings.mini_app_id:
        raise Refused(48001, "api unauthorized")
    openid, template = _check_message(rules, body)
    if rules.store.rows("SELECT 1 FROM stranger WHERE openid = ?", openid):
        raise Refused(43004, "require subscribe")
    if _muted(rules, openid, template):
        raise Refused(43101, "user refuse to accept the msg")
    page = body.get("miniprogram")
    if isinstance(page, dict) and str(page.get("pagepath", "")).startswith("/"):
        raise Refused(40165, "invalid weapp pagepath")
    _check_values(body)
    reference = str(body.get("client_msg_id") or "")[:32]
    known = rules.store.rows(
        "SELECT msgid FROM sent WHERE openid = ? AND reference = ? AND reference <> ''"
        " AND at > ? ORDER BY id LIMIT 1",
        openid,
        reference,
        rules.now() - REPEATS_KNOWN,
    )
    if known:
        return {"errcode": 0, "errmsg": "ok", "msgid": int(known[0]["msgid"])}
    msgid = secrets.randbelow(10**9) + 10**9
    _keep(rules, appid, body, str(msgid), reference)
    receipt = event(openid, "TEMPLATESENDJOBFINISH", [{}])
    del receipt["List"]
    rules.pusher.push(appid, {**receipt, "MsgID": msgid, "Status": "success"})
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def consent(rules: WeChatRules, body: Body) -> Body:
    """What ``wx.requestSubscribeMessage`` does on the phone: count, and push the popup event.

    Refused with the phone's own codes: 20001 nothing named, 20002 one-time and lasting templates
    together, 20003 more than three. ``times`` taps so often.
    """
    openid, results = str(body.get("openid", "")), dict(body.get("results") or {})
    rules.visited(openid)
    if not results:
        raise Refused(20001, "No template data return, verify the template id exist")
    lasting = rules.settings.long_term & results.keys()
    if lasting and lasting != results.keys():
        raise Refused(20002, "Templates type must be same")
    if len(results) > MOST_PER_TAP:
        raise Refused(20003, "Templates count out of max bounds")
    items = []
    for template, result in results.items():
        accepted = result == "accept"
        if accepted:
            _accept(rules, openid, template, int(body.get("times", 1)))
        status = "accept" if accepted else "reject"
        items.append({"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"})
    pushed = event(openid, "subscribe_msg_popup_event", items)
    rules.pusher.push(rules.settings.mini_app_id, pushed)
    return {"counted": len(items)}


def _accept(rules: WeChatRules, openid: str, template: str, times: int) -> None:
    key = (openid, template)
    rules.store.change("DELETE FROM muted WHERE openid = ? AND template = ?", *key)
    if template in rules.settings.long_term:
        rules.store.change("INSERT OR IGNORE INTO lasting VALUES (?, ?)", *key)
    else:
        rules.store.change(
            "INSERT INTO consent VALUES (?, ?, ?) ON CONFLICT (openid, template)"
            " DO UPDATE SET remaining = remaining + excluded.remaining",
            *key,
            times,
        )


def withdraw(rules: WeChatRules, body: Body) -> Body:
    """The person switches templates off in WeChat: every consent is gone, and a push says so.

    ``account`` is mini or service; a service account is told nothing, it meets 43101.
    """
    openid, templates = str(body.get("openid", "")), list(body.get("templates") or [])
    for template in templates:
        for table in ("consent", "lasting"):
            rules.store.change(
                f"DELETE FROM {table} WHERE openid = ? AND template = ?",  # noqa: S608 - fixed names  # nosec B608
                openid,
                template,
            )
        rules.store.change("INSERT OR IGNORE INTO muted VALUES (?, ?)", openid, template)
    if templates and body.get("account", "mini") == "mini":
        items = [{"TemplateId": one, "SubscribeStatusString": "reject"} for one in templates]
        pushed = event(openid, "subscribe_msg_change_event", items)
        rules.pusher.push(rules.settings.mini_app_id, pushed)
    return {"withdrawn": len(templates)}


def _muted(rules: WeChatRules, openid: str, template: str) -> bool:
    return bool(
        rules.store.rows("SELECT 1 FROM muted WHERE openid = ? AND template = ?", openid, template)
    )


def _check_message(rules: WeChatRules, body: Body) -> tuple[str, str]:
    """What both kinds of message are checked for first: openid and template."""
    openid, template = str(body.get("touser", "")), str(body.get("template_id", ""))
    if len(openid) != 28 or not openid.startswith("o"):
        raise Refused(40003, "invalid openid")
    if template not in rules.settings.templates:
        raise Refused(40037, "invalid template_id")
    return openid, template


def _check_values(body: Body) -> None:
    """Refuse a value that does not fit, and a field of the template that is missing.

    The documents name only "may be empty or against the rules" for 47003; the real server answers
    ``data.time2.value is empty`` for a field that is not sent. What it does with a field which
    the template lacks is documented nowhere: it is left out of the card, as if not sent.
    """
    keys = keys_of(str(body["template_id"]))
    if problem := wrong_field(body.get("data"), keys):
        raise Refused(47003, f"argument invalid! data.{problem}")
    if blocked_word(shown(body.get("data"), keys)):
        raise Refused(45168, "hit blacklist word")


def _keep(rules: WeChatRules, appid: str, body: dict[str, Any], msgid: str, reference: str) -> None:
    target = body.get("miniprogram")
    page = target.get("pagepath") if isinstance(target, dict) else body.get("page")
    rules.store.insert(
        "INSERT INTO sent (at, appid, openid, template, page, data, msgid, reference)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rules.now(),
        appid,
        str(body["touser"]),
        str(body["template_id"]),
        str(page or ""),
        json.dumps(shown(body.get("data"), keys_of(str(body["template_id"]))), ensure_ascii=False),
        msgid,
        reference,
    )
