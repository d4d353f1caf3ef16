"""Input made to break a parser, an index or a column: always a clear refusal, never a 5xx.

A quarter of all calls, always the same; `LONG=1` makes all of them (part of `make soak`).
"""

import json
import os
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.security.demo_world import DemoWorld
from tests.security.dispatch_cast import Form
from tests.security.judge import faults
from tests.security.test_ownership_matrix import BODIES

DEEP = 100_000
SHARE = 1.0 if os.environ.get("LONG") else 0.25
STRINGS = {
    "nul": "a\0b",
    "half a character": "\ud83d",
    "rare": "𠮷㐂" * 20,
    "emoji": "👨‍👩‍👧",
    "right to left": "\u202egnp.exe",
    "ten thousand": "很" * 10_000,
    "quote": "'; DROP TABLE appointment; --",
    "pattern": "%_\\%" * 10,
    "blank": "\u3000 \t",
}
VALUES: dict[str, Any] = {
    **STRINGS,
    "huge": 10**400,
    "past bigint": 2**63,
    "past int": 2**31,
    "negative": -(2**31) - 1,
    "float": 1e308,
    "fraction": 0.5,
    "true": True,
    "null": None,
    "empty list": [],
    "empty object": {},
    "nested": [[[[{"a": [None]}]]]],
    "many": ["x"] * 5000,
    "far date": "9999-12-31",
    "first date": "0001-01-01",
    "other digits": "١٢٣٤٥٦",
}
RAW_BODIES = {
    "nothing": b"",
    "half": b'{"a":',
    "deep list": b"[" * DEEP + b"]" * DEEP,
    "deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "王"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "number": b"1" * 5000,
    "infinity": b"Infinity",
    "not a number": b'{"score": NaN, "capacity": NaN, "version": NaN}',
    "twice": b'{"name": "a", "name": "b"}',
    "half character": b'{"name": "\\ud800", "reason": "\\udc00"}',
    "half character as key": b'{"\\ud800": 1}',
    "text": "王秀兰".encode(),
    "string": b'"x"',
    "null": b"null",
    "list": b"[{}]",
}
TYPES = (
    "application/json; charset=utf-16", "application/xml", "text/plain", "", "application/json, x",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/vnd.api+json", "\xff\xfe", "application/json; charset=nonsense",
)  # fmt: skip
HEADERS = {
    "Idempotency-Key": (
        "",
        "短短短短短短短短",
        "a" * 101,
        "key\twith tab",
        "\xff" * 10,
        "a b c d e f",
    ),
    "Authorization": ("Bearer", "Bearer ", "Bearer 王", "Basic \xff", "Bearer " + "x" * 9000, ":"),
    "Cookie": ("hy_staff=\xff\xfe", "hy_resident=" + "x" * 5000, ";;;=;", 'hy_staff="'),
    "X-CSRF-Token": ("\xff", "王", "x" * 5000),
    "X-Request-Id": ("\xff", "../../x", "王" * 30),
    "If-Match": ("\xff", '"', "*", "W/", "王"),
    "If-None-Match": ("\xff", '"', "W/", "王"),
    "Accept-Language": ("\xff", "zh;q=x"),
    "Content-Length": ("-1", "x"),
    "Range": ("bytes=9-1", "x"),
    "X-Forwarded-For": ("\xff", "1.2.3.4, " * 500),
    "Host": ("\xff", "a b", "[::1", "王.example"),
}
SEGMENTS = (
    "%00", "%ff%fe", "%ed%a0%80", "..%2f..%2fetc", "%2e%2e", "x" * 5000, "1" * 400, "%f0%a0%ae%b7",
    "00000000-0000-0000-0000-00000000000g", "-1", "%20", "a%0d%0ab",
)  # fmt: skip
QUERIES = (
    "%00", "%ff", "%ed%a0%80", "x" * 10_000, "9" * 400, "-1", "1e3", "true", "", "%F0%9F%91%8D",
    "eyJ", "W10=", "WyJhIl0=", "WyJhIiwgImIiXQ==", "WzEsIDJd", "W251bGwsIG51bGxd",
    "WyJcdTAwMDAiLCAiXHUwMDAwIl0=", "WyI5OTk5LTEyLTMxVDIzOjU5OjU5KzAwOjAwIiwgIngiXQ==",
    "0001-01-01", "9999-12-31", "2026-02-30", "%D9%A1",
)  # fmt: skip


@pytest.fixture(scope="module")
def operations(world: DemoWorld) -> list[tuple[str, str, dict[str, Any]]]:
    """`(METHOD, path with ids in it, operation)` of every operation in the document."""
    spec = world.client.get("/api/openapi.json").get_json()
    found = []
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                parameters = [*shared, *operation.get("parameters", [])]
                found.append((method.upper(), path, {**operation, "parameters": parameters}))
    return found


def _filled(world: DemoWorld, path: str, **other: str) -> str:
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        path = path.replace("{" + name + "}", other.get(name, str(world.ids.get(name, "x"))))
    return path


