"""What GeoReport v2 asks of a report and of a query."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.open311 import rules
from backend.domains.open311.rules import Attribute, BadRequest

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_without_dates_the_last_ninety_days_are_asked_for() -> None:
    asked = rules.query({}, NOW)
    assert (asked.start, asked.end) == (NOW - timedelta(days=90), NOW)
    assert asked.statuses == {"open", "closed"}


def test_ids_make_everything_else_void() -> None:
    asked = rules.query({"service_request_id": "a, b", "status": "nonsense"}, NOW)
    assert asked.ids == ("a", "b") and asked.start is None


def test_a_start_alone_reaches_ninety_days_or_to_now() -> None:
    early = rules.query({"start_date": "2026-01-01T00:00:00Z"}, NOW)
    assert early.end == datetime(2026, 4, 1, tzinfo=UTC)
    late = rules.query({"start_date": "2026-11-01T00:00:00+08:00"}, NOW)
    assert late.end == NOW


def test_lists_and_one_status() -> None:
    asked = rules.query(
        {"service_code": "a,b", "status": "open", "end_date": "2026-11-01T00:00:00Z"}, NOW
    )
    assert asked.codes == ("a", "b") and asked.statuses == {"open"}
    assert asked.start == datetime(2026, 8, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "args",
    [
        {"status": "done"},
        {"start_date": "yesterday"},
        {"start_date": "2026-11-01T00:00:00"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
        {"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"end_date": "0001-01-02T00:00:00Z"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
        {"service_code": ",".join("abc" for _ in range(51))},
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(args: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        rules.query(args, NOW)


def test_a_place_is_coordinates_or_words() -> None:
    assert rules.place("20.5", "115.3", "", "") == (20.5, 115.3)
    assert rules.place("", "", "和平路12号", "") is None
    assert rules.place("", "", "", "A-1") is None


@pytest.mark.parametrize(
    ("lat", "long"), [("", ""), ("20.5", ""), ("x", "1"), ("91", "1"), ("1", "181"), ("nan", "1")]
)
def test_a_place_that_is_none_is_refused(lat: str, long: str) -> None:
    with pytest.raises(BadRequest):
        rules.place(lat, long, "", "")


def test_words_and_pictures_have_limits() -> None:
    assert rules.description(" 灯不亮 ") == "灯不亮"
    assert rules.media_url("") == ""
    assert rules.media_url("https://example.org/a.jpg") == "https://example.org/a.jpg"
    for wrong in ("javascript:alert(1)", "https://a b", "http://x/" + "y" * 500):
        with pytest.raises(BadRequest):
            rules.media_url(wrong)
    with pytest.raises(BadRequest):
        rules.description("字" * 4001)


POLE = Attribute("pole", "string", True, "灯杆号")
KIND = Attribute("kind", "singlevaluelist", False, "种类", values=(("a", "甲"), ("b", "乙")))
TIMES = Attribute("times", "multivaluelist", False, "时段", values=(("am", "早"), ("pm", "晚")))
COUNT = Attribute("count", "number", False, "几盏")
SINCE = Attribute("since", "datetime", False, "何时起")
ASKED = (POLE, KIND, TIMES, COUNT, SINCE)


def test_answers_are_kept_by_attribute() -> None:
    form = {
        "attribute[pole]": ["L-12"], "attribute[kind]": ["a"],
        "attribute[times][]": ["am", "pm"], "attribute[count]": ["3"],
        "attribute[since]": ["2026-11-01T00:00:00Z"], "lat": ["1"],
    }  # fmt: skip
    assert rules.attributes(form, ASKED) == {
        "pole": "L-12", "kind": "a", "times": ["am", "pm"], "count": "3",
        "since": "2026-11-01T00:00:00Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"attribute[pole]": [" "]},
        {"attribute[pole]": ["a"], "attribute[other]": ["x"]},
        {"attribute[pole]": ["a"], "attribute[kind]": ["c"]},
        {"attribute[pole]": ["a"], "attribute[kind]": ["a", "b"]},
        {"attribute[pole]": ["a"], "attribute[count]": ["three"]},
        {"attribute[pole]": ["a"], "attribute[since]": ["soon"]},
        {"attribute[pole]": ["a" * 501]},
    ],
)
def test_answers_that_do_not_fit_are_refused(form: dict[str, list[str]]) -> None:
    with pytest.raises(BadRequest):
        rules.attributes(form, ASKED)


def test_two_formats_are_spoken() -> None:
    assert rules.format_of("xml") == "xml"
    assert rules.format_of("yaml") is None
