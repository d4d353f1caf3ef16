"""In front of Flask: what is left on which day and when, asked by many, is read once a second.

A process keeps the answers of `GET /halls/{id}/days` and `/slots` for those they are the same for:
visitors and residents, and residents of 60 and more, who see their quota too. Whoever asks within a second of
the moment it was begun to be read gets the same bytes; only the proof of having looked, a header,
is each resident's own. Nothing has to be told of a booking, a
closed day or a new batch: an answer ends by itself before it is a second old, in every process.
Who is behind a session is looked up as the guards do it, anew every few seconds; whoever is not
known yet goes through to the route, which asks `recall` before it reads.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import Response

from backend.domains.appointments import proofs
from backend.http import metrics
from backend.http.guards import RESIDENT, token_in
from backend.http.requests import id_of
from backend.kernel.services import Services

log = structlog.get_logger()
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# Where a route says for whom its answer is the same, and finds what is remembered for them.
_SAME_FOR, _RECALL = "huying.same_for", "huying.recall"
ROUTE = "/api/v1/halls/<uuid:hall_id>"
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATH = re.compile(rf"/api/v1/halls/{_ID}/(days|slots)")
_QUERY = re.compile(rf"item_id={_ID}(&date=\d{{4}}-\d\d-\d\d)?(&video=true)?", re.ASCII)
# Headers that are made anew for each caller.
_OWN = ("X-Request-Id", proofs.HEADER)
_FRESH = timedelta(seconds=1)
_KNOWN_FOR = 5.0
_MOST = 4000


@dataclass(frozen=True, slots=True)
class _Asker:
    """Which of the answers a session gets, and the verified resident it belongs to, if any."""

    audience: str
    resident: str | None
    until: float


@dataclass(frozen=True, slots=True)
class _Answer:
    headers: list[tuple[str, str]]
    body: bytes
    moment: datetime
    until: float


class Glances:
    """A WSGI application that remembers for a second what another says is left of each day."""

    def __init__(self, app: App, services: Services) -> None:
        self._app = app
        self._services = services
        self._clock = services.clock
        self._askers: dict[bytes, _Asker] = {}
        self._answers: dict[tuple[str, str, str], _Answer] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from what was read within the last second, or let it be read."""
        if environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start)
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if not _PATH.fullmatch(path) or not _QUERY.fullmatch(query):
            return self._app(environ, start)
        began = time.perf_counter()
        session = _session(environ)
        asker = self._askers.get(session)
        if asker is not None and began < asker.until:
            found = self._answers.get((path, query, asker.audience))
            if found is not None and began < found.until and self._holds(found):
                return self._tell(environ, start, found, asker, began)
        return self._read(environ, start, (path, query), session, began)

    def _holds(self, answer: _Answer) -> bool:
        # By the clock too, which may be set: another moment, another day, another batch.
        return timedelta(0) <= self._clock.now() - answer.moment < _FRESH

    def _read(
        self,
        environ: dict[str, Any],
        start: Callable[..., Any],
        asked: tuple[str, str],
        session: bytes,
        began: float,
    ) -> Iterable[bytes]:
        moment = self._clock.now()
        status, headers = "", []
        recalled = False

        def recall(audience: str) -> bytes | None:
            nonlocal recalled
            found = self._answers.get((*asked, audience))
            recalled = found is not None and began < found.until and self._holds(found)
            return found.body if found is not None and recalled else None

        environ[_RECALL] = recall

        def note(line: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status, headers
            status, headers = line, [one for one in given if one[0] not in _OWN]
            return start(line, given, *rest)

        answer = self._app(environ, note)
        audience = environ.get(_SAME_FOR)
        if audience is None or not status.startswith("200"):
            return answer
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        asker = _Asker(audience, environ.get(RESIDENT), began + _KNOWN_FOR)
        until = began + _FRESH.total_seconds()
        _keep(self._askers, session, asker)
        if not recalled:
            _keep(self._answers, (*asked, audience), _Answer(headers, body, moment, until))
        return [body]

    def _tell(
        self,
        environ: dict[str, Any],
        start: Callable[..., Any],
        found: _Answer,
        asker: _Asker,
        began: float,
    ) -> Iterable[bytes]:
        """Give a remembered answer, counted and logged as Flask does it."""
        request_id = id_of(environ.get("HTTP_X_REQUEST_ID", ""))
        own = [("X-Request-Id", request_id)]
        kind = environ["PATH_INFO"].rpartition("/")[2]
        if asker.resident is not None:
            environ[RESIDENT] = asker.resident
            if kind == "slots":
                now = self._clock.now()
                token = token_in(environ) or ""
                proof = proofs.issue(self._services, UUID(asker.resident), token, now)
                own.insert(0, (proofs.HEADER, proof))
        seconds = time.perf_counter() - began
        metrics.observe("GET", f"{ROUTE}/{kind}", 200, seconds)
        log.info(
            "request", method="GET", route=f"{ROUTE}/{kind}", status=200,
            ms=round(seconds * 1000, 1), request_id=request_id, actor="remembered",
        )  # fmt: skip
        start("200 OK", [*found.headers, *own])
        return [found.body]


def recall(environ: dict[str, Any], audience: str) -> Response | None:
    """What was answered to these people within the last second; from now on it is remembered.

    A route of times calls it once it knows who asks and before it reads what is left.
    """
    environ[_SAME_FOR] = audience
    ask = environ.get(_RECALL)
    body = None if ask is None else ask(audience)
    return None if body is None else Response(body, mimetype="application/json")


def _session(environ: dict[str, Any]) -> bytes:
    """What tells one caller's session from another's; the tokens themselves are not kept."""
    words = environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_COOKIE", "")
    return hashlib.sha256("\n".join(words).encode("latin-1", "replace")).digest()


def _keep(known: dict[Any, Any], key: Any, value: Any) -> None:
    if len(known) >= _MOST:
        known.clear()
    known[key] = value
