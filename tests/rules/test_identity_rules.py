"""What the rules of residents' accounts promise."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.identity import rules
from backend.kernel.state import open_states

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["王秀兰", "李㐂", "𠮷田禾", "阿依努尔·买买提", "冯晓〇", "欧阳清风", "一" * 30]
)
def test_names_on_identity_cards_are_accepted(name):
    assert rules.name_problem(rules.clean_name(name)) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "王",
        "王😀",
        "Wang",
        "王 2",
        "·王兰",
        "王·",
        "王\u202e兰",
        "\ud83d\ud83d",
        "一" * 31,
        "王\x00兰",
    ],
)
def test_other_names_are_refused_with_a_hint(name):
    assert "请" in rules.name_problem(rules.clean_name(name))


@pytest.mark.parametrize("dot", "•・‧．∙·")
def test_every_dot_becomes_the_same_dot(dot):
    assert rules.clean_name(f" 买买提{dot}艾力 ") == "买买提·艾力"


@pytest.mark.parametrize(
    "text", ["13800000001", "+86 138-0000-0001", "１３８０００００００１", "008613800000001"]
)
def test_phones_are_read_as_people_write_them(text):
    phone = rules.clean_phone(text)
    assert phone == "13800000001"
    assert rules.phone_problem(phone) is None


@pytest.mark.parametrize("text", ["", "1380000000", "12800000001", "23800000001", "1380000000a"])
def test_wrong_phones_are_refused(text):
    assert rules.phone_problem(rules.clean_phone(text))


def test_identity_numbers_are_read_as_people_write_them():
    assert rules.clean_id_number(" ９９9901 19640308 002x ") == "99990119640308002X"


def test_a_code_opens_once_and_in_time():
    later = NOW + timedelta(minutes=5)
    assert rules.sms_code_problem(NOW, later, None, True) is None
    assert "不对" in rules.sms_code_problem(NOW, later, None, False)
    assert "过期" in rules.sms_code_problem(later, later, None, True)
    assert "过期" in rules.sms_code_problem(NOW, later, NOW, True)


def test_resending_waits_a_minute():
    assert rules.resend_wait(NOW, None) == 0
    assert rules.resend_wait(NOW, NOW) == 60
    assert rules.resend_wait(NOW + timedelta(seconds=59.5), NOW) == 1
    assert rules.resend_wait(NOW + timedelta(seconds=60), NOW) == 0


def test_closing_needs_the_words_and_nothing_open():
    assert rules.closing_problem("注销账号", []) is None
    assert "注销账号" in rules.closing_problem("注销", [])
    assert "社保卡" in rules.closing_problem("注销账号", ["社保卡"])


def test_account_states_are_closed():
    """Every state named has a way in and, but for the ends, a way out."""
    assert open_states(rules.PERSON_TRANSITIONS) == {rules.PROVISIONAL, rules.VERIFIED}
    reached = {transition.to for transition in rules.PERSON_TRANSITIONS.values()}
    assert reached | {rules.PROVISIONAL} == set(rules.PERSON_STATES)


@given(st.text(max_size=60))
def test_cleaning_is_stable_and_never_fails(text):
    for clean in (rules.clean_name, rules.clean_phone, rules.clean_id_number):
        once = clean(text)
        assert isinstance(once, str)
    assert rules.clean_name(rules.clean_name(text)) == rules.clean_name(text)
