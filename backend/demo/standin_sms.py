"""The stand-ins of two providers of text messages: they check signatures, keep texts, send nothing.

Each speaks a dialect of its own and reports what became of a text, as the real ones do.
"""

from __future__ import annotations

import hmac
import re
import sqlite3
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request

from backend.config import SmsAccount
from backend.demo.standin_reports import report_later
from backend.demo.standin_wechat import settings, store
from backend.integrations.sms import signature
from backend.integrations.sms_form import form_signature

sms = Blueprint("sms", __name__)
_WINDOW = 300
_NUMBER = re.compile(r"1\d{10}")
_SIGNED = re.compile(r"【(?P<sign>[^】]{2,12})】(?P<text>.{1,500})", re.DOTALL)


@sms.post("/sms/messages")
def receive() -> tuple[Response, int]:
    """Keep one text; 401 for a wrong signature, an old timestamp or a nonce seen before."""
    head, account = request.headers, _account("json")
    timestamp, nonce = head.get("X-Timestamp", ""), head.get("X-Nonce", "")
    right = signature(account.api_secret, timestamp, nonce, request.get_data())
    given = head.get("X-Signature", "")
    if head.get("X-App-Key") != account.api_key or not _same(right, given):
        return jsonify(code="bad_signature"), 401
    if problem := _old(timestamp, nonce):
        return jsonify(code=problem), 401
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not _NUMBER.fullmatch(str(body.get("to"))):
        return jsonify(code="bad_number"), 400
    text = str(body.get("text", ""))
    if not 1 <= len(text) <= 500:
        return jsonify(code="bad_text"), 400
    kept = {"phone": str(body["to"]), "sign": str(body.get("sign", "")), "text": text}
    return jsonify(message_id=_keep(account, kept, str(body.get("reference") or ""))), 202


@sms.post("/sms-b/send")
def receive_form() -> Response:
    """The same in the other dialect: a form, and 200 with a code for every refusal."""
    account, fields = _account("form"), request.form.to_dict()
    right = form_signature(account.api_secret, fields)
    if fields.get("appid") != account.api_key or not _same(right, fields.get("signature", "")):
        return _refused("101", "bad signature")
    if problem := _old(fields.get("timestamp", ""), fields.get("nonce", "")):
        return _refused("102", problem)
    if not _NUMBER.fullmatch(fields.get("to", "")):
        return _refused("201", "bad number")
    found = _SIGNED.fullmatch(fields.get("content", ""))
    if found is None:
        return _refused("202", "bad text")
    kept = {"phone": fields["to"], **found.groupdict()}
    return jsonify(status="success", send_id=_keep(account, kept, fields.get("tag", "")))


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


def _account(dialect: str) -> SmsAccount:
    found = next((one for one in settings().sms if one.dialect == dialect), None)
    return found or SmsAccount("none", dialect, "", "nobody", "nothing", 0)


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode())


def _old(timestamp: str, nonce: str) -> str:
    """Why a request is not taken: signed too long ago, or seen before."""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > _WINDOW:
        return "stale"
    fresh = store().change("INSERT OR IGNORE INTO nonce VALUES (?, ?)", nonce, time.time())
    return "" if fresh else "replayed"


def _keep(account: SmsAccount, kept: Mapping[str, str], reference: str) -> str:
    """The number under which the text is known; a repeated reference has the one it had."""
    try:
        number = store().insert(
            "INSERT INTO sms (at, phone, sign, text, reference, provider) VALUES (?, ?, ?, ?, ?, ?)",
            time.time(), kept["phone"], kept["sign"], kept["text"], reference, account.name,
        )  # fmt: skip
    except sqlite3.IntegrityError:
        # The same reference again: a sender that was not sure repeats itself.
        known = "SELECT id FROM sms WHERE reference = ? AND provider = ?"
        number = int(store().rows(known, reference, account.name)[0]["id"])
    else:
        report_later(settings(), store(), account, f"sms-{number}")
    return f"sms-{number}"


def _refused(code: str, text: str) -> Response:
    return jsonify(status="error", code=code, msg=text)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
