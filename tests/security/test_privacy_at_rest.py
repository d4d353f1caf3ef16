"""Canaries: known personal values and secrets, sought in everything that is written down."""

import io
import logging
import sys
from uuid import uuid4

import pytest
import structlog

from backend import config
from backend.app import compose
from backend.embedded.postgres import Postgres
from backend.kernel import logs, trace
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from tests.people import PASSWORD, fictional_id_number, sign_in_person, sign_in_staff
from tests.schema import create_schema
from tests.web import web_app

NAME, PHONE, OPENID = "金丝雀𠮷某", "13800009191", "oCANARYopenid0000000000000000"


@pytest.fixture(scope="module")
def cluster(server_dir):
    """A durable cluster of the module's own, whose files can be read."""
    server = Postgres(server_dir / "canary")
    server.start()
    create_schema(server.url)
    yield server
    server.stop("immediate")


@pytest.fixture
def house(cluster, base_environ, clock, valkey, monkeypatch):
    """The application on that cluster, with its log in `.written`."""
    services = compose(config.load({**base_environ, "DATABASE_URL": cluster.url}), clock=clock)
    services.redis.client.flushall()
    root = logging.getLogger()
    kept, level, before = root.handlers[:], root.level, structlog.get_config()
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    logs.configure("DEBUG")
    services.extensions["written"] = out
    yield services
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.configure(**before)
    services.db.dispose()


def places(house, cluster) -> dict[str, bytes]:
    """Everything written: database files with WAL and server log, Valkey's keys, our log."""
    house.db.dispose()
    cluster.stop()
    found = {
        str(path.relative_to(cluster._data)): path.read_bytes()
        for path in [*cluster._data.rglob("*"), *cluster._data.parent.glob("*.log")]
        if path.is_file() and path.is_relative_to(cluster._data)
    }
    cluster.start()
    client = house.redis.client
    for key in client.scan_iter():
        kind = client.type(key)
        value = {"string": client.get, "hash": client.hgetall, "set": client.smembers,
                 "zset": lambda k: client.zrange(k, 0, -1), "list": lambda k: client.lrange(k, 0, -1),
                 }.get(kind, str)(key)  # fmt: skip
        found[f"valkey {key}"] = f"{key} {value}".encode()
    found["log"] = house.extensions["written"].getvalue().encode()
    return found


def sightings(found: dict[str, bytes], *canaries: str) -> list[tuple[str, str]]:
    return [
        (canary, place)
        for canary in canaries
        for place, content in found.items()
        if canary.encode() in content or canary.encode("unicode_escape") in content
    ]


def test_the_search_finds_what_is_there(house, cluster) -> None:
    """The negative control: a value written in the clear is seen."""
    mark = f"clear-{uuid4().hex}"
    with house.unit() as uow:
        subject = Subject("case", new_id())
        trace.record(uow, subject=subject, action="note", internal_text=mark)
    house.redis.client.set("control", mark)
    where = {place.split("/")[0] for _, place in sightings(places(house, cluster), mark)}
    assert {"base", "pg_wal", "valkey control"} <= where


def test_names_phones_numbers_and_openids_are_written_nowhere_in_the_clear(house, cluster) -> None:
    number = fictional_id_number()
    me = sign_in_person(house, name=NAME, phone=PHONE, mini_openid=OPENID)
    api = web_app(house).test_client(use_cookies=False)

    def send(method: str, path: str, body: object = None) -> int:
        headers = {**me, "Idempotency-Key": uuid4().hex}
        return api.open(f"/api/v1{path}", method=method, json=body, headers=headers).status_code

    assert send("GET", "/me") == 200
    assert send("PATCH", "/me", {"elder_mode": True}) == 200
    assert send("GET", "/me/export") == 200
    # Refused or not: what came in must not be written down on the way.
    send("POST", "/me/real-name", {"name": NAME, "id_number": number})
    send("POST", "/sms-codes", {"phone": PHONE, "purpose": "sign_in"})
    send("POST", "/sessions/sms", {"phone": PHONE, "code": "000000", "channel": "h5"})
    send("POST", "/me/phone", {"phone": PHONE, "sms_code": "000000"})
    send("GET", f"/items?q={NAME}{PHONE}")
    send("PATCH", "/me", {"elder_mode": PHONE, NAME: number})
    token = me["Authorization"].removeprefix("Bearer ")
    found = places(house, cluster)
    assert sightings(found, NAME, PHONE, number, OPENID, token) == []
    assert len(found) > 500
    assert found["log"].count(b'"event": "request"') >= 9


def test_secrets_of_staff_and_of_the_installation_are_written_nowhere(house, cluster) -> None:
    headers = sign_in_staff(house, ("clerk", "district", None))
    api = web_app(house).test_client(use_cookies=False)
    wrong = "wrong-canary-password-17"
    for body in (
        {"username": "nobody", "password": wrong, "totp": "000000"},
        {"username": "nobody", "password": PASSWORD, "totp": "000000"},
    ):
        assert api.post("/api/v1/staff/sessions", json=body).status_code in (401, 403, 422)
    assert api.get("/api/v1/staff/session", headers=headers).status_code == 200
    token = headers["Cookie"].partition("=")[2]
    found = places(house, cluster)
    secrets = (house.settings.wechat.app_secret, PASSWORD, wrong, token, headers["X-CSRF-Token"])
    assert sightings(found, *secrets) == []
