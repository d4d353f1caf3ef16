"""Around every request: an id, safe headers, one masked log line, a metric, nothing cached."""

import io
import json
import logging
import re
import sys

import pytest
import structlog

from backend.kernel import logs
from tests.http import probe
from tests.http.probe import PREFIX


def test_every_answer_carries_an_id_of_its_own(api) -> None:
    ids = {api.get(f"{PREFIX}/open").headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize("given", ["abcdef12", "0193a5c1-7bfa-7c55-8000-1234567890ab", "A" * 64])
def test_an_id_given_by_the_proxy_is_kept(api, given: str) -> None:
    answer = api.get(f"{PREFIX}/own", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == answer.get_json()["request_id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "id with space", '"><script>', "a\u00e9bcdefgh"]
)
def test_a_shapeless_id_is_replaced(api, given: str) -> None:
    answer = api.get(f"{PREFIX}/open", headers={"X-Request-Id": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    "path", [f"{PREFIX}/open", f"{PREFIX}/own", "/nothing", f"{PREFIX}/boom", "/api/"]
)
def test_every_answer_good_or_bad_has_the_safe_headers(api, path: str) -> None:
    headers = api.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    if path.startswith("/api/"):
        assert headers["Cache-Control"] == "no-store"
    else:
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


@pytest.fixture
def lines(monkeypatch):
    """Reads what was logged; the loggers are as before afterwards."""
    from backend.http import problems, requests

    root = logging.getLogger()
    kept, level, before = root.handlers[:], root.level, structlog.get_config()
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    logs.configure("INFO")
    for module in (problems, requests):
        monkeypatch.setattr(module, "log", structlog.get_logger())
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.configure(**before)


def test_each_request_leaves_one_line_with_route_status_and_actor(api, me, lines) -> None:
    answer = api.get(f"{PREFIX}/own?phone=13800005678", headers=me)
    (line,) = [line for line in lines() if line["event"] == "request"]
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["route"] == f"{PREFIX}/own"
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["actor"].startswith("person:")
    assert "13800005678" not in json.dumps(line)


def test_a_mistake_of_ours_is_logged_with_its_trace_and_masked(api, lines) -> None:
    answer = api.get(f"{PREFIX}/boom")
    (line,) = [line for line in lines() if line["event"] == "unexpected error"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert "RuntimeError" in line["exception"]
    assert "11010519491231002X" not in json.dumps(lines())


def test_no_token_reaches_the_log(api, services, me, lines) -> None:
    api.get(f"{PREFIX}/boom", headers=me)
    api.post(f"{PREFIX}/failures", json={"how": "unexpected"}, headers=me)
    assert me["Authorization"].removeprefix("Bearer ") not in json.dumps(lines())


def test_requests_are_counted_by_route_and_not_by_address(api) -> None:
    for number in range(3):
        api.get(f"/no-such-page-{number}")
    api.open(f"{PREFIX}/open", method="BREW1234")
    body = api.get("/metrics").get_data(as_text=True)
    assert "no-such-page" not in body
    assert "BREW1234" not in body
    assert 'route="(none)"' in body
    assert "huying_timers_overdue 0.0" in body


def test_metrics_are_for_this_machine_or_for_who_holds_the_token(
    api, services, monkeypatch
) -> None:
    from dataclasses import replace

    def status(**kwargs) -> int:
        return api.get("/metrics", **kwargs).status_code

    assert status() == 200
    assert status(environ_base={"REMOTE_ADDR": "10.0.0.7"}) == 404
    assert status(headers={"X-Forwarded-For": "10.0.0.7"}) == 404
    services.settings = replace(services.settings, metrics_token="right")
    assert status() == 404
    assert status(headers={"Authorization": "Bearer wrong"}) == 404
    assert status(headers={"Authorization": "Bearer right"}) == 200


def test_the_session_note_is_written_at_most_once_a_minute(api, services, me, clock) -> None:
    from datetime import timedelta

    from sqlalchemy import select

    from backend.kernel.sessions import SessionRow

    def seen():
        with services.db.transaction() as session:
            return session.scalar(select(SessionRow.seen_at))

    start = seen()
    clock.advance(timedelta(seconds=59))
    api.get(f"{PREFIX}/own", headers=me)
    assert seen() == start
    clock.advance(timedelta(seconds=1))
    api.get(f"{PREFIX}/own", headers=me)
    assert seen() == start + timedelta(minutes=1)


def test_a_session_note_that_fails_does_not_spoil_the_answer(
    api, services, me, clock, monkeypatch
) -> None:
    from datetime import timedelta

    from sqlalchemy.exc import OperationalError

    from backend.http import requests

    def gone(*args):
        raise OperationalError("UPDATE", {}, Exception("gone"))

    monkeypatch.setattr(requests, "touch", gone)
    clock.advance(timedelta(minutes=5))
    assert api.get(f"{PREFIX}/own", headers=me).status_code == 200
    assert probe.effects(services) == []


def test_map_tiles_are_the_only_foreign_thing_a_page_may_load(services) -> None:
    from dataclasses import replace

    from backend.app import create_app

    def policy(tiles: str) -> str:
        services.settings = replace(services.settings, map_tile_url=tiles)
        answer = create_app(services.settings, services).test_client().get("/healthz")
        return answer.headers["Content-Security-Policy"]

    assert "img-src 'self' data: blob:;" in policy("")
    tiles = "https://{s}.tiles.example.org/{z}/{x}/{y}.png"
    assert "img-src 'self' data: blob: https://*.tiles.example.org;" in policy(tiles)
