"""Log lines are JSON, tied to their request, and carry no personal data and no secret."""

import io
import json
import logging
import sys

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel import logs
from backend.kernel.logs import masked

PHONE = "13800005678"
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def lines(monkeypatch):
    """Reads what was logged as parsed JSON lines; the loggers are as before afterwards."""
    root = logging.getLogger()
    kept, level, before = root.handlers[:], root.level, structlog.get_config()
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    logs.configure("INFO")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.configure(**before)


@pytest.mark.parametrize(
    "text",
    [PHONE, f"电话{PHONE}。", f"+86{PHONE}", f"86{PHONE}", f"0086 {PHONE}", f"tel={PHONE}&x=1",
     ID_NUMBER, ID_NUMBER.lower(), f"身份证{ID_NUMBER}号", f"('{ID_NUMBER}', '{PHONE}')"],
)  # fmt: skip
def test_phones_and_identity_numbers_are_masked_in_any_text(text: str) -> None:
    shown = masked(text)
    assert PHONE not in shown
    assert "19491231" not in shown
    assert "*" in shown


@pytest.mark.parametrize(
    "text",
    ["access_token=SECRETVALUE&a=b", "appsecret=SECRETVALUE", '{"session_key": "SECRETVALUE"}',
     "{'password': 'SECRETVALUE'}", "Authorization: Bearer SECRETVALUE", "token=SECRETVALUE",
     "WECHAT_APP_SECRET=SECRETVALUE"],
)  # fmt: skip
def test_secrets_are_masked_in_addresses_and_bodies(text: str) -> None:
    assert "SECRETVALUE" not in masked(text)


@pytest.mark.parametrize(
    "text", ["A261123-482073-5", "2026-11-23T08:00:00+08:00", "GET /api/v1/items 200",
             "0193a5c1-7bfa-7c55-8000-1234567890ab", "社保卡丢了", ""],
)  # fmt: skip
def test_what_is_not_personal_stays_readable(text: str) -> None:
    assert masked(text) == text


@given(st.text(), st.text())
def test_a_phone_is_masked_whatever_stands_around_it(before: str, after: str) -> None:
    if before[-1:].isdigit() or after[:1].isdigit():
        return
    assert PHONE not in masked(before + PHONE + after)


def test_a_line_is_json_with_level_time_and_request_id(lines) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc12345")
    structlog.get_logger().info("request", status=200)
    logging.getLogger("third.party").warning("about %s", PHONE)
    structlog.contextvars.clear_contextvars()
    own, foreign = lines()
    assert (own["event"], own["status"], own["level"]) == ("request", 200, "info")
    assert own["request_id"] == foreign["request_id"] == "abc12345"
    assert own["timestamp"].endswith("Z")
    assert PHONE not in foreign["event"]


def test_a_line_below_the_level_is_not_even_made_up(lines) -> None:
    made = []
    processors = structlog.get_config()["processors"]

    def look(logger, name, event):
        made.append(name)
        return event

    processors.insert(1, look)
    try:
        structlog.get_logger().info("request")
        logging.getLogger().setLevel("ERROR")
        structlog.get_logger().warning("request")
    finally:
        processors.remove(look)
    assert made == ["info"]
    assert len(lines()) == 1


def test_values_of_any_depth_and_type_are_masked(lines) -> None:
    structlog.get_logger().info(
        "sent", to=PHONE, as_number=int(PHONE), rows=[{"id": ID_NUMBER}, (PHONE,)],
        keys={PHONE: 1}, session_key="SECRETVALUE", nested={"password": "SECRETVALUE"},
        thing=ValueError(PHONE),
    )  # fmt: skip
    (line,) = lines()
    text = json.dumps(line)
    assert PHONE not in text
    assert ID_NUMBER not in text
    assert "SECRETVALUE" not in text


def test_an_exception_is_logged_with_its_trace_and_masked(lines) -> None:
    try:
        raise ValueError(f"no such person {ID_NUMBER}")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines()
    assert "ValueError: no such person 110***" in line["exception"]
    assert ID_NUMBER not in json.dumps(line)
    assert sys.exc_info() == (None, None, None)


def test_a_failing_statement_does_not_log_its_values(db) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError) as caught, db.transaction() as session:
        session.execute(text("SELECT no_such_column, :phone"), {"phone": PHONE})
    assert PHONE not in str(caught.value)
