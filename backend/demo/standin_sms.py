"""The stand-in of a text-message provider: checks the signature, keeps the text, sends nothing."""

from __future__ import annotations

import hmac
import re
import sqlite3
import time
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.demo.standin_wechat import settings, store
from backend.integrations.sms import signature

sms = Blueprint("sms", __name__)
_WINDOW = 300


@sms.post("/sms/messages")
def receive() -> tuple[Response, int]:
    """Keep one text; 401 for a wrong signature, an old timestamp or a nonce seen before."""
    head = request.headers
    timestamp, nonce = head.get("X-Timestamp", ""), head.get("X-Nonce", "")
    raw = request.get_data()
    right = signature(settings().sms_secret, timestamp, nonce, raw)
    given = head.get("X-Signature", "")
    known = head.get("X-App-Key") == settings().sms_key
    if not known or not hmac.compare_digest(right.encode(), given.encode()):
        return jsonify(code="bad_signature"), 401
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > _WINDOW:
        return jsonify(code="stale"), 401
    if not store().change("INSERT OR IGNORE INTO nonce VALUES (?, ?)", nonce, time.time()):
        return jsonify(code="replayed"), 401
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not re.fullmatch(r"1\d{10}", str(body.get("to"))):
        return jsonify(code="bad_number"), 400
    text = str(body.get("text", ""))
    if not 1 <= len(text) <= 500:
        return jsonify(code="bad_text"), 400
    return jsonify(message_id=f"sms-{_keep(body, text)}"), 202


def _keep(body: dict[str, Any], text: str) -> int:
    reference = str(body.get("reference") or "")
    try:
        return store().insert(
            "INSERT INTO sms (at, phone, sign, text, reference) VALUES (?, ?, ?, ?, ?)",
            time.time(),
            body["to"],
            str(body.get("sign", "")),
            text,
            reference,
        )
    except sqlite3.IntegrityError:
        # The same reference again: a sender that was not sure repeats itself.
        return int(store().rows("SELECT id FROM sms WHERE reference = ?", reference)[0]["id"])


@sms.get("/demo/sms")
def texts() -> Response:
    """The latest texts, newest first; ``phone`` narrows them to one number."""
    phone = request.args.get("phone", "")
    rows = store().rows("SELECT * FROM sms WHERE ? IN ('', phone) ORDER BY id DESC LIMIT 50", phone)
    items = [
        {"phone": row["phone"], "text": f"【{row['sign']}】{row['text']}", "at": _moment(row["at"])}
        for row in rows
    ]
    return jsonify(items=items)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
