"""Pushes from the WeChat stand-in to the backend: signed, encrypted, in the background."""

from __future__ import annotations

import json
import secrets
import threading
import time
from typing import Any

import requests
import structlog

from backend.demo.standin_settings import StandinSettings
from backend.integrations.wechat import PushCodec

log = structlog.get_logger()


def event(openid: str, name: str, items: list[dict[str, str]]) -> dict[str, Any]:
    """A subscribe event as WeChat writes it in JSON: one item is an object, several an array."""
    return {
        "ToUserName": "gh_demo00000001",
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": "event",
        "Event": name,
        "List": items[0] if len(items) == 1 else items,
    }


class Pusher:
    """Sends what it is given to ``push_url``, three times at most, as WeChat does."""

    def __init__(self, settings: StandinSettings) -> None:
        self._settings = settings

    def push(self, appid: str, message: dict[str, Any]) -> None:
        """Send in the background; nothing happens when no push address is set."""
        if not self._settings.push_url:
            return
        threading.Thread(target=self._deliver, args=(appid, message), daemon=True).start()

    def _deliver(self, appid: str, message: dict[str, Any]) -> None:
        settings = self._settings
        codec = PushCodec(settings.push_token, settings.push_aes_key, appid)
        http = requests.Session()
        http.trust_env = False
        for pause in (0.3, 5, 10):
            time.sleep(pause)
            timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
            sealed = codec.seal(json.dumps(message, ensure_ascii=False))
            query = {
                "timestamp": timestamp,
                "nonce": nonce,
                "encrypt_type": "aes",
                "msg_signature": codec.signature(timestamp, nonce, sealed),
            }
            body = {"ToUserName": message["ToUserName"], "Encrypt": sealed}
            try:
                reply = http.post(settings.push_url, params=query, json=body, timeout=5)
            except requests.RequestException as error:
                log.warning("push not delivered", error=type(error).__name__)
                continue
            if reply.ok:
                return
            log.warning("push refused", status=reply.status_code)
