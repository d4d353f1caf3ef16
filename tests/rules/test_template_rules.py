"""Placeholders that staff write, and the states of a version: nothing but names in braces."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.placeholder_rules import (
    Malformed,
    Piece,
    as_kept,
    as_written,
    dated,
    names,
    pieces,
    plain,
)
from notifications.template_rules import (
    TEMPLATE_ENDS,
    TEMPLATE_STATES,
    TEMPLATE_TRANSITIONS,
    template_after,
)

WORDS = {"start": "预约时间", "item_name": "事项"}
KEYS = {name: key for key, name in WORDS.items()}


def test_a_text_is_taken_apart_into_words_and_placeholders() -> None:
    assert pieces("到{hall}，{start:clock}见") == [
        Piece("到", "hall"), Piece("，", "start", "clock"), Piece("见"),
    ]  # fmt: skip
    assert list(names("到{hall}，{start:clock}见")) == ["hall", "start"]
    assert pieces("") == []


@pytest.mark.parametrize(
    "text",
    [
        "{", "}", "{a", "a}", "{}", "{0.real.__class__}", "{a.b}", "{a[0]}", "{a!r}", "{a:{b}}",
        "{a:>{b}}",
    ],
)  # fmt: skip
def test_braces_that_hold_more_than_a_name_are_refused(text: str) -> None:
    with pytest.raises(Malformed, match="花括号"):
        pieces(text)


def test_staff_write_chinese_names_and_the_outbox_reads_keys() -> None:
    kept = "{item_name}：{start:clock}，{start:wechat}，{start}"
    written = "{事项}：{预约时间:几点}，{预约时间:年月日}，{预约时间}"
    assert as_written(kept, WORDS) == written
    assert as_kept(written, KEYS) == kept


def test_wide_braces_and_spaces_of_a_chinese_keyboard_are_understood() -> None:
    assert as_kept("｛事项｝和{ 预约时间 : 几点 }", KEYS) == "{item_name}和{start:clock}"


def test_a_name_that_is_not_known_stays_as_it_is_written() -> None:
    assert as_kept("{天气}", KEYS) == "{天气}"


def test_a_moment_on_a_card_gets_its_year_unless_it_says_a_way_of_its_own() -> None:
    assert dated("{start}~{start:clock}{item_name}", {"start"}) == (
        "{start:wechat}~{start:clock}{item_name}"
    )


@given(st.text(max_size=40))
def test_braces_made_plain_print_as_they_were(text: str) -> None:
    assert Formatter().vformat(plain(text), (), {}) == text
    assert all(piece.name is None for piece in pieces(plain(text)))


@given(
    st.lists(
        st.one_of(st.text(max_size=8).map(plain), st.sampled_from(["{事项}", "{预约时间:几点}"])),
        max_size=6,
    )
)
def test_what_is_kept_reads_as_it_was_written(parts: list[str]) -> None:
    text = "".join(parts)
    wide = text.replace("｛", "").replace("｝", "")
    assert as_written(as_kept(wide, KEYS), WORDS) == wide


def test_a_version_ends_retired_and_never_comes_back() -> None:
    assert template_after("draft", "activate") == "active"
    assert template_after("active", "replace") == "retired"
    assert {way.to for way in TEMPLATE_TRANSITIONS.values()} <= set(TEMPLATE_STATES)
    assert not {state for state, _ in TEMPLATE_TRANSITIONS} & set(TEMPLATE_ENDS)
    with pytest.raises(KeyError):
        template_after("retired", "activate")
