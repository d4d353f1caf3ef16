"""The stand-in's side of the content check. Two test words are risky or doubtful, all else fine."""

from __future__ import annotations

import secrets
from typing import Any

from backend.demo.standin_checks import Body, Refused, WeChatRules
from backend.demo.standin_push import event

_SCENES = frozenset({1, 2, 3, 4})
_MOST_CHARACTERS = 2500
#: Words for a test of each label that WeChat names; the label alone is doubtful, not risky.
_RISKY = {
    "测试广告": 10001, "测试时政": 20001, "测试色情": 20002, "测试违规": 20003, "测试违法": 20006,
    "测试欺诈": 20008,
}  # fmt: skip
_DOUBTFUL = {"测试复核": 21000}


def text_check(rules: WeChatRules, appid: str, body: Body) -> Body:
    """A text is judged at once; risk comes with errcode 0. Its author must have been here lately."""
    if appid != rules.settings.mini_app_id:
        raise Refused(48001, "api unauthorized")
    content = str(body.get("content", ""))
    if body.get("version") != 2 or body.get("scene") not in _SCENES:
        raise Refused(44991, "invalid scene or version")
    if not content or len(content) > _MOST_CHARACTERS:
        raise Refused(47001, "data format error")
    rules.check_visit(str(body.get("openid", "")))
    words = " ".join(str(body.get(name, "")) for name in ("title", "nickname", "content"))
    judged = _judged(words)
    detail = [{"strategy": "content_model", "errcode": 0, **judged, "prob": 90}]
    return {
        "errcode": 0, "errmsg": "ok", "result": judged, "trace_id": secrets.token_hex(8),
        "detail": detail,
    }  # fmt: skip


def picture_check(rules: WeChatRules, appid: str, body: Body) -> Body:
    """A picture is judged by a push a moment later.

    The test words may stand in the address, since the stand-in looks at no picture.
    """
    if appid != rules.settings.mini_app_id:
        raise Refused(48001, "api unauthorized")
    url, openid = str(body.get("media_url", "")), str(body.get("openid", ""))
    known = body.get("version") == 2 and body.get("media_type") in {1, 2}
    if not known or body.get("scene") not in _SCENES:
        raise Refused(44991, "invalid scene or version")
    if not url.startswith(("http://", "https://")):
        raise Refused(47001, "data format error")
    rules.check_visit(openid)
    trace_id = secrets.token_hex(16)
    message = event(openid, "wxa_media_check", [{}])
    del message["List"]
    answer = {"version": 2, "trace_id": trace_id, "errcode": 0, "errmsg": "ok", "detail": []}
    rules.pusher.push(appid, {**message, **answer, "appid": appid, "result": _judged(url)})
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}


def _judged(text: str) -> dict[str, Any]:
    for suggestion, words in (("risky", _RISKY), ("review", _DOUBTFUL)):
        for word, label in words.items():
            if word in text:
                return {"suggest": suggestion, "label": label}
    return {"suggest": "pass", "label": 100}
