"""What happens around every request: an id, a log line, a metric, a clean session."""

import random
import re
import time
from urllib.parse import unquote_to_bytes, urlsplit

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from backend.http import context, metrics
from backend.kernel.errors import Invalid
from backend.kernel.sessions import SessionRow, touch

log = structlog.get_logger()
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
#: What every answer carries.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
MAX_BODY = 12 * 1024 * 1024


def register(app: Flask) -> None:
    """Hook the request's beginning and end."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_close)


def id_of(given: str) -> str:
    """The caller's own id for a request, or a fresh one where that cannot be an id.

    It tells requests apart and keeps no secret, so the system's source of secrets is not asked:
    that lets go of the interpreter, which at a rush another thread then takes (measured).
    """
    return given if _ID.fullmatch(given) else f"{random.getrandbits(64):016x}"


def _begin() -> None:
    g.request_id = id_of(request.headers.get("X-Request-Id", ""))
    g.started = time.perf_counter()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if b"\0" in unquote_to_bytes(request.query_string) or "\0" in request.path:
        raise Invalid("bad_value", detail="地址里有无法识别的字符")


def _finish(answer: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "(none)"
    metrics.observe(request.method, route, answer.status_code, seconds)
    answer.headers["X-Request-Id"] = context.request_id()
    for name, value in ALWAYS.items():
        answer.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    else:
        answer.headers.setdefault("Content-Security-Policy", _policy())
    if route not in ("/healthz", "/metrics"):
        actor = context.principal().actor
        log.info(
            "request",
            method=request.method,
            route=route,
            status=answer.status_code,
            ms=round(seconds * 1000, 1),
            actor=f"{actor.kind}:{actor.id}" if actor.id else actor.kind,
        )
    return answer


_CSP = (
    "default-src 'self'; img-src 'self' data: blob:{tiles}; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


def _policy() -> str:
    """Pages load nothing foreign, but map tiles where the district has set their address."""
    parts = urlsplit(context.services().settings.map_tile_url)
    # A template such as https://{s}.example.org names a host by a placeholder.
    host = re.sub(r"\{[^}]*\}", "*", parts.netloc)
    return _CSP.format(tiles=f" {parts.scheme}://{host}" if host else "")


def _close(error: BaseException | None) -> None:
    row = g.pop("session_row", None)
    context.reset()
    if row is not None:
        _note_use(row)
    structlog.contextvars.clear_contextvars()


def _note_use(row: SessionRow) -> None:
    app = context.services()
    now = app.clock.now()
    if (now - row.seen_at).total_seconds() < 60:
        return
    try:
        # In a transaction of its own: reading a page must not roll back the "last seen" note.
        with app.db.transaction() as session:
            touch(session, row, now)
    except SQLAlchemyError as error:
        # The answer stands; the note comes with the next call.
        log.warning("session use not noted", error=type(error).__name__)
