"""The stand-in of api.weixin.qq.com: the paths, the bodies and the refusals of the real one."""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from backend.demo.openids import demo_openid
from backend.demo.standin_push import Pusher, event
from backend.demo.standin_settings import StandinSettings
from backend.demo.standin_store import StandinStore
from backend.demo.standin_values import wrong_field

wechat = Blueprint("wechat", __name__)
_TOKEN_LIFE = 7200
_CODE_LIFE = 300


def store() -> StandinStore:
    """The stand-ins' memory."""
    found: StandinStore = current_app.extensions["standin_store"]
    return found


def settings() -> StandinSettings:
    """What the stand-ins enforce."""
    found: StandinSettings = current_app.extensions["standin_settings"]
    return found


def _pusher() -> Pusher:
    found: Pusher = current_app.extensions["standin_pusher"]
    return found


class Refused(Exception):
    """An answer with an error code, as WeChat gives it: HTTP 200 and a request id in the text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text


@wechat.errorhandler(Refused)
def _refusal(error: Refused) -> Response:
    return jsonify(errcode=error.code, errmsg=f"{error.text} rid: {secrets.token_hex(4)}")


def _body() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def _check_secret(appid: str, secret: str) -> None:
    right = settings().accounts.get(appid)
    if right is None:
        raise Refused(40013, "invalid appid")
    if not secrets.compare_digest(right.encode(), secret.encode()):
        raise Refused(40125, "invalid appsecret")


def _check_message(body: dict[str, Any]) -> tuple[str, str]:
    """What both kinds of message are checked for first: openid and template."""
    openid, template = str(body.get("touser", "")), str(body.get("template_id", ""))
    if len(openid) != 28 or not openid.startswith("o"):
        raise Refused(40003, "invalid openid")
    if template not in settings().templates:
        raise Refused(40037, "invalid template_id")
    return openid, template


def _check_values(body: dict[str, Any]) -> None:
    if field := wrong_field(body.get("data")):
        raise Refused(47003, f"argument invalid! data.{field}.value invalid")


def _account() -> str:
    """The appid behind the access token."""
    token = request.args.get("access_token", "")
    rows = store().rows(
        "SELECT appid FROM token WHERE token = ? AND expires > ?", token, time.time()
    )
    if not rows:
        raise Refused(40001, "invalid credential, access_token is invalid or not latest")
    return str(rows[0]["appid"])


@wechat.post("/cgi-bin/stable_token")
def stable_token() -> Response:
    """One token an account; a forced call replaces it."""
    body = _body()
    appid = str(body.get("appid", ""))
    if body.get("grant_type") != "client_credential":
        raise Refused(40002, "invalid grant_type")
    _check_secret(appid, str(body.get("secret", "")))
    now = time.time()
    if body.get("force_refresh"):
        store().change("DELETE FROM token WHERE appid = ?", appid)
    rows = store().rows(
        "SELECT token, expires FROM token WHERE appid = ? AND expires > ?", appid, now + 60
    )
    if rows:
        return jsonify(access_token=rows[0]["token"], expires_in=int(rows[0]["expires"] - now))
    token = f"standin-{secrets.token_urlsafe(48)}"
    store().change("DELETE FROM token WHERE appid = ?", appid)
    store().change("INSERT INTO token VALUES (?, ?, ?)", token, appid, now + _TOKEN_LIFE)
    return jsonify(access_token=token, expires_in=_TOKEN_LIFE)


@wechat.get("/sns/jscode2session")
def jscode2session() -> Response:
    """The openid of a code minted at /demo/js-code; like the real one, answered as text."""
    args = request.args
    _check_secret(args.get("appid", ""), args.get("secret", ""))
    if not args.get("js_code"):
        raise Refused(41008, "missing code")
    openid, code = store().use_code(args["js_code"], "js")
    if code:
        raise Refused(code, "code been used" if code == 40163 else "invalid code")
    session_key = base64.b64encode(secrets.token_bytes(16)).decode()
    answer = {"session_key": session_key, "openid": openid, "unionid": "u" + openid[1:]}
    return Response(json.dumps(answer), mimetype="text/plain")


@wechat.post("/wxa/business/getuserphonenumber")
def phone_number() -> Response:
    """The phone of a code minted at /demo/phone-code."""
    appid = _account()
    phone, code = store().use_code(str(_body().get("code", "")), "phone")
    if code:
        raise Refused(40029, "invalid code")
    info = {
        "phoneNumber": f"+86{phone}",
        "purePhoneNumber": phone,
        "countryCode": "86",
        "watermark": {"timestamp": int(time.time()), "appid": appid},
    }
    return jsonify(errcode=0, errmsg="ok", phone_info=info)


@wechat.post("/cgi-bin/message/subscribe/send")
def subscribe_send() -> Response:
    """Refuses in the order of the real one: openid, template, page, values, consent."""
    appid = _account()
    body = _body()
    openid, template = _check_message(body)
    if str(body.get("page", "")).startswith("/"):
        raise Refused(41030, "invalid page")
    if body.get("miniprogram_state", "formal") not in {"developer", "trial", "formal"}:
        raise Refused(47001, "data format error")
    _check_values(body)
    if not store().spend_consent(openid, template):
        raise Refused(43101, "user refuse to accept the msg")
    msgid = str(secrets.randbelow(10**18) + 10**18)
    item = {
        "TemplateId": template,
        "MsgID": msgid,
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    _pusher().push(appid, event(openid, "subscribe_msg_sent_event", [item]))
    return jsonify(errcode=0, errmsg="ok", msgid=int(msgid))


@wechat.post("/cgi-bin/message/template/send")
def template_send() -> Response:
    """A service account's template message; refused for those who do not follow it."""
    appid = _account()
    body = _body()
    if appid == settings().mini_app_id:
        raise Refused(48001, "api unauthorized")
    openid, _ = _check_message(body)
    if store().rows("SELECT 1 FROM stranger WHERE openid = ?", openid):
        raise Refused(43004, "require subscribe")
    _check_values(body)
    msgid = secrets.randbelow(10**9) + 10**9
    receipt = event(openid, "TEMPLATESENDJOBFINISH", [{}])
    del receipt["List"]
    _pusher().push(appid, {**receipt, "MsgID": msgid, "Status": "success"})
    return jsonify(errcode=0, errmsg="ok", msgid=msgid)


