"""Whatever people write, what is sent obeys WeChat's rules, as an independent checker has them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.demo.standin_values import wrong_field
from notifications.fitting import Unfit, cut, fit, kind_of, tidy
from notifications.kinds import Kind, Kinds, Moment, render
from notifications.rules import Priority

TEXTS = ["thing1", "phrase2", "character_string3", "name4", "letter5", "symbol6"]
EXACT = ["time1", "date2", "number3", "amount4", "phone_number5", "car_number6"]
anything = st.text(max_size=60)


@given(st.sampled_from(TEXTS), anything)
def test_any_text_fits_its_field(key: str, text: str) -> None:
    assert wrong_field({key: {"value": fit(key, text)}}) is None


@given(st.sampled_from(EXACT), anything)
def test_exact_fields_fit_or_refuse(key: str, text: str) -> None:
    try:
        value = fit(key, text)
    except Unfit:
        return
    assert value == tidy(text)
    assert wrong_field({key: {"value": value}}) is None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_moments_fit_time_and_date(moment: datetime) -> None:
    text = format(Moment.fromtimestamp(moment.timestamp(), UTC), "wechat")
    for key in ("time1", "date1"):
        assert wrong_field({key: {"value": fit(key, text)}}) is None


def test_long_things_end_with_an_ellipsis_after_twenty() -> None:
    name = "社会保障卡挂失与补领以及领取后的启用和密码重置办理"
    assert fit("thing1", name) == name[:19] + "…"
    assert len(fit("thing1", name)) == 20


def test_rare_characters_count_twice_and_are_never_split() -> None:
    assert cut("𠮷" * 12, 20) == "𠮷" * 9 + "…"
    assert fit("thing1", "李㐂") == "李㐂"


@given(anything, st.integers(2, 30))
def test_cut_never_exceeds_and_keeps_the_beginning(text: str, units: int) -> None:
    found = cut(text, units)
    assert len(found.encode("utf-16-le", "surrogatepass")) // 2 <= units
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


def test_lines_and_control_characters_go() -> None:
    assert tidy("一\n二\u202e三\x00 \t四") == "一 二三 四"


def test_empty_values_are_never_sent() -> None:
    assert fit("thing1", " \n") == "无"
    assert fit("phrase1", "abc") == "无"
    assert fit("character_string1", "中文") == "-"
    assert fit("name1", "123") == "无"
    assert fit("name1", "王 秀兰1") == "王秀兰"
    assert fit("name1", "Ann Lee") == "Ann Lee"
    with pytest.raises(Unfit):
        fit("car_number1", "")


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(Unfit):
        kind_of("remark1")


def _kind(**changes: object) -> Kind:
    base: dict[str, object] = {
        "key": "k", "name": "n", "title": "t", "body": "b", "priority": Priority.NEWS,
        "life": datetime(2026, 1, 2) - datetime(2026, 1, 1),
    }  # fmt: skip
    return Kind(**{**base, **changes})  # type: ignore[arg-type]  # built from parts


@pytest.mark.parametrize(
    "wrong",
    [
        {"ladder": ("pigeon",)},
        {"ladder": ("sms",)},
        {"ladder": ("wechat_subscribe",), "subscribe": (("thing1", "x"),)},
        {"ladder": ("wechat_service",)},
        {"service": (("remark1", "x"),)},
    ],
)
def test_a_kind_that_could_not_be_sent_is_refused_when_it_is_defined(
    wrong: dict[str, object],
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Kinds([_kind(**wrong)])


def test_two_kinds_of_one_name_are_refused_and_old_names_still_print() -> None:
    with pytest.raises(ValueError, match="two kinds"):
        Kinds([_kind(), _kind()])
    kinds = Kinds([_kind()])
    assert kinds.name("k") == "n"
    assert kinds.name("gone") == "gone"
    assert [kind.key for kind in kinds] == ["k"]


def test_a_value_that_does_not_fit_leaves_out_that_channel_only() -> None:
    kind = _kind(
        ladder=("wechat_subscribe", "sms"), template_key="x",
        subscribe=(("time1", "{when}"),), sms="{when}到",
    )  # fmt: skip
    made = render(kind, {"when": "明天"})
    assert "wechat_subscribe" not in made
    assert made["unfit"]
    assert made["sms"] == "明天到"


def test_moments_print_as_people_read_them() -> None:
    moment = Moment.fromtimestamp(datetime(2026, 11, 23, 1, 30, tzinfo=UTC).timestamp(), UTC)
    assert f"{moment}" == "11月23日（周一）9:30"
    assert f"{moment:clock}" == "9:30"
    assert f"{moment:wechat}" == "2026年11月23日 09:30"
