"""In front of Flask: calls for a place that is sold out are answered here, in the same words."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import structlog

from appointments.rules import Refused
from backend.domains.appointments import proofs
from backend.domains.appointments.admission import Admission, Verdict, Wish
from backend.domains.appointments.refusals import worded
from backend.http import metrics
from backend.http.guards import token_in
from backend.http.mutation import KEY
from backend.http.requests import ALWAYS, id_of
from backend.http.turns import turns
from backend.kernel.services import Services

log = structlog.get_logger()
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
ROUTE = "/api/v1/appointments"
_PROOF = f"HTTP_{proofs.HEADER.upper().replace('-', '_')}"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_BYTES = 400
_FULL = worded(Refused("slot_full"))


class Gate:
    """A WSGI application that lets calls through to another unless they ask for what is gone."""

    def __init__(self, app: App, services: Services) -> None:
        self._app = app
        self._services = services
        self.admission = Admission(services)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the call here, or let it through and learn from the answer."""
        if environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO") == ROUTE:
            began = time.perf_counter()
            wish = self._wish(environ)
            if wish is not None:
                return self._admit(wish, environ, start, began)
        return self._app(environ, start)

    def _admit(
        self, wish: Wish, environ: dict[str, Any], start: Callable[..., Any], began: float
    ) -> Iterable[bytes]:
        turns.wait()
        verdict = self.admission.ask(wish)
        if verdict is Verdict.FULL:
            return _refuse(environ, start, began)
        status = ""

        def note_status(line: str, headers: Any, *rest: Any) -> Any:
            nonlocal status
            status = line[:3]
            return start(line, headers, *rest)

        answer = self._app(environ, note_status)
        if status == "409":
            body = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
            if json.loads(body).get("code") == _FULL.code:
                self.admission.refused_as_full(wish, tried=verdict is Verdict.TRY)
            return [body]
        if status == "201" and verdict is Verdict.TRY:
            self.admission.booked(wish)
        return answer

    def _wish(self, environ: dict[str, Any]) -> Wish | None:
        """What a known resident asks for in the plain way that apps use; the rest is for Flask."""
        length = environ.get("CONTENT_LENGTH", "")
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        token = token_in(environ)
        plain = length.isascii() and length.isdigit() and 0 < int(length) <= _MOST_BYTES
        if not plain or kind != "application/json" or environ.get("QUERY_STRING"):
            return None
        if token is None or not KEY.fullmatch(key):
            return None
        services, word = self._services, environ.get(_PROOF, "")
        person = proofs.whose(services, token, services.clock.now(), word)
        ids = _ids(environ, int(length)) if person else None
        if ids is None:
            return None
        call = hashlib.sha256(f"{token} {key}".encode()).hexdigest()
        return Wish(*ids, person=person, call=call)


def _ids(environ: dict[str, Any], length: int) -> tuple[str, str] | None:
    """The slot and item in the body, if nothing else is; Flask can read it again."""
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or set(given) - {"consent_id"} != {"slot_id", "item_id"}:
        return None
    ids = given["slot_id"], given["item_id"]
    if given.get("consent_id") is not None or not all(
        isinstance(one, str) and _ID.fullmatch(one) for one in ids
    ):
        return None
    return ids


def _refuse(environ: dict[str, Any], start: Callable[..., Any], began: float) -> Iterable[bytes]:
    """What `backend.http.problems` makes of the refusal, without Flask."""
    request_id = id_of(environ.get("HTTP_X_REQUEST_ID", ""))
    problem = {
        "action": _FULL.action, "code": _FULL.code, "detail": _FULL.detail,
        "request_id": request_id, "status": 409, "title": _FULL.title,
        "type": f"/problems/{_FULL.code}",
    }  # fmt: skip
    body = json.dumps(problem, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "X-Request-Id": request_id,
        **ALWAYS,
        "Cache-Control": "no-store",
    }
    seconds = time.perf_counter() - began
    metrics.observe("POST", ROUTE, 409, seconds)
    log.info(
        "request", method="POST", route=ROUTE, status=409, ms=round(seconds * 1000, 1),
        request_id=request_id, actor="admission",
    )  # fmt: skip
    start("409 CONFLICT", list(headers.items()))
    return [body]
