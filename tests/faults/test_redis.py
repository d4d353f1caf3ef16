"""Redis gone: what only speeds things up is skipped at once; what guards a door stays shut."""

import time

import pytest

from backend.embedded.valkey import Valkey
from backend.kernel import redis as link
from backend.kernel.errors import RateLimited, Unavailable
from backend.kernel.limits import Limiter
from backend.kernel.redis import RedisLink


@pytest.fixture
def own_valkey(server_dir, request):
    server = Valkey(server_dir / request.node.name[:20].replace("[", "_"))
    server.start()
    yield server
    server.stop()


def test_a_limit_is_counted_over_processes_and_says_how_long_to_wait(valkey, services) -> None:
    first, second = Limiter(valkey.url), Limiter(valkey.url)
    for limiter in (first, second, first):
        limiter.hit("3 per 15 minutes", "sign-in", "13800000000")
    with pytest.raises(RateLimited) as caught:
        second.hit("3 per 15 minutes", "sign-in", "13800000000")
    assert 890 <= caught.value.retry_after <= 901
    assert "15分钟" in caught.value.action
    second.hit("3 per 15 minutes", "sign-in", "13800000001")
    second.hit("3 per 15 minutes", "codes", "13800000000")


def test_a_limiter_that_cannot_count_refuses(own_valkey) -> None:
    limiter = Limiter(own_valkey.url)
    limiter.hit("5 per minute", "sign-in", "a")
    own_valkey.kill()
    started = time.monotonic()
    for _ in range(10):
        with pytest.raises(Unavailable) as caught:
            limiter.hit("5 per minute", "sign-in", "a")
        assert caught.value.code == "limiter_unavailable"
    assert time.monotonic() - started < 3
    own_valkey.start()
    limiter.hit("5 per minute", "sign-in", "a")


def test_a_limiter_that_was_born_without_its_server_refuses_too() -> None:
    with pytest.raises(Unavailable):
        Limiter("redis://127.0.0.1:9/0").hit("5 per minute", "sign-in", "a")


def test_a_dead_server_costs_one_try_in_two_seconds(own_valkey, monkeypatch) -> None:
    now = [100.0]
    monkeypatch.setattr(link.time, "monotonic", lambda: now[0])
    redis, tries = RedisLink(own_valkey.url), []

    def use(client):
        tries.append(now[0])
        return client.incr("n")

    assert redis.call(use, default=-1) == 1
    own_valkey.kill()
    for now[0] in (101.0, 101.5, 102.9, 103.1):
        assert redis.call(use, default=-1) == -1
    assert tries == [100.0, 101.0, 103.1]
    own_valkey.start()
    now[0] = 105.2
    assert redis.call(use, default=-1) == 1
    assert redis.alive


def test_a_server_that_hangs_is_left_within_a_second_or_so(own_valkey) -> None:
    import os
    import signal

    redis = RedisLink(own_valkey.url)
    assert redis.alive
    pid = own_valkey._process.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        assert redis.call(lambda client: client.get("x"), default="none") == "none"
        assert redis.call(lambda client: client.get("x"), default="none") == "none"
        assert time.monotonic() - started < 2.5
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_mistake_in_our_own_code_is_not_taken_for_a_dead_server(valkey) -> None:
    redis = RedisLink(valkey.url)
    with pytest.raises(KeyError):
        redis.call(lambda client: {}["x"], default=None)
    assert redis.alive


def test_pages_and_readiness_live_on_without_redis(services, app) -> None:
    services.redis = RedisLink("redis://127.0.0.1:9/0")
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    parts = client.get("/readyz").get_json()["parts"]
    assert parts["redis"] == "unreachable"
    assert parts["database"] == "ok"
