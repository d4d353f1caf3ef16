"""What may be published, decided without a database."""

from typing import Any

import pytest

from backend.domains.catalog import content as words
from backend.domains.catalog.content import limit_text
from backend.domains.catalog.rules import (
    VERSION_STATES,
    VERSION_TRANSITIONS,
    order_problems,
    phone_numbers,
    problems,
    step_problems,
)
from tests.catalog_samples import sample


def codes(**changes: Any) -> list[str]:
    return [problem.code for problem in problems(sample(**changes))]


def test_a_complete_item_may_be_published():
    assert problems(sample()) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "  ", "name_missing"),
        ("conditions", [], "conditions_missing"),
        ("legal_basis", [], "basis_missing"),
        ("remedies", "", "remedies_missing"),
        ("result_name", "", "result_missing"),
        ("themes", [], "themes_missing"),
        ("visits_reason", " ", "visits_reason_missing"),
        ("promise_limit", None, "promise_missing"),
        ("consult_phone", "", "consult_phone_missing"),
        ("complaint_phone", "请到窗口", "complaint_phone_missing"),
        ("steps", [], "steps_missing"),
    ],
)
def test_a_gap_is_named(field: str, value: object, code: str):
    found = problems(sample(**{field: value}))
    assert [(p.field, p.code) for p in found] == [(field, code)]


def test_wholly_online_means_no_visit():
    assert codes(online_depth=7) == ["online_with_visits"]
    assert codes(online_depth=7, visits=0, visits_reason="") == []


def test_a_visit_and_a_booking_need_a_place():
    assert codes(places=[]) == ["bookable_without_place", "places_missing"]
    assert codes(places=[], bookable=False, visits=0) == []


def test_a_fee_needs_its_basis():
    fee = {"name": "工本费", "amount_text": "20元", "basis": ""}
    assert codes(fees=[fee]) == ["fee_basis_missing"]
    assert codes(fees=[{**fee, "basis": "发改价格〔2003〕2322号"}]) == []


@pytest.mark.requirement("002.09")
def test_a_material_without_legal_basis_is_refused():
    material = {**sample()["materials"][0], "name": "居委会证明", "legal_basis": " "}
    found = problems(sample(materials=[sample()["materials"][0], material]))
    assert [(p.field, p.code) for p in found] == [
        ("materials.1.legal_basis", "material_basis_missing")
    ]
    assert "居委会证明" in found[0].text


def test_the_complaint_phone_is_another_however_it_is_written():
    assert codes(consult_phone="0000-8801001", complaint_phone="（0000）8801001") == ["same_phone"]
    assert codes(consult_phone="12333、0000-8801001", complaint_phone="12345") == []


def test_phone_numbers_are_read_from_any_writing():
    assert phone_numbers("020-84106805；020-84106828 转 12") == {"02084106805", "02084106828"}
    assert phone_numbers("请到窗口") == frozenset()


def test_the_promise_keeps_within_the_law():
    def days(value: int, unit: str = "workday") -> dict[str, Any]:
        return {"value": value, "unit": unit}

    assert codes(legal_limit=days(5), promise_limit=days(6)) == ["promise_beyond_legal"]
    assert codes(legal_limit=days(5), promise_limit=days(5)) == []
    assert codes(legal_limit=days(5, "day"), promise_limit=days(6)) == []
    assert codes(legal_limit=None) == []
    assert codes(case_type="instant", legal_limit=None) == ["instant_with_limit"]
    assert codes(case_type="instant", promise_limit=days(0)) == []


def step(key: str, *following: str) -> Any:
    return {
        "key": key, "name": key.upper(), "actor": "", "limit_text": "", "description": "",
        "next": list(following),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([step("a", "b"), step("b")], None),
        ([step("a", "b", "c"), step("b", "d"), step("c", "d"), step("d")], None),
        ([step("a", "b"), step("b", "a", "c"), step("c")], None),
        ([step("a"), step("a")], "step_twice"),
        ([step("a", "x")], "step_unknown"),
        ([step("a"), step("b")], "step_unreached"),
        ([step("a", "b", "c"), step("b", "b"), step("c")], "step_endless"),
    ],
)
def test_the_steps_make_a_flow_chart_that_leads_somewhere(steps: list[Any], code: str | None):
    assert [problem.code for problem in step_problems(steps)] == ([code] if code else [])


def test_a_life_event_never_sends_anybody_back():
    assert order_problems([(1, []), (2, [1]), (3, [1, 2])]) == []
    assert len(order_problems([(1, []), (3, [1])])) == 1
    assert order_problems([(1, [2]), (2, [])]) == ["第1步只能排在它前面的步骤之后"]
    assert order_problems([(1, [0])]) == ["第1步只能排在它前面的步骤之后"]
    assert order_problems([(1, [1])]) == ["第1步只能排在它前面的步骤之后"]


def test_limits_read_in_chinese():
    assert limit_text(None) == ""
    assert limit_text({"value": 0, "unit": "workday"}) == "当场办结"
    assert limit_text({"value": 5, "unit": "workday"}) == "5个工作日"
    assert limit_text({"value": 30, "unit": "day"}) == "30天"


def test_the_table_of_states_is_closed():
    for (state, _), transition in VERSION_TRANSITIONS.items():
        assert state in VERSION_STATES
        assert transition.to in VERSION_STATES


@pytest.mark.requirement("000.13")
def test_there_are_the_three_classes_of_items():
    assert list(words.ITEM_CLASSES) == ["approval", "utility", "service"]
