"""A text that is too long for its channel keeps what matters: what to do, by when, where to read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.messages.kinds import KINDS
from notifications.checking import check, sample
from notifications.filling import card_value, filled
from notifications.fitting import tidy, units
from notifications.kinds import MOST, Kind, Value, printable, render
from notifications.placeholder_rules import pieces

#: Longer values are words of people, of which the beginning says enough.
FREE = 200
FIELDS = ("title", "body", "sms", "staff")
DEADLINES = ("until", "due", "visit", "start", "starts_at")
words = st.text("甲乙丙 。", max_size=60)


def texts(kind: Kind) -> Iterator[tuple[str, str, int]]:
    """Each text of a kind, by its field, with the room it has."""
    for field in FIELDS:
        if text := getattr(kind, field):
            yield field, text, MOST[field]
    for card in ("subscribe", "service"):
        for key, text in getattr(kind, card):
            if key.startswith("thing"):
                yield f"{card}.{key}", text, 20


def test_the_longest_words_give_way_and_nothing_else() -> None:
    shown = {"place": "桂香苑" * 20, "until": "在12月28日前", "why": "原因" * 400}
    said = filled("{place}，请{until}处理。{why}。不清楚请拨打12345。", shown, 120)
    assert units(said) == 120
    assert said.startswith(f"{'桂香苑' * 20}，请在12月28日前处理。原因")
    assert said.endswith("…。不清楚请拨打12345。")


def test_the_next_longest_gives_way_when_the_longest_is_not_enough() -> None:
    said = filled("{a}和{b}，{c}。", {"a": "甲" * 50, "b": "乙" * 40, "c": "丙" * 5}, 30)
    assert (said, units(said)) == (f"甲甲甲…和{'乙' * 17}…，丙丙丙丙丙。", 30)


def test_what_is_whole_is_not_shortened_as_long_as_it_fits() -> None:
    shown = {"answer": "答" * 50, "link": "https://huying.example.gov.cn/#/a?id=1"}
    said = filled("{answer} {link}", shown, 60, {"link"})
    assert said.endswith("… https://huying.example.gov.cn/#/a?id=1")
    assert filled("{answer} {link}", shown, 20, {"link"}).endswith("…")
    assert units(filled("{answer} {link}", shown, 20, {"link"})) == 20


def test_a_value_that_is_said_twice_is_shortened_twice() -> None:
    said = filled("{a}，{a}。", {"a": "甲" * 30}, 21)
    assert said == f"{'甲' * 8}…，{'甲' * 8}…。"


def test_a_card_keeps_the_words_around_a_long_value() -> None:
    assert card_value("thing1", "{what}，请看", {"what": "事" * 40}) == f"{'事' * 16}…，请看"
    assert card_value("phrase1", "{what}", {"what": "待认领"}) == "待认领"


@given(words, words, words, st.integers(8, 80))
def test_any_text_fits_and_short_ones_are_not_touched(a: str, b: str, c: str, most: int) -> None:
    shown = {"a": a, "b": b, "n": 7}
    text = f"{{a}}{c}{{b}}{{n}}{{a}}"
    said = filled(text, shown, most, {"b"})
    assert units(said) <= most
    plain = tidy(text.format(**shown))
    assert said == plain or units(plain) > most


# -- the kinds the product sends ---------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.key)
def test_every_kind_keeps_its_own_words_its_times_and_its_numbers(kind: Kind) -> None:
    shown = printable(sample(kind, "long"))
    values = {value.key: value for value in kind.values}
    for field, text, most in texts(kind):
        said = filled(text, shown, most, kind.whole)
        assert units(said) <= most
        at = 0
        for piece in pieces(text):
            if fixed := piece.words.strip():
                found = said.find(fixed, at)
                assert found >= 0, f"{field} loses 「{fixed}」"
                at = found + len(fixed)
            if piece.name and (values[piece.name].whole or values[piece.name].is_moment):
                printed = tidy(format(shown[piece.name], piece.spec))
                assert printed in said, f"{field} loses 「{printed}」"


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.key)
def test_until_when_stands_before_what_somebody_wrote(kind: Kind) -> None:
    free = {v.key for v in kind.values if isinstance(v.long, str) and len(v.long) > FREE}
    for field, text, _ in texts(kind):
        order = [piece.name for piece in pieces(text) if piece.name]
        limits = [order.index(key) for key in DEADLINES if key in order]
        long = [order.index(key) for key in free if key in order]
        assert not limits or not long or max(limits) < min(long), field


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.key)
def test_a_card_about_work_shows_until_when(kind: Kind) -> None:
    if "due" not in {value.key for value in kind.values}:
        return
    for card in (kind.subscribe, kind.service):
        shown = dict(card)
        times = [text for key, text in shown.items() if key.startswith("time")]
        assert not shown or times == ["{due:wechat}"]


def test_what_happens_to_a_long_answer() -> None:
    """The caller still reads where to ask and what the answer stands on."""
    kind = KINDS["ticket_answered"]
    made = render(replace(kind, link="", page=""), sample(kind, "long"))
    number, article = sample(kind, "long")["number"], tidy(sample(kind, "long")["article_text"])
    assert f"编号{number}，可拨打12345问" in made["sms"]
    assert made["sms"].endswith(f"… {article}")
    assert made["body"].endswith(f"… {article}")
    kind = KINDS["event_disposed"]
    made = render(replace(kind, link="", page=""), sample(kind, "long"))
    assert "没有解决请在呼应小程序点「没解决」或拨打12345" in made["sms"]
    assert made["body"].startswith("没有解决请点「没解决」")


def test_staff_are_told_which_value_is_shortened() -> None:
    kind = replace(
        KINDS["appointment_finished"], sms="{start}办{item}。",
        values=(Value("item", "事项", "社保", "长" * 500),
                Value("start", "时间", datetime(2027, 1, 4), datetime(2027, 1, 4))),
        title="好了", body="好了",
    )  # fmt: skip
    kind = replace(kind, sms="{start}办{item}，带好材料。")
    (told,) = check(kind)
    assert told.text.endswith("「事项」会用…截短")
    assert not told.stops
