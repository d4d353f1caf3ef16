"""Text messages through an HTTP provider, with signed requests.

The request (specified here, spoken by the demo's stand-in too)::

    POST {base}/sms/messages
    X-App-Key, X-Timestamp (Unix seconds), X-Nonce,
    X-Signature: hex HMAC-SHA256 under the secret of five lines: POST, the path, the timestamp,
    the nonce, the hex SHA-256 of the body
    {"to": "138…", "sign": "岭川政务", "text": "…", "reference": "…"}  ->  202 {"message_id": "…"}

Reports come the other way, signed alike with the path they are posted to::

    {"reports": [{"message_id": "…", "status": "delivered" | "failed" | …, "code": "…"}]}

A provider of another dialect implements ``SmsProvider`` beside this one (``sms_form``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import Protocol
from urllib.parse import urlsplit

import requests

from backend.integrations.sms_reports import (
    MOST_REPORTS,
    Batch,
    Report,
    ReportRejected,
    Signed,
    same,
)
from backend.integrations.transport import on_this_machine, surely_not_sent

_PATH = "/sms/messages"


class SmsError(Exception):
    """The text was not accepted.

    ``kind``: refused (final), busy (try later), unreachable (surely not sent), unclear (the
    provider may have it). Neither number nor text is ever part of the message.
    """

    def __init__(self, kind: str, code: str = "") -> None:
        super().__init__(kind, code)
        self.kind, self.code = kind, code

    def __str__(self) -> str:
        return f"SMS {self.kind} {self.code}".rstrip()


class SmsProvider(Protocol):
    """What the house needs of a provider of text messages."""

    name: str

    def send(self, phone: str, text: str, *, reference: str = "") -> str:
        """Hand over one text; the provider's message id. ``reference`` drops repetitions."""
        ...

    def open_reports(self, request: Signed) -> Batch:
        """What a callback of this provider reports; ``ReportRejected`` for what is not from it."""
        ...

    def answer(self) -> tuple[str, str]:
        """What tells the provider that its reports were taken: body and media type."""
        ...


def signature(secret: str, timestamp: str, nonce: str, body: bytes, path: str = _PATH) -> str:
    """The signature of one request, as the module's text specifies it."""
    digest = hashlib.sha256(body).hexdigest()
    text = "\n".join(("POST", path, timestamp, nonce, digest))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class HttpSmsProvider:
    """The provider behind ``base``; ``sign`` is the registered 【签名】 shown before the text."""

    def __init__(
        self,
        base: str,
        app_key: str,
        app_secret: str,
        *,
        sign: str,
        name: str = "http",
        timeout: tuple[float, float] = (3.05, 8.0),
    ) -> None:
        self.name = name
        self._url = base.rstrip("/") + _PATH
        self._path = urlsplit(self._url).path
        self._key, self._secret, self._sign, self._timeout = app_key, app_secret, sign, timeout
        self._http = requests.Session()
        if on_this_machine(base):
            self._http.trust_env = False

    def __repr__(self) -> str:
        return f"HttpSmsProvider({self.name!r})"

    def send(self, phone: str, text: str, *, reference: str = "") -> str:
        """Hand over one text and return the provider's id; raises ``SmsError``."""
        body = json.dumps(
            {"to": phone, "sign": self._sign, "text": text, "reference": reference},
            ensure_ascii=False,
        ).encode()
        timestamp, nonce = str(int(time.time())), secrets.token_hex(12)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-App-Key": self._key,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": signature(self._secret, timestamp, nonce, body, self._path),
        }
        failure: SmsError
        try:
            reply = self._http.post(
                self._url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            )
            if reply.ok:
                return str(json.loads(reply.content)["message_id"])
            retry = reply.status_code >= 500 or reply.status_code in (401, 403, 429)
            failure = SmsError("busy" if retry else "refused", _code(reply))
        except requests.RequestException as error:
            failure = SmsError(_kind(error), type(error).__name__)
        except (ValueError, KeyError, TypeError):
            failure = SmsError("unclear", "unreadable answer")
        raise failure

    def open_reports(self, request: Signed) -> Batch:
        """The reports of a callback: signature first, in constant time, then the body."""
        head = request.headers
        timestamp, nonce = head.get("X-Timestamp", ""), head.get("X-Nonce", "")
        right = signature(self._secret, timestamp, nonce, request.body, request.path)
        if not (same(self._key, head.get("X-App-Key")) & same(right, head.get("X-Signature"))):
            raise ReportRejected("forged")
        try:
            rows = json.loads(request.body)["reports"]
            found = [_report(row) for row in rows]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ReportRejected("malformed") from None
        if not isinstance(rows, list) or len(rows) > MOST_REPORTS or not nonce:
            raise ReportRejected("malformed")
        return Batch(timestamp, nonce, tuple(one for one in found if one is not None))

    def answer(self) -> tuple[str, str]:
        """What tells this provider that its reports were taken: body and media type."""
        return '{"received": true}', "application/json"


def _report(row: dict[str, str]) -> Report | None:
    """One report; None for a state that is not the last."""
    status, number = row["status"], str(row["message_id"])[:60]
    if not isinstance(status, str) or not number:
        raise ValueError("not a report")
    if status not in ("delivered", "failed"):
        return None
    return Report(number, status == "delivered", str(row.get("code") or status)[:40])


def _kind(error: requests.RequestException) -> str:
    return "unreachable" if surely_not_sent(error) else "unclear"


def _code(reply: requests.Response) -> str:
    try:
        return str(json.loads(reply.content)["code"])[:60]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {reply.status_code}"
