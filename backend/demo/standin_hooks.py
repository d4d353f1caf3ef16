"""The stand-ins of a WeCom group robot and of a system that takes signed webhooks.

A robot answers 200 to everything and says in ``errcode`` what it thinks; it takes 20 messages a
minute. The webhook checks the signature and drops a repetition. Misbehaviour: ``/demo/faults``.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.demo.standin_wechat import store
from backend.domains.messages.hook_rules import MOST_BYTES, hook_signature

hooks = Blueprint("hooks", __name__)
#: Robots that were never removed from their group, and the secret of the webhook.
ROBOT_KEY = re.compile(r"demo-robot-[0-9a-z-]{1,40}")
WEBHOOK_SECRET = "demo-webhook-secret"  # noqa: S105 - the demo's own, protects nothing  # nosec B105
_A_MINUTE = 20
_WINDOW = 300


@hooks.post("/cgi-bin/webhook/send")
def robot() -> Response:
    """A group robot: markdown or text, at most 4096 or 2048 bytes."""
    key = request.args.get("key", "")
    if not ROBOT_KEY.fullmatch(key):
        return _said(93000, "invalid webhook url")
    given = request.get_json(silent=True)
    body: dict[str, Any] = given if isinstance(given, dict) else {}
    kind = body.get("msgtype")
    if kind not in ("markdown", "text"):
        return _said(40008, "invalid message type")
    holder = body.get(kind)
    content = str(holder.get("content", "")) if isinstance(holder, dict) else ""
    if not content:
        return _said(44004, "empty content")
    if len(content.encode()) > (MOST_BYTES if kind == "markdown" else MOST_BYTES // 2):
        return _said(45002, "content size out of limit")
    if store().count(f"robot {key}", f"{int(time.time() // 60)}") > _A_MINUTE:
        return _said(45009, "api freq out of limit")
    return _said(0, "ok")


@hooks.post("/hooks/receive")
def webhook() -> tuple[Response, int]:
    """A system of a unit: 401 for a wrong or old signature; a repeated id is taken once."""
    timestamp, raw = request.headers.get("X-Huying-Timestamp", ""), request.get_data()
    given = request.headers.get("X-Huying-Signature", "")
    right = hook_signature(WEBHOOK_SECRET, timestamp, raw)
    if not hmac.compare_digest(right.encode(), given.encode()):
        return jsonify(error="bad_signature"), 401
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > _WINDOW:
        return jsonify(error="stale"), 401
    body = _object(raw)
    fresh = store().change(
        "INSERT OR IGNORE INTO nonce VALUES (?, ?)", f"hook {body.get('id')}", time.time()
    )
    return jsonify(received=bool(fresh)), 200


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(code: int, text: str) -> Response:
    return jsonify(errcode=code, errmsg=text)