def _judged(text: str) -> dict[str, Any]:
    """What the stand-in thinks: two test words are risky or doubtful, all else is fine."""
    if "测试违规" in text:
        return {"suggest": "risky", "label": 20003}
    if "测试复核" in text:
        return {"suggest": "review", "label": 21000}
    return {"suggest": "pass", "label": 100}


@wechat.post("/wxa/msg_sec_check")
def msg_sec_check() -> Response:
    """A text is judged at once; refused like the real one without version, openid or content."""
    _account()
    body = _body()
    content = str(body.get("content", ""))
    if body.get("version") != 2 or body.get("scene") not in {1, 2, 3, 4}:
        raise Refused(44991, "invalid scene or version")
    if not content or len(content) > 2500:
        raise Refused(47001, "data format error")
    if len(str(body.get("openid", ""))) != 28:
        raise Refused(40003, "invalid openid")
    judged = _judged(content)
    return jsonify(errcode=0, errmsg="ok", result=judged, trace_id=secrets.token_hex(8), detail=[])


@wechat.post("/wxa/media_check_async")
def media_check_async() -> Response:
    """A picture is judged by a push a moment later; all are fine unless a fault says otherwise.

    The test words may stand in the address, since the stand-in looks at no picture.
    """
    appid = _account()
    body = _body()
    url = str(body.get("media_url", ""))
    if body.get("version") != 2 or body.get("media_type") not in {1, 2}:
        raise Refused(44991, "invalid scene or version")
    if not url.startswith(("http://", "https://")):
        raise Refused(47001, "data format error")
    trace_id = secrets.token_hex(16)
    message = event(str(body.get("openid", "")), "wxa_media_check", [{}])
    del message["List"]
    answer = {"version": 2, "trace_id": trace_id, "errcode": 0, "errmsg": "ok", "detail": []}
    _pusher().push(appid, {**message, **answer, "appid": appid, "result": _judged(url)})
    return jsonify(errcode=0, errmsg="ok", trace_id=trace_id)


@wechat.get("/demo/js-code")
def js_code() -> Response:
    """What ``wx.login`` would give on the phone of ``openid`` (a visitor's when not named)."""
    openid = request.args.get("openid") or demo_openid("visitor")
    return _mint("js", openid)


@wechat.get("/demo/phone-code")
def phone_code() -> Response:
    """What ``getPhoneNumber`` would give on the phone with this number."""
    return _mint("phone", request.args.get("phone", "13800000000"))


@wechat.post("/demo/consents")
def consents() -> Response:
    """What ``wx.requestSubscribeMessage`` does on the phone: count, and push the popup event."""
    body = _body()
    openid, results = str(body.get("openid", "")), dict(body.get("results") or {})
    items = []
    for template, result in results.items():
        if result == "accept":
            store().change(
                "INSERT INTO consent VALUES (?, ?, 1) ON CONFLICT (openid, template)"
                " DO UPDATE SET remaining = remaining + 1",
                openid,
                template,
            )
        status = "accept" if result == "accept" else "reject"
        items.append({"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"})
    if items:
        pushed = event(openid, "subscribe_msg_popup_event", items)
        _pusher().push(settings().mini_app_id, pushed)
    return jsonify(counted=len(items))


@wechat.post("/demo/followers")
def followers() -> Response:
    """Whether ``openid`` follows the service account; everybody does until told otherwise."""
    body = _body()
    sql = (
        "DELETE FROM stranger WHERE openid = ?"
        if body.get("following")
        else "INSERT OR IGNORE INTO stranger VALUES (?)"
    )
    store().change(sql, str(body.get("openid", "")))
    return jsonify(following=bool(body.get("following")))


@wechat.post("/demo/service-texts")
def service_texts() -> Response:
    """A follower of the service account writes to it, as when a group message is forwarded."""
    body = _body()
    pushed = event(str(body.get("openid", "")), "", [{}])
    for gone in ("List", "Event"):
        del pushed[gone]
    number = secrets.randbelow(10**15)
    text = {"MsgType": "text", "Content": str(body.get("text", ""))[:2000], "MsgId": number}
    service_app_id = next(one for one in settings().accounts if one != settings().mini_app_id)
    _pusher().push(service_app_id, {**pushed, **text})
    return jsonify(sent=True)


def _mint(kind: str, value: str) -> Response:
    code = f"demo-{kind}-{secrets.token_urlsafe(18)}"
    expires = time.time() + _CODE_LIFE
    store().change(
        "INSERT INTO code (code, kind, value, expires) VALUES (?, ?, ?, ?)",
        code,
        kind,
        value,
        expires,
    )
    return jsonify(code=code, expires_in=_CODE_LIFE)
