"""Lists in pages: every row once, whatever is added meanwhile; an altered cursor is refused."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.kernel.files import StoredFile
from tests.http.probe import PREFIX

FILES = f"{PREFIX}/files"


@pytest.fixture
def rows(services):
    """Seven rows, some at the same moment."""
    made = []
    with services.unit() as uow:
        for number in range(7):
            at = uow.now + timedelta(minutes=number // 3)
            row = StoredFile(sha256="0" * 64, media_type="image/png", size=1, purpose="x",
                             owner_id=None, created_at=at)  # fmt: skip
            uow.session.add(row)
            made.append(row)
    return made


def page(api, **query):
    answer = api.get(FILES, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body = answer.get_json()
    return [row["id"] for row in body["items"]], body["next_cursor"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_every_row_comes_once_newest_first(api, rows, limit: int) -> None:
    seen, cursor = [], None
    while True:
        ids, cursor = page(api, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert len(ids) <= limit
        seen += ids
        if cursor is None:
            break
    wanted = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)
    assert seen == [str(row.id) for row in wanted]


def test_rows_added_meanwhile_move_nothing(api, services, rows, clock) -> None:
    first, cursor = page(api, limit=3)
    with services.unit() as uow:
        uow.session.add(StoredFile(sha256="1" * 64, media_type="image/png", size=1, purpose="x",
                                   owner_id=None, created_at=uow.now + timedelta(hours=1)))  # fmt: skip
    rest, _ = page(api, limit=100, cursor=cursor)
    assert len(rest) == 4
    assert not set(first) & set(rest)


def test_an_empty_list_has_no_next_page(api) -> None:
    assert page(api) == ([], None)


def cursor_of(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


MOMENT, ID = "2026-11-23T00:00:00+00:00", "0193a5c1-7bfa-7c55-8000-1234567890ab"


@pytest.mark.parametrize(
    "cursor",
    ["x", "====", "翻页", "e30=", "bnVsbA==", "W10=", cursor_of(MOMENT), cursor_of(MOMENT, ID, ID),
     cursor_of("yesterday", ID), cursor_of("2026-11-23T00:00:00", ID), cursor_of(MOMENT, "1"),
     cursor_of(MOMENT, None), cursor_of(5, ID), cursor_of([MOMENT], ID), cursor_of("\ud800", ID),
     cursor_of(MOMENT, "\u0000"), cursor_of("99999-01-01T00:00:00+00:00", ID)],
)  # fmt: skip
def test_an_altered_cursor_is_refused(api, rows, cursor: str) -> None:
    answer = api.get(FILES, query_string={"cursor": cursor})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_cursor")
    assert answer.get_json()["action"] == "请回到第一页"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_cursor_at_the_end_of_time_is_no_crash(api, rows, moment: str) -> None:
    assert api.get(FILES, query_string={"cursor": cursor_of(moment, ID)}).status_code in (200, 422)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=300))
def test_any_cursor_is_a_page_or_a_refusal(api, rows, cursor: str) -> None:
    assert api.get(FILES, query_string={"cursor": cursor}).status_code in (200, 422)


def test_unknown_query_fields_are_refused(api) -> None:
    answer = api.get(FILES, query_string={"limit": "5", "sort": "id"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {"sort": ["没有这一项"]}
