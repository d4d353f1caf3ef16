"""The stand-in of api.weixin.qq.com over Flask: the paths, the bodies, the refusals of the real one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from backend.demo import (
    standin_account,
    standin_content,
    standin_followers,
    standin_messages,
    standin_templates,
)
from backend.demo.openids import demo_openid
from backend.demo.standin_checks import Body, Refused, WeChatRules
from backend.demo.standin_push import event
from backend.demo.standin_settings import StandinSettings
from backend.demo.standin_store import StandinStore

wechat = Blueprint("wechat", __name__)
#: Calls with an access token and a JSON body, by path.
CALLS: dict[str, Callable[[WeChatRules, str, Body], Body]] = {
    "/wxa/business/getuserphonenumber": standin_account.phone_number,
    "/cgi-bin/message/subscribe/send": standin_messages.subscribe_send,
    "/cgi-bin/message/template/send": standin_messages.template_send,
    "/wxa/msg_sec_check": standin_content.text_check,
    "/wxa/media_check_async": standin_content.picture_check,
}


def rules() -> WeChatRules:
    """What the stand-in of WeChat's server knows and decides."""
    found: WeChatRules = current_app.extensions["standin_rules"]
    return found


def store() -> StandinStore:
    """The stand-ins' memory."""
    return rules().store


def settings() -> StandinSettings:
    """What the stand-ins enforce."""
    return rules().settings


@wechat.errorhandler(Refused)
def _refusal(error: Refused) -> Response:
    return jsonify(error.body())


def _body() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def answer(asked: WeChatRules, path: str, token: str, body: Body) -> Body:
    """What ``CALLS`` answers at ``path``; raises ``Refused``. Every call counts for the quota."""
    appid = asked.account(token)
    asked.count(path)
    return CALLS[path](asked, appid, body)


def _call() -> Response:
    token = request.args.get("access_token", "")
    return jsonify(answer(rules(), request.path, token, _body()))


for _path in CALLS:
    wechat.add_url_rule(_path, _path.strip("/").replace("/", "_"), _call, methods=["POST"])


@wechat.post("/cgi-bin/stable_token")
def stable_token() -> Response:
    """The account's token."""
    return jsonify(standin_account.stable_token(rules(), _body()))


@wechat.get("/sns/jscode2session")
def jscode2session() -> Response:
    """Who a code stands for; like the real one, answered as text."""
    found = standin_account.code_to_session(rules(), request.args)
    return Response(json.dumps(found), mimetype="text/plain")


@wechat.get("/wxaapi/newtmpl/gettemplate")
def subscribe_templates() -> Response:
    """The subscribe templates registered with the mini-program."""
    appid = rules().account(request.args.get("access_token", ""))
    return jsonify(standin_templates.subscribe_templates(rules(), appid))


@wechat.get("/cgi-bin/template/get_all_private_template")
def service_templates() -> Response:
    """The templates registered with the service account."""
    appid = rules().account(request.args.get("access_token", ""))
    return jsonify(standin_templates.service_templates(rules(), appid))


@wechat.get("/cgi-bin/user/info")
def follower() -> Response:
    """Whether somebody follows the service account, and who that is to the mini-program."""
    appid = rules().account(request.args.get("access_token", ""))
    return jsonify(standin_followers.info(rules(), appid, request.args.get("openid", "")))


@wechat.get("/demo/js-code")
def js_code() -> Response:
    """What ``wx.login`` would give on the phone of ``openid`` (a visitor's when not named)."""
    openid = request.args.get("openid") or demo_openid("visitor")
    return jsonify(standin_account.mint(rules(), "js", openid))


@wechat.get("/demo/phone-code")
def phone_code() -> Response:
    """What ``getPhoneNumber`` would give on the phone with this number."""
    return jsonify(standin_account.mint(rules(), "phone", request.args.get("phone", "13800000000")))


@wechat.post("/demo/visits")
def visits() -> Response:
    """The person with this ``openid`` opens the mini-program."""
    rules().visited(str(_body().get("openid", "")))
    return jsonify(ok=True)


@wechat.post("/demo/consents")
def consents() -> Response:
    """A tap on ``wx.requestSubscribeMessage``."""
    return jsonify(standin_messages.consent(rules(), _body()))


@wechat.post("/demo/withdrawals")
def withdrawals() -> Response:
    """A switch turned off in WeChat's own settings."""
    return jsonify(standin_messages.withdraw(rules(), _body()))


@wechat.post("/demo/followers")
def followers() -> Response:
    """``openid`` follows the service account or leaves it; everybody follows until told otherwise."""
    return jsonify(standin_followers.change(rules(), _body()))


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
    rules().pusher.push(service_app_id, {**pushed, **text})
    return jsonify(sent=True)


@wechat.post("/demo/quotas")
def quotas() -> Response:
    """Another quota for ``path``: calls ``per_minute`` and ``per_day``, null for none."""
    body = _body()
    store().change(
        "INSERT OR REPLACE INTO quota VALUES (?, ?, ?)",
        str(body.get("path", "")),
        body.get("per_minute"),
        body.get("per_day"),
    )
    return jsonify(ok=True)


@wechat.post("/demo/clock")
def clock() -> Response:
    """Move this server's clock ``ahead`` by so many seconds: tokens and codes grow old."""
    rules().ahead = float(_body().get("ahead", 0))
    return jsonify(ahead=rules().ahead)


@wechat.get("/demo/sent")
def sent() -> Response:
    """How many messages took effect, how many of them twice (same person, template and page)."""
    found = store().rows(
        "SELECT coalesce(sum(n), 0) AS sent, coalesce(sum(n - 1), 0) AS twice FROM"
        " (SELECT count(*) AS n FROM sent GROUP BY openid, template, page, data)"
    )
    return jsonify(found[0])
