"""Residents who use the demo's phone app have the mini-program open, and WeChat would know.

Its content check refuses the words of people who were not there in the last two hours; so the
stand-in is told of whoever asks the API from the phone app, now and then.
"""

import time
from uuid import UUID

import requests
import structlog
from flask import Response

from backend.domains.identity import service as identity
from backend.http.context import principal, services, session

log = structlog.get_logger()
_AGAIN = 1200.0
_TIMEOUT = (0.5, 2.0)
_told: dict[UUID, float] = {}


def note(response: Response) -> Response:
    """After each request: tell the stand-in of a resident not told of in twenty minutes."""
    actor, url = principal().actor, services().settings.standin_url
    if not url or actor.kind != "person" or actor.id is None:
        return response
    now = time.monotonic()
    if now - _told.get(actor.id, -_AGAIN) < _AGAIN:
        return response
    _told[actor.id] = now
    openid = identity.addresses(services(), session(), actor.id).mini_openid
    if openid:
        _tell(f"{url}/demo/visits", openid)
    return response


def _tell(url: str, openid: str) -> None:
    try:
        with requests.Session() as http:
            http.trust_env = False
            http.post(url, json={"openid": openid}, timeout=_TIMEOUT).raise_for_status()
    except requests.RequestException as error:
        log.warning("stand-in not told of a visit", error=type(error).__name__)
