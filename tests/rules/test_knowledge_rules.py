"""Decisions about articles: who may review, when they hold, what their fields may be."""

from datetime import date, timedelta

import pytest

from backend.domains.knowledge import field_rules as f
from backend.domains.knowledge import rules

TODAY = date(2026, 11, 23)
GOOD = {
    "title": "失业金", "summary": "", "public_text": "内容", "internal_text": "",
    "material_kind": "qa", "keywords": ["社保"], "issuing_unit": "人社局", "document_number": "",
    "category_code": "social_insurance", "audience": "public", "region_codes": [],
    "effective_on": None, "expires_on": None, "source_url": "",
}  # fmt: skip


def fields(**changes):
    return [one.field for one in f.problems(GOOD | changes, TODAY)]


def test_three_different_people_pass_a_version():
    part = rules.DEPARTMENT_REVIEWER
    assert rules.reviewer_problem(part, "b", {"a"}, None) is None
    assert rules.reviewer_problem(part, "a", {"a", "c"}, None)
    assert rules.reviewer_problem(part, "b", {"a"}, "b") is None
    centre = rules.CENTRE_REVIEWER
    assert rules.reviewer_problem(centre, "c", {"a"}, "b") is None
    assert rules.reviewer_problem(centre, "b", {"a"}, "b")
    assert rules.reviewer_problem(centre, "a", {"a"}, "b")


def test_the_last_day_still_holds():
    assert not rules.expired(None, TODAY)
    assert not rules.expired(TODAY, TODAY)
    assert rules.expired(TODAY - timedelta(days=1), TODAY)
    assert rules.begins(None, TODAY)
    assert rules.begins(TODAY, TODAY)
    assert not rules.begins(TODAY + timedelta(days=1), TODAY)


def test_what_ends_within_thirty_days_ends_soon():
    assert not rules.expires_soon(None, TODAY)
    assert not rules.expires_soon(TODAY - timedelta(days=1), TODAY)
    assert rules.expires_soon(TODAY + timedelta(days=30), TODAY)
    assert not rules.expires_soon(TODAY + timedelta(days=31), TODAY)


def test_reminders_come_thirty_seven_and_one_days_before():
    found = rules.reminders(TODAY + timedelta(days=40), TODAY)
    assert found == {
        30: TODAY + timedelta(days=10), 7: TODAY + timedelta(days=33),
        1: TODAY + timedelta(days=39),
    }  # fmt: skip
    assert set(rules.reminders(TODAY + timedelta(days=7), TODAY)) == {1}


def test_a_renewal_is_later_than_now_and_at_most_three_years_on():
    end = TODAY + timedelta(days=5)
    assert rules.renewal_problem(end + timedelta(days=1), end, TODAY) is None
    assert "不能早于今天" in (rules.renewal_problem(TODAY - timedelta(days=1), end, TODAY) or "")
    assert "长期有效" in (rules.renewal_problem(end, None, TODAY) or "")
    assert "晚于" in (rules.renewal_problem(end, end, TODAY) or "")
    assert "三年" in (rules.renewal_problem(date(2030, 1, 1), end, TODAY) or "")


def test_a_complete_version_may_be_submitted():
    assert fields() == []
    assert fields(audience="internal", public_text="", internal_text="内部") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"), ({"title": "长" * 129}, "title"),
        ({"issuing_unit": ""}, "issuing_unit"), ({"summary": "长" * 301}, "summary"),
        ({"keywords": ["长" * 21]}, "keywords"), ({"keywords": [" "]}, "keywords"),
        ({"keywords": ["社保"] * 31}, "keywords"), ({"material_kind": "x"}, "material_kind"),
        ({"audience": ""}, "audience"), ({"category_code": ""}, "category_code"),
        ({"public_text": ""}, "public_text"),
        ({"audience": "internal", "public_text": " "}, "internal_text"),
        ({"effective_on": TODAY, "expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"public_text": "<script>x</script>"}, "public_text"),
        ({"internal_text": "[看](javascript:alert(1))"}, "internal_text"),
        ({"source_url": "ftp://x"}, "source_url"), ({"source_url": "http://"}, "source_url"),
    ],
)  # fmt: skip
def test_each_gap_is_named_by_its_field(changes, field):
    assert fields(**changes) == [field]


def test_dates_that_hold_are_no_problem():
    assert fields(effective_on=TODAY, expires_on=TODAY + timedelta(days=1)) == []
    assert fields(source_url="https://www.gov.cn/x") == []


def test_links_lead_away_or_to_our_own_pages():
    assert (
        f.markdown_problem("见[官网](https://a.cn)、[电话](tel:12345)、[本站](/articles/1)") is None
    )
    assert f.markdown_problem("[空]()") is None
    assert f.markdown_problem("<data:text/html,x>")
    assert f.markdown_problem("[a]: vbscript:x")
    assert f.markdown_problem("1 < 2 且 <b>粗</b>") is None


def test_links_to_articles_are_found_however_they_are_written():
    one = "01234567-89ab-7cde-8f01-23456789abcd"
    text = f"[a](/articles/{one}) article:{one.upper()} https://x.cn/articles/{one}?a=1"
    assert f.linked_articles(text) == [one]
    assert f.linked_articles("无") == []


def test_titles_that_read_the_same_are_the_same():
    assert f.title_key("失业金 （2026）") == f.title_key("失业金(2026)")
    assert f.title_key("失业金A") != f.title_key("失业金B")


@pytest.mark.parametrize(
    "text", ["我的电话13800001234", "身份证 44 0106 1990", "a@b.cn", "a", "？"]
)
def test_words_that_may_tell_of_a_person_are_not_kept(text):
    assert f.miss_words(text) == ""


def test_words_are_kept_in_one_writing():
    assert f.miss_words("  失业金　怎么 领？ ") == "失业金 怎么 领"
    assert len(f.miss_words("长" * 200)) == f.WORDS_MOST


def test_marks_are_taken_out_of_a_text():
    assert f.plain_text("## 条件\n- **满一年** [看](https://a.cn)") == "条件\n满一年 看"


def test_every_category_stands_once():
    assert len(f.CATEGORIES) == sum(len(group) for group in f.CATEGORY_GROUPS.values())
