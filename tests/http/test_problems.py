"""Every refusal is problem+json in Chinese with a code, a way on and the request's id."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http import probe
from tests.http.probe import PREFIX, effects

THINGS = f"{PREFIX}/things"


def problem(answer, status: int, code: str | None = None) -> dict:
    """The document, after checking what every one of them must have."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    body = json.loads(answer.get_data())
    assert body["status"] == status
    assert body["type"] == f"/problems/{body['code']}"
    assert body["request_id"] == answer.headers["X-Request-Id"]
    for name in ("title", "detail", "action"):
        assert any("\u4e00" <= char <= "\u9fff" for char in body[name]), (name, body)
    for texts in body.get("errors", {}).values():
        for text in texts:
            assert any("\u4e00" <= char <= "\u9fff" for char in text), texts
    assert code is None or body["code"] == code
    return body


@pytest.mark.parametrize(
    ("how", "status"),
    [("invalid", 422), ("unauthenticated", 401), ("forbidden", 403), ("not_found", 404),
     ("conflict", 409), ("stale", 412), ("gone", 410), ("rate_limited", 429), ("unavailable", 503)],
)  # fmt: skip
def test_each_refusal_of_the_kernel_has_its_status(api, me, how: str, status: int) -> None:
    answer = api.post(f"{PREFIX}/failures", json={"how": how}, headers=me)
    problem(answer, status)
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_what_the_kernel_says_reaches_the_person(api, me) -> None:
    body = problem(api.post(f"{PREFIX}/failures", json={"how": "conflict"}, headers=me), 409)
    assert (body["code"], body["title"]) == ("too_late", "来晚了")
    assert (body["detail"], body["action"]) == ("已经约满", "请选别的时间")
    body = problem(api.post(f"{PREFIX}/failures", json={"how": "invalid"}, headers=me), 422)
    assert body["errors"] == {"name": ["不对"]}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b'{"name": "x"', b"null", b"[]", b'"x"', b"1", b"{'name': 'x'}", b"\xff\xfe{}",
     b'{"name": NaN}', b"[" * 100_000, b'{"a":' * 50_000, b'{"count": ' + b"9" * 5000 + b"}",
     b'{"name": "\\ud800"}', b'{"name": "\xed\xa0\x80"}', b"\x00", b'{"name": 1e999}'],
)  # fmt: skip
def test_broken_or_foreign_json_is_refused(api, services, me, raw: bytes) -> None:
    answer = api.post(THINGS, data=raw, content_type="application/json", headers=me)
    assert answer.status_code in (400, 422), answer.get_data(as_text=True)
    problem(answer, answer.status_code)
    assert effects(services) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_a_body_that_is_not_json_is_refused(api, me, kind: str) -> None:
    answer = api.post(THINGS, data=b'{"name": "x"}', content_type=kind, headers=me)
    assert answer.status_code in (400, 415, 422)
    problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"), ({"name": None}, "name"), ({"name": ""}, "name"), ({"name": "  "}, "name"),
        ({"name": 5}, "name"), ({"name": ["x"]}, "name"), ({"name": {"x": 1}}, "name"),
        ({"name": "长" * 10_000}, "name"), ({"name": "a\u0000b"}, "name"),
        ({"name": "a\nb"}, "name"), ({"name": "a\u202eb"}, "name"), ({"name": "\u200b"}, "name"),
        ({"name": "x", "nmae": "y"}, "nmae"), ({"name": "x", "count": "much"}, "count"),
        ({"name": "x", "count": 1.5}, "count"), ({"name": "x", "at": "tomorrow"}, "at"),
        ({"name": "x", "at": "2026-11-23T09:30:00"}, "at"), ({"name": "x", "at": 5}, "at"),
        ({"name": "x", "at": "1969-12-31T23:59:59+08:00"}, "at"),
        ({"name": "x", "at": "2200-01-01T00:00:00+08:00"}, "at"),
        ({"name": "x", "owner": "me"}, "owner"), ({"name": "x", "tags": "a"}, "tags"),
        ({"name": "x", "tags": ["a", "toolong"]}, "tags.1"), ({"name": "x", "tags": [None]}, "tags.0"),
    ],
)  # fmt: skip
def test_a_field_that_does_not_fit_is_named(api, services, me, body, field: str) -> None:
    found = problem(api.post(THINGS, json=body, headers=me), 422, "invalid")
    assert list(found["errors"]) == [field]
    assert effects(services) == []


