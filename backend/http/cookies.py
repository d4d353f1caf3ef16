"""How a fresh session reaches the device: a cookie for browsers, a token for WeChat."""

from datetime import timedelta

from flask import Response, request

from backend.http.context import services
from backend.http.guards import COOKIES
from backend.kernel.sessions import LIFETIME, OpenedSession

BROWSER_CHANNELS = ("h5", "console")


def give(answer: Response, kind: str, opened: OpenedSession, channel: str) -> Response:
    """Set the session cookie on `answer` when the channel is a browser."""
    if channel in BROWSER_CHANNELS:
        _set(answer, kind, opened.token, LIFETIME[kind])
    return answer


def take(answer: Response, kind: str) -> Response:
    """Remove the session cookie."""
    _set(answer, kind, "", timedelta(0))
    return answer


def secrets_for(opened: OpenedSession, channel: str) -> dict[str, str | None]:
    """`token` for WeChat, `csrf_token` for browsers; the other one is null."""
    browser = channel in BROWSER_CHANNELS
    return {
        "token": None if browser else opened.token,
        "csrf_token": opened.csrf_token if browser else None,
    }


def _set(answer: Response, kind: str, value: str, lifetime: timedelta) -> None:
    answer.set_cookie(
        COOKIES[kind],
        value,
        max_age=lifetime,
        httponly=True,
        samesite="Lax",
        # The demo is plain HTTP on loopback, where a Secure cookie would never come back.
        secure=request.is_secure or not services().settings.demo,
        path="/",
    )
