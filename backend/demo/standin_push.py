"""Pushes from the WeChat stand-in to the backend: signed, encrypted, in the background."""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests
import structlog
import xmltodict

from backend.demo.standin_settings import StandinSettings
from backend.demo.standin_store import StandinStore
from backend.integrations.wechat import PushCodec

log = structlog.get_logger()
Message = dict[str, Any]
#: Seconds before each of WeChat's three tries.
_PAUSES = (0.3, 5, 10)
_NESTS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def event(openid: str, name: str, items: list[dict[str, str]]) -> Message:
    """A subscribe event as WeChat writes it in JSON: one item is an object, several an array."""
    return {
        "ToUserName": "gh_demo00000001",
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": "event",
        "Event": name,
        "List": items[0] if len(items) == 1 else items,
    }


def as_xml(message: Message) -> str:
    """The same message as WeChat writes it in XML: the items below an element of their own."""
    flat = dict(message)
    nest = _NESTS.get(str(flat.get("Event")))
    if nest is not None:
        flat[nest] = {"List": flat.pop("List")}
    return str(xmltodict.unparse({"xml": flat}, full_document=False))


@dataclass(frozen=True, slots=True)
class Misdeed:
    """What ``/demo/faults`` ordered for a push (its path: ``push/`` and the event's name).

    ``copies`` more of the same, each signed anew; ``replay``: the very same request once more;
    ``forged``: a wrong signature; ``gather`` so many of one person into one push; ``fields``
    replace the message's own, ``item`` those of each item: a receipt can say that it failed.
    """

    lost: bool = False
    delay: float = 0.0
    copies: int = 0
    replay: bool = False
    forged: bool = False
    xml: bool = False
    gather: int = 1
    fields: Message | None = None
    item: Message | None = None


class Pusher:
    """Sends what it is given to ``push_url``, three times at most, as WeChat does."""

    def __init__(self, settings: StandinSettings, store: StandinStore) -> None:
        self._settings = settings
        self._store = store
        self._gathered: dict[tuple[str, str], list[Any]] = {}
        self._turn = threading.Lock()

    def push(self, appid: str, message: Message) -> None:
        """Send in the background; nothing happens when no push address is set."""
        if not self._settings.push_url:
            return
        name = message.get("Event") or message["MsgType"]
        misdeed = Misdeed(**(self._store.take_fault(f"push/{name}") or {}))
        if misdeed.lost:
            return
        if misdeed.item and "List" in message:
            message = {**message, "List": _changed(message["List"], misdeed.item)}
        together = self._gather({**message, **(misdeed.fields or {})}, misdeed.gather)
        if together is not None:
            target = (appid, together, misdeed)
            threading.Thread(target=self._deliver, args=target, daemon=True).start()

    def _gather(self, message: Message, wanted: int) -> Message | None:
        """The message with the items of those held back before it; None while it is held back."""
        if wanted < 2 or "List" not in message:
            return message
        with self._turn:
            kept = self._gathered.setdefault((message["FromUserName"], message["Event"]), [])
            kept += message["List"] if isinstance(message["List"], list) else [message["List"]]
            if len(kept) < wanted:
                return None
            items, kept[:] = list(kept), []
        return {**message, "List": items}

    def _deliver(self, appid: str, message: Message, misdeed: Misdeed) -> None:
        time.sleep(misdeed.delay)
        codec = PushCodec(self._settings.push_token, self._settings.push_aes_key, appid)
        with requests.Session() as http:
            http.trust_env = False
            for _ in range(1 + misdeed.copies):
                self._send(http, codec, message, misdeed)

    def _send(
        self, http: requests.Session, codec: PushCodec, message: Message, misdeed: Misdeed
    ) -> None:
        for pause in _PAUSES:
            time.sleep(pause)
            query, body = _request(codec, message, misdeed)
            try:
                reply = http.post(self._settings.push_url, params=query, data=body, timeout=5)
                if misdeed.replay:
                    http.post(self._settings.push_url, params=query, data=body, timeout=5)
            except requests.RequestException as error:
                log.warning("push not delivered", error=type(error).__name__)
                continue
            if reply.ok or misdeed.forged:
                return
            log.warning("push refused", status=reply.status_code)


def _changed(items: Any, change: Message) -> Any:
    rows = items if isinstance(items, list) else [items]
    changed = [{**row, **change} for row in rows]
    return changed if isinstance(items, list) else changed[0]


def _request(codec: PushCodec, message: Message, misdeed: Misdeed) -> tuple[dict[str, str], bytes]:
    """Query and body of one try, freshly signed."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
    text = as_xml(message) if misdeed.xml else json.dumps(message, ensure_ascii=False)
    sealed = codec.seal(text)
    signature = codec.signature(timestamp, nonce, sealed)
    query = {
        "timestamp": timestamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": "0" * len(signature) if misdeed.forged else signature,
    }
    envelope = {"ToUserName": message["ToUserName"], "Encrypt": sealed}
    body = as_xml(envelope) if misdeed.xml else json.dumps(envelope)
    return query, body.encode()