@pytest.mark.parametrize(
    "body",
    [{"name": "x", "count": 2**31}, {"name": "x", "count": -(10**30)},
     {"name": "x", "free": "a\u0000b"}],
)  # fmt: skip
def test_a_value_no_column_can_hold_is_refused_not_a_crash(api, services, me, body) -> None:
    problem(api.post(THINGS, json=body, headers=me), 422, "bad_value")
    assert effects(services) == []


@pytest.mark.parametrize("name", ["𠮷野", "李㐂", "😀", "买买提·肉孜", "Ñandú", "é"])
def test_rare_characters_and_emoji_are_kept(api, services, me, name: str) -> None:
    answer = api.post(THINGS, json={"name": name}, headers=me)
    assert answer.status_code == 201
    import unicodedata

    assert effects(services) == [unicodedata.normalize("NFC", name)]


def test_a_body_too_large_is_refused(api, services, me) -> None:
    raw = b'{"name": "' + b"x" * (13 * 1024 * 1024) + b'"}'
    answer = api.post(THINGS, data=raw, content_type="application/json", headers=me)
    problem(answer, 413, "too_large")


def test_a_wrong_method_says_which_are_right(api, me) -> None:
    answer = api.delete(f"{PREFIX}/own", headers=me)
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/nothing", "/nothing", f"{PREFIX}/", "/api/v1"]
)
def test_an_unknown_address_is_refused(api, path: str) -> None:
    problem(api.get(path), 404)


@pytest.mark.parametrize("path", [f"{PREFIX}/open?cursor=%00", f"{PREFIX}/o%00pen", "/%00"])
def test_a_nul_character_in_an_address_is_refused(api, path: str) -> None:
    problem(api.get(path), 422, "bad_value")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=", "limit=1.5",
                                   "limit=" + "9" * 5000, "cursor=" + "x" * 301])  # fmt: skip
def test_a_query_that_does_not_fit_is_refused(api, query: str) -> None:
    problem(api.get(f"{PREFIX}/open?{query}"), 422, "invalid")


def test_a_mistake_of_ours_tells_a_number_and_nothing_else(api) -> None:
    body = problem(api.get(f"{PREFIX}/boom"), 500, "unexpected")
    assert body["request_id"] in body["detail"]
    assert "11010519491231002X" not in json.dumps(body)
    assert "RuntimeError" not in json.dumps(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
fields = st.sampled_from(["name", "count", "at", "owner", "tags", "free", "other"])


@settings(max_examples=120, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(st.dictionaries(fields, json_values, max_size=5) | json_values)
def test_any_json_is_taken_or_refused_never_a_crash(api, services, me, body) -> None:
    answer = api.post(THINGS, data=json.dumps(body), content_type="application/json", headers=me)
    if answer.status_code != 201:
        problem(answer, answer.status_code)
    assert answer.status_code in (201, 400, 422)


def test_the_database_gone_is_told_as_a_pause(live_services, monkeypatch) -> None:
    from backend.kernel.database import Database

    api = probe.make(live_services, monkeypatch).test_client()
    me = probe.sign_in(live_services)
    live_services.db.dispose()
    live_services.db = Database("postgresql+psycopg://127.0.0.1:9/none")
    for answer in (api.get(f"{PREFIX}/own", headers=me), api.get(f"{PREFIX}/files")):
        problem(answer, 503, "busy")
        assert answer.headers["Retry-After"]
