"""The demo's stand-ins for WeChat's server and a text-message provider, as one Flask process.

They speak the real protocols and refuse what the real servers refuse; nothing leaves this
machine. ``python -m backend.demo.standins`` listens on 127.0.0.1, port ``STANDIN_PORT``.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from werkzeug.serving import WSGIRequestHandler, run_simple

from backend.config import load
from backend.demo import register, standin_fast
from backend.demo.openids import demo_openid
from backend.demo.standin_checks import WeChatRules
from backend.demo.standin_hooks import hooks
from backend.demo.standin_push import Pusher
from backend.demo.standin_settings import DEFAULT_PORT, StandinSettings, from_settings
from backend.demo.standin_sms import sms
from backend.demo.standin_store import StandinStore
from backend.demo.standin_video import Rooms, video
from backend.demo.standin_wechat import wechat

_SHANGHAI = timezone(timedelta(hours=8))
_NAMES = {
    "/cgi-bin/stable_token": "取调用凭证",
    "/sns/jscode2session": "微信登录换身份",
    "/wxa/business/getuserphonenumber": "取手机号",
    "/cgi-bin/user/info": "查关注者是谁",
    "/cgi-bin/message/subscribe/send": "小程序订阅消息",
    "/cgi-bin/message/template/send": "服务号模板消息",
    "/sms/messages": "短信",
    "/sms-b/send": "短信（第二家）",
    "/cgi-bin/webhook/send": "企业微信群机器人",
    "/hooks/receive": "单位的系统（网址）",
    "/wxaapi/newtmpl/gettemplate": "读订阅消息模板",
    "/cgi-bin/template/get_all_private_template": "读服务号模板",
    "/wxa/msg_sec_check": "检查文字",
    "/wxa/media_check_async": "检查图片",
}


class QuietHandler(WSGIRequestHandler):
    """Writes no access log: request lines of WeChat calls carry secrets, and the page shows all."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def create_standins(settings: StandinSettings, *, forgetful: bool = False) -> Flask:
    """The stand-ins' application, its memory below ``settings.data_dir`` (``forgetful``: nowhere)."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    store = StandinStore(None if forgetful else settings.data_dir / "standins.sqlite")
    app.extensions["standin_store"] = store
    app.extensions["standin_rules"] = WeChatRules(settings, store, Pusher(settings, store))
    app.register_blueprint(wechat)
    app.register_blueprint(sms)
    app.register_blueprint(hooks)
    app.extensions["standin_video"] = Rooms(settings.api_url)
    app.register_blueprint(video)
    app.before_request(_misbehave)
    # The last one registered goes first: what took effect is kept before the answer lies.
    app.after_request(_misbehave_after)
    app.after_request(_record)
    app.add_url_rule("/", view_func=_page)
    app.add_url_rule("/fragment", view_func=_fragment)
    app.add_url_rule("/healthz", view_func=lambda: jsonify(ok=True), endpoint="healthz")
    app.add_url_rule("/demo/log", view_func=lambda: jsonify(items=_entries()), endpoint="log")
    app.add_url_rule("/demo/faults", view_func=_order_fault, methods=["POST"])
    return app


def _store() -> StandinStore:
    found: StandinStore = current_app.extensions["standin_store"]
    return found


def _order_fault() -> Response:
    """``{"path", "times", …}``: misbehave there so often; ``times`` 0 takes back every order.

    At a path of the API: ``delay`` seconds, then one of ``errcode``, ``status``, ``garbage`` (not
    JSON) or ``drop`` (no answer at all); ``expire_tokens``. With ``after`` the request takes
    effect first, and the answer lies about it or is lost. At ``push/<event>``: see ``Misdeed``.
    """
    body = dict(request.get_json())
    path, times = str(body.pop("path", "/")), int(body.pop("times", 1))
    _store().order_fault(path, body, times)
    return jsonify(ordered=times)


def _misbehave() -> Response | None:
    """Do what was ordered for this path, or leave it for after the request took effect."""
    g.known = request.path in _NAMES
    g.misdeed = _store().take_fault(request.path) if g.known else None
    if g.misdeed and g.misdeed.get("expire_tokens"):
        _store().change("DELETE FROM token")
    if not g.misdeed or g.misdeed.get("after"):
        return None
    ordered, g.misdeed = g.misdeed, None
    return _misdone(ordered)


def _misbehave_after(response: Response) -> Response:
    ordered = g.get("misdeed")
    return (_misdone(ordered) or response) if ordered else response


def _misdone(ordered: dict[str, Any]) -> Response | None:
    """The ordered answer; None when all that was ordered is to be slow."""
    time.sleep(float(ordered.get("delay", 0)))
    if "errcode" in ordered:
        return jsonify(errcode=ordered["errcode"], errmsg="ordered by the demo rid: 0")
    if "status" in ordered:
        refused = jsonify(code="ordered")
        refused.status_code = int(ordered["status"])
        return refused
    if ordered.get("drop"):
        # As when a cable is pulled: whoever waits for the answer sees the line end.
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response("<html>502</html>") if ordered.get("garbage") or ordered.get("drop") else None


def _record(response: Response) -> Response:
    if g.get("known"):
        query = re.sub(r"(access_token|secret|key)=[^&]*", r"\1=•••", request.query_string.decode())
        _store().record(
            service="sms" if request.path.startswith("/sms") else "wechat",
            method=request.method,
            path=request.path,
            query=query,
            body=_pretty(request.get_data(as_text=True)),
            status=response.status_code,
            answer=_pretty(response.get_data(as_text=True)),
        )
    return response


def _pretty(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text[:2000]
    if isinstance(found, dict):
        for name in ("secret", "access_token", "session_key"):
            if name in found:
                found[name] = "•••"
    return json.dumps(found, ensure_ascii=False, indent=2)[:4000]


def _entries() -> list[dict[str, Any]]:
    rows = _store().rows("SELECT * FROM log ORDER BY id DESC LIMIT 60")
    for row in rows:
        moment = datetime.fromtimestamp(row["at"], UTC).astimezone(_SHANGHAI)
        row["time"] = moment.strftime("%H:%M:%S")
        row["name"] = _NAMES.get(row["path"], row["path"])
        row["fields"] = _fields(row)
        row["refused"] = row["status"] >= 400 or '"errcode": 0' not in row["answer"] + (
            '"errcode": 0' if '"errcode"' not in row["answer"] else ""
        )
    return rows


def _fields(row: dict[str, Any]) -> list[str]:
    """What a person would read on the message's card."""
    if row["path"] == "/cgi-bin/webhook/send":
        return _robot_lines(row["body"])
    if "/message/" not in row["path"]:
        return []
    try:
        data = json.loads(row["body"])["data"]
        return [str(holder["value"]) for holder in data.values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _robot_lines(body: str) -> list[str]:
    """A robot's markdown as a group would read it."""
    try:
        content = str(json.loads(body)["markdown"]["content"])
    except (ValueError, KeyError, TypeError):
        return []
    return [line.replace("**", "") for line in content.split("\n")]


def _texts() -> list[dict[str, Any]]:
    rows = _store().rows("SELECT * FROM sms ORDER BY id DESC LIMIT 40")
    for row in rows:
        moment = datetime.fromtimestamp(row["at"], UTC).astimezone(_SHANGHAI)
        row["time"] = f"{moment.month}月{moment.day}日 {moment:%H:%M:%S}"
    return rows


def _page() -> str:
    followers = [
        (demo_openid(one.key, "service"), one.name) for one in register.persons() if one.name
    ]
    return render_template("standins.html", entries=_entries(), texts=_texts(), followers=followers)


def _fragment() -> str:
    return render_template("standins_list.html", entries=_entries(), texts=_texts())


def main() -> None:
    """Listen until stopped; with ``STANDIN_FAST`` as ``standin_fast`` does."""
    settings = load()
    if not settings.demo:
        raise SystemExit("The stand-ins run in the demo and in tests only.")
    push_url = os.environ.get("STANDIN_PUSH_URL") or f"http://127.0.0.1:{settings.port}/wechat/push"
    port = int(os.environ.get("STANDIN_PORT", DEFAULT_PORT))
    fast = bool(os.environ.get("STANDIN_FAST"))
    found = from_settings(settings, "" if push_url == "none" else push_url)
    app = create_standins(found, forgetful=fast)
    if fast:
        standin_fast.serve(app, port)
    else:
        run_simple("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)


if __name__ == "__main__":
    main()
