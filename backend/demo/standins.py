"""The demo's stand-ins for WeChat's server and a text-message provider, as one Flask process.

They speak the real protocols and refuse what the real servers refuse; nothing leaves this
machine. ``python -m backend.demo.standins`` listens on 127.0.0.1, port ``STANDIN_PORT``.
"""

from __future__ import annotations

import json
import os
import re
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from werkzeug.serving import WSGIRequestHandler, run_simple

from backend.config import load
from backend.demo import register
from backend.demo.openids import demo_openid
from backend.demo.standin_push import Pusher
from backend.demo.standin_settings import DEFAULT_PORT, StandinSettings, from_settings
from backend.demo.standin_sms import sms
from backend.demo.standin_store import StandinStore
from backend.demo.standin_wechat import wechat

_SHANGHAI = timezone(timedelta(hours=8))
_NAMES = {
    "/cgi-bin/stable_token": "取调用凭证",
    "/sns/jscode2session": "微信登录换身份",
    "/wxa/business/getuserphonenumber": "取手机号",
    "/cgi-bin/message/subscribe/send": "小程序订阅消息",
    "/cgi-bin/message/template/send": "服务号模板消息",
    "/sms/messages": "短信",
    "/wxa/msg_sec_check": "检查文字",
    "/wxa/media_check_async": "检查图片",
}


class QuietHandler(WSGIRequestHandler):
    """Writes no access log: request lines of WeChat calls carry secrets, and the page shows all."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def create_standins(settings: StandinSettings) -> Flask:
    """The stand-ins' application, its memory below ``settings.data_dir``."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["standin_settings"] = settings
    app.extensions["standin_store"] = StandinStore(settings.data_dir / "standins.sqlite")
    app.extensions["standin_pusher"] = Pusher(settings)
    app.register_blueprint(wechat)
    app.register_blueprint(sms)
    app.before_request(_misbehave)
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


def _misbehave() -> Response | tuple[Response, int] | None:
    """Do what /demo/faults ordered: wait, answer an error code, or answer an HTTP status."""
    g.known = request.path in _NAMES
    fault = _store().take_fault(request.path) if g.known else None
    if not fault:
        return None
    time.sleep(float(fault.get("delay", 0)))
    if fault.get("expire_tokens"):
        _store().change("DELETE FROM token")
    if "errcode" in fault:
        return jsonify(errcode=fault["errcode"], errmsg="ordered by the demo rid: 0")
    if "status" in fault:
        return jsonify(code="ordered"), int(fault["status"])
    return None


def _order_fault() -> Response:
    """``{"path", "times", "errcode" | "status" | "delay" | "expire_tokens"}``."""
    body = dict(request.get_json())
    path, times = str(body.pop("path", "/")), int(body.pop("times", 1))
    if times == 0:
        _store().change("DELETE FROM fault")
    else:
        _store().insert(
            "INSERT INTO fault (path, fault, times) VALUES (?, ?, ?)", path, json.dumps(body), times
        )
    return jsonify(ordered=times)


def _record(response: Response) -> Response:
    if g.get("known"):
        query = re.sub(r"(access_token|secret)=[^&]*", r"\1=•••", request.query_string.decode())
        _store().record(
            service="sms" if request.path.startswith("/sms/") else "wechat",
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
    if "/message/" not in row["path"]:
        return []
    try:
        data = json.loads(row["body"])["data"]
        return [str(holder["value"]) for holder in data.values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


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
    """Listen until stopped."""
    settings = load()
    if not settings.demo:
        raise SystemExit("The stand-ins run in the demo and in tests only.")
    push_url = os.environ.get("STANDIN_PUSH_URL") or f"http://127.0.0.1:{settings.port}/wechat/push"
    port = int(os.environ.get("STANDIN_PORT", DEFAULT_PORT))
    app = create_standins(from_settings(settings, push_url))
    run_simple("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)


if __name__ == "__main__":
    main()
