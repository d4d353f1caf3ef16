"""Text messages through a provider that takes forms and answers 200 to everything.

The request (specified here, spoken by the demo's stand-in too)::

    POST {base}/send   application/x-www-form-urlencoded, UTF-8
    appid, to, content (with the 【签名】 in front), tag (drops repetitions), timestamp (Unix
    seconds), nonce,
    signature: hex HMAC-SHA256 under the key of all other fields, sorted by name, as name=value
    joined by &, values as they are
    200 {"status": "success", "send_id": "…"}  |  200 {"status": "error", "code": "…"}

Reports come the other way as a form of the same fields, signed alike::

    appid, events (a JSON array of {"send_id", "event", "report", …}), timestamp, nonce, signature
    -> SUCCESS
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import requests

from backend.integrations.sms import SmsError
from backend.integrations.sms_reports import (
    MOST_REPORTS,
    Batch,
    Report,
    ReportRejected,
    Signed,
    same,
)
from backend.integrations.transport import on_this_machine, surely_not_sent

#: Wrong number, unwanted words, a number that wants no texts: the same at every provider.
_FINAL = frozenset({"201", "202", "251"})
_ENDS = {"delivered": True, "dropped": False, "failed": False}


def form_signature(secret: str, fields: Mapping[str, str]) -> str:
    """The signature of a form, as the module's text specifies it."""
    named = sorted((key, value) for key, value in fields.items() if key != "signature")
    text = "&".join(f"{key}={value}" for key, value in named)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class FormSmsProvider:
    """The provider behind ``base``; ``sign`` is the registered 【签名】 put before the text."""

    def __init__(
        self, base: str, app_key: str, app_secret: str, *, sign: str, name: str = "form",
        timeout: tuple[float, float] = (3.05, 8.0),
    ) -> None:  # fmt: skip
        self.name = name
        self._url = base.rstrip("/") + "/send"
        self._key, self._secret, self._sign, self._timeout = app_key, app_secret, sign, timeout
        self._http = requests.Session()
        if on_this_machine(base):
            self._http.trust_env = False

    def __repr__(self) -> str:
        return f"FormSmsProvider({self.name!r})"

    def send(self, phone: str, text: str, *, reference: str = "") -> str:
        """Hand over one text and return the provider's id; raises ``SmsError``."""
        fields = {
            "appid": self._key, "to": phone, "content": f"【{self._sign}】{text}",
            "tag": reference, "timestamp": str(int(time.time())), "nonce": secrets.token_hex(12),
        }  # fmt: skip
        fields["signature"] = form_signature(self._secret, fields)
        failure: SmsError
        try:
            reply = self._http.post(
                self._url, data=fields, timeout=self._timeout, allow_redirects=False
            )
            if reply.status_code >= 500 or reply.status_code in (403, 429):
                failure = SmsError("busy", f"HTTP {reply.status_code}")
            elif not reply.ok or reply.is_redirect:
                failure = SmsError("refused", f"HTTP {reply.status_code}")
            else:
                return _number(json.loads(reply.content))
        except SmsError as error:
            failure = error
        except requests.RequestException as error:
            kind = "unreachable" if surely_not_sent(error) else "unclear"
            failure = SmsError(kind, type(error).__name__)
        except (ValueError, KeyError, TypeError):
            failure = SmsError("unclear", "unreadable answer")
        raise failure

    def open_reports(self, request: Signed) -> Batch:
        """The reports of a callback: signature first, in constant time, then the body."""
        fields = _fields(request.body)
        right = form_signature(self._secret, fields)
        if not (same(self._key, fields.get("appid")) & same(right, fields.get("signature"))):
            raise ReportRejected("forged")
        try:
            rows = json.loads(fields["events"])
            found = [_report(row) for row in rows]
            timestamp, nonce = fields["timestamp"], fields["nonce"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ReportRejected("malformed") from None
        if not isinstance(rows, list) or len(rows) > MOST_REPORTS or not nonce:
            raise ReportRejected("malformed")
        return Batch(timestamp, nonce, tuple(one for one in found if one is not None))

    def answer(self) -> tuple[str, str]:
        """What tells this provider that its reports were taken: body and media type."""
        return "SUCCESS", "text/plain"


def _number(answer: Any) -> str:
    if answer["status"] == "success":
        return str(answer["send_id"])
    code = str(answer["code"])[:60]
    raise SmsError("refused" if code in _FINAL else "busy", code)


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise ReportRejected("malformed") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        # Two of a name: which of them was signed, nobody can say.
        raise ReportRejected("malformed")
    return found


def _report(row: dict[str, str]) -> Report | None:
    """One report; None for a state that is not the last."""
    number, event = str(row["send_id"])[:60], row["event"]
    if not isinstance(event, str) or not number:
        raise ValueError("not a report")
    ok = _ENDS.get(event)
    return None if ok is None else Report(number, ok, str(row.get("report") or event)[:40])
