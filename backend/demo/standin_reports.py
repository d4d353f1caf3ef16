"""Reports of the stand-in's text messages, in each provider's dialect, signed, in the background.

Misbehaviour is ordered at /demo/faults like that of pushes, with the path ``report/`` and the
provider's name: see ``Misdeed``.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import requests
import structlog

from backend.config import SmsAccount
from backend.demo.standin_settings import StandinSettings
from backend.demo.standin_store import StandinStore
from backend.integrations.sms import signature
from backend.integrations.sms_form import form_signature

log = structlog.get_logger()
#: Seconds before each try to hand a report over.
_PAUSES = (0.3, 5.0, 20.0)


@dataclass(frozen=True, slots=True)
class Misdeed:
    """What was ordered for a report.

    ``failed`` says that the text did not arrive; ``copies`` more of the same, each signed anew;
    ``replay``: the very same request once more; ``forged``: a wrong signature.
    """

    lost: bool = False
    failed: bool = False
    delay: float = 0.0
    copies: int = 0
    replay: bool = False
    forged: bool = False


def report_later(
    settings: StandinSettings, store: StandinStore, account: SmsAccount, number: str
) -> None:
    """Say in the background what became of a text; nothing where no address is set."""
    if not settings.report_url:
        return
    url = f"{settings.report_url}/{account.name}"
    misdeed = Misdeed(**(store.take_fault(f"report/{account.name}") or {}))
    if misdeed.lost:
        return
    work = (url, account, number, misdeed)
    threading.Thread(target=_deliver, args=work, daemon=True).start()


def _deliver(url: str, account: SmsAccount, number: str, misdeed: Misdeed) -> None:
    time.sleep(misdeed.delay)
    with requests.Session() as http:
        http.trust_env = False
        for _ in range(1 + misdeed.copies):
            _send(http, url, account, number, misdeed)


def _send(
    http: requests.Session, url: str, account: SmsAccount, number: str, misdeed: Misdeed
) -> None:
    for pause in _PAUSES:
        time.sleep(pause)
        body, headers = written(url, account, number, misdeed)
        try:
            reply = http.post(url, data=body, headers=headers, timeout=5)
            if misdeed.replay:
                http.post(url, data=body, headers=headers, timeout=5)
        except requests.RequestException as error:
            log.warning("report not delivered", error=type(error).__name__)
            continue
        if reply.ok or misdeed.forged:
            return
        log.warning("report refused", status=reply.status_code)


def written(
    url: str, account: SmsAccount, number: str, misdeed: Misdeed
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one callback. The real ones name the phone, too: it is not needed."""
    secret = "wrong" if misdeed.forged else account.api_secret
    timestamp, nonce = str(int(time.time())), secrets.token_hex(12)
    ok = not misdeed.failed
    if account.dialect == "json":
        at = datetime.now(UTC).isoformat()
        state = {"status": "delivered", "code": "DELIVRD"}
        row = {"message_id": number, **(state if ok else {"status": "failed", "code": "UNDELIV"})}
        body = json.dumps({"reports": [{**row, "at": at}]}).encode()
        path = urlsplit(url).path
        return body, {
            "Content-Type": "application/json", "X-App-Key": account.api_key,
            "X-Timestamp": timestamp, "X-Nonce": nonce,
            "X-Signature": signature(secret, timestamp, nonce, body, path),
        }  # fmt: skip
    event = {"event": "delivered", "report": "DELIVRD"} if ok else {"event": "dropped"}
    row = {"send_id": number, **event, "address": "138****0000", "timestamp": timestamp}
    fields = {
        "appid": account.api_key, "events": json.dumps([row]), "timestamp": timestamp,
        "nonce": nonce,
    }  # fmt: skip
    fields["signature"] = form_signature(secret, fields)
    return urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
