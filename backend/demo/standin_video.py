"""The demo's stand-in for a video service: rooms for two, who is there, and a text chat.

It does what a real one must: it asks Huying with the word of the link whether to let somebody in,
and again while they are there, so that a room ends when the appointment does.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import requests
from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request

video = Blueprint("video", __name__)
NAMES = {"resident": "居民", "clerk": "工作人员"}
_HERE_SECONDS = 6.0
_ASK_AGAIN = 3.0
_MOST_ROOMS, _MOST_LINES, _MOST_LETTERS = 200, 200, 300


@dataclass
class _Room:
    seen: dict[str, float] = field(default_factory=dict)
    lines: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Refused:
    title: str


class Rooms:
    """What the stand-in remembers of rooms, and whom Huying let in a moment ago."""

    def __init__(self, api_url: str) -> None:
        self._api = api_url
        self._lock = threading.Lock()
        self._rooms: OrderedDict[UUID, _Room] = OrderedDict()
        self._let_in: dict[tuple[UUID, str], tuple[float, dict[str, Any]]] = {}

    def ask(self, room: UUID, word: str) -> dict[str, Any] | _Refused:
        """Whom Huying says this is; or why nobody may come in now."""
        known = self._let_in.get((room, word))
        if known and known[0] > time.monotonic():
            return known[1]
        try:
            with requests.Session() as http:
                http.trust_env = False
                path = f"{self._api}/api/v1/video-rooms/{room}/entries"
                answer = http.post(path, json={"word": word}, timeout=5)
            found: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError):
            return _Refused("现在连不上，请过一会儿再试")
        if not answer.ok:
            self._let_in.pop((room, word), None)
            return _Refused(str(found.get("title") or "进不去"))
        if len(self._let_in) >= _MOST_ROOMS:
            self._let_in.clear()
        self._let_in[room, word] = time.monotonic() + _ASK_AGAIN, found
        return found

    def state(self, room: UUID, side: str, line: str = "") -> dict[str, Any]:
        """Note that this side is there (and what it says); who is there and what was said."""
        with self._lock:
            kept = self._rooms.setdefault(room, _Room())
            self._rooms.move_to_end(room)
            while len(self._rooms) > _MOST_ROOMS:
                self._rooms.popitem(last=False)
            now = time.monotonic()
            kept.seen[side] = now
            if line:
                kept.lines = [*kept.lines, {"side": side, "text": line}][-_MOST_LINES:]
            here = [one for one, at in kept.seen.items() if now - at < _HERE_SECONDS]
            return {"here": here, "lines": list(kept.lines)}


def _rooms() -> Rooms:
    found: Rooms = current_app.extensions["standin_video"]
    return found


@video.get("/video/<uuid:room>")
def page(room: UUID) -> Response:
    """The room's page for whoever the word of the link belongs to."""
    word = request.args.get("word", "")[:100]
    found = _rooms().ask(room, word)
    refused = found.title if isinstance(found, _Refused) else ""
    known = {} if isinstance(found, _Refused) else found
    answer = make_response(
        render_template("video.html", refused=refused, known=known, names=NAMES),
        403 if refused else 200,
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@video.post("/video/<uuid:room>/state")
def state(room: UUID) -> Response:
    """Who is there and what was said; with ``text``, somebody says something."""
    body = request.get_json(silent=True)
    given = body if isinstance(body, dict) else {}
    found = _rooms().ask(room, str(given.get("word", ""))[:100])
    if isinstance(found, _Refused):
        return make_response(jsonify(title=found.title), 403)
    line = str(given.get("text", "")).strip()[:_MOST_LETTERS]
    return jsonify(_rooms().state(room, found["side"], line))