def _call(world: DemoWorld, method: str, path: str, **kwargs: Any) -> Any:
    own = "staff" if "/staff/" in path else "resident"
    headers = {**world.people[own], **kwargs.pop("headers", {})}
    with world.undone():
        return world.client.open(path, method=method, headers=headers, **kwargs)


def _judged(
    world: DemoWorld, calls: Iterator[tuple[str, str, str, dict[str, Any]]], seed: str = ""
) -> list[str]:
    """What was wrong with the answers to a share of these calls; `seed` chooses which."""
    chosen = random.Random(seed)
    wrong = []
    for label, method, path, kwargs in calls:
        if chosen.random() >= SHARE:
            continue
        answer = _call(world, method, path, **kwargs)
        wrong += [f"{method} {path[:120]} with {label}: {fault}" for fault in faults(answer)]
    return wrong


@cache
def _bodies() -> dict[tuple[str, str], Any]:
    """The bodies of the ownership matrix by method and path: its keys are by rule."""
    found = {}
    for name, given in BODIES.items():
        verb, _, rule = name.partition(" ")
        shape = "/".join(
            "{" + part.strip("<>").rpartition(":")[2] + "}" if part.startswith("<") else part
            for part in rule.split("/")
        )
        found[verb, shape] = given
    return found


def _base(world: DemoWorld, method: str, path: str) -> dict[str, Any]:
    """A body that would do; none for an upload, which is a form."""
    given = _bodies().get((method, path))
    made = given(world) if callable(given) else given
    return {} if isinstance(made, Form) else dict(made or {})


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_no_value_of_any_field_breaks_the_service(
    world: DemoWorld, operations: Any, kind: str
) -> None:
    spec = world.client.get("/api/openapi.json").get_json()["components"]["schemas"]

    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for method, path, operation in operations:
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None:
                continue
            schema = spec[content["schema"]["$ref"].rpartition("/")[2]]
            base = _base(world, method, path)
            for field in schema.get("properties", {}):
                body = json.dumps({**base, field: VALUES[kind]})
                kwargs = {"data": body, "content_type": "application/json"}
                yield f"{field}={kind}", method, _filled(world, path), kwargs

    assert _judged(world, calls(), kind) == []


def test_no_body_breaks_the_service(world: DemoWorld, operations: Any) -> None:
    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for method, path, _ in operations:
            if method == "GET":
                continue
            for label, raw in RAW_BODIES.items():
                kwargs = {"data": raw, "content_type": "application/json"}
                yield label, method, _filled(world, path), kwargs

    assert _judged(world, calls()) == []


def test_no_content_type_breaks_the_service(world: DemoWorld, operations: Any) -> None:
    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for method, path, _ in operations:
            if method == "GET":
                continue
            for kind in TYPES:
                kwargs = {"data": b'{"a": 1}', "content_type": kind}
                yield repr(kind), method, _filled(world, path), kwargs

    assert _judged(world, calls()) == []


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_no_header_breaks_the_service(world: DemoWorld, operations: Any, name: str) -> None:
    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for method, path, _ in operations[::3]:
            body = _base(world, method, path)
            for value in HEADERS[name]:
                # On the wire a header is bytes; WSGI hands them on as Latin-1.
                sent = (
                    value if value.isascii() or "\xff" in value else value.encode().decode("latin1")
                )
                kwargs: dict[str, Any] = {"headers": {name: sent}}
                if method != "GET":
                    kwargs["json"] = body
                yield f"{name}: {value[:20]!r}", method, _filled(world, path), kwargs

    assert _judged(world, calls(), name) == []


def test_no_path_breaks_the_service(world: DemoWorld, operations: Any) -> None:
    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for method, path, _ in operations:
            for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
                for segment in SEGMENTS:
                    kwargs = {} if method == "GET" else {"json": _base(world, method, path)}
                    yield "path", method, _filled(world, path, **{name: segment}), kwargs

    assert _judged(world, calls()) == []


def test_no_query_breaks_the_service(world: DemoWorld, operations: Any) -> None:
    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for method, path, operation in operations:
            given = [one["name"] for one in operation["parameters"] if one.get("in") == "query"]
            required = [
                one["name"] for one in operation["parameters"]
                if one.get("in") == "query" and one.get("required")
            ]  # fmt: skip
            for name in [*given, "unknown"]:
                rest = "".join(f"&{one}={world.ids[one]}" for one in required if one in world.ids)
                for value in QUERIES if name in given else QUERIES[:1]:
                    yield "query", method, f"{_filled(world, path)}?{name}={value}{rest}", {}
                twice = f"{_filled(world, path)}?{name}=1&{name}=2&{name}[]=3&{name}.a=4"
                yield "query twice", method, twice, {}

    assert _judged(world, calls()) == []


def test_no_method_breaks_the_service(world: DemoWorld, operations: Any) -> None:
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")

    def calls() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for path in sorted({path for _, path, _ in operations}):
            for method in methods:
                if method != "HEAD":
                    yield "method", method, _filled(world, path), {}

    assert _judged(world, calls()) == []
