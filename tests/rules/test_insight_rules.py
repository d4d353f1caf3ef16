"""Which names a title holds, how hot an issue is, and how clusters are scored."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.insight import hot_rules, name_rules

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def days(number: float) -> datetime:
    return NOW - timedelta(days=number)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([("梧桐", "n"), ("苑", "zg"), ("麻将馆", "n")], {"梧桐苑"}),
        ([("投诉", "v"), ("柳", "n"), ("溪", "n"), ("小区", "n")], {"柳溪小区"}),
        ([("的", "uj"), ("望江", "ns"), ("路", "n")], {"望江路"}),
        ([("人民路", "n"), ("实验", "vn"), ("中学", "n")], {"人民路"}),
        ([("噪音", "n"), ("扰民", "n")], set()),
        ([("路", "n")], set()),
        ([("一", "m"), ("二", "m"), ("三", "m"), ("四", "m"), ("五", "m"), ("桥", "n")],
         {"二三四五桥"}),
        ([("国际友谊和平大酒店配楼", "n"), ("停车", "v"), ("广场", "n")],
         {"国际友谊和平大酒店配楼停车广场"}),
        ([("甲", "n"), ("国际友谊和平广场酒店", "n")], {"国际友谊和平广场酒店"}),
        ([], set()),
    ],
)  # fmt: skip
def test_a_name_ends_like_a_place_and_takes_the_words_before_it(words, found) -> None:
    assert name_rules.names(words) == found


def test_pairs_of_characters_of_all_texts() -> None:
    assert name_rules.pairs(["梧桐苑", "苑", ""]) == {"梧桐", "桐苑"}


def test_more_callers_and_later_calls_are_hotter() -> None:
    old = hot_rules.heat([(days(20), 3)], NOW)
    new = hot_rules.heat([(days(1), 3)], NOW)
    many = hot_rules.heat([(days(1), 3), (days(2), 10)], NOW)
    assert old.score < new.score < many.score
    assert (old.callers, many.callers) == (3, 13)


def test_growth_compares_this_week_with_the_last() -> None:
    def growth(*ages: float) -> float:
        return hot_rules.heat([(days(age), 1) for age in ages], NOW).growth

    assert growth(1, 2, 3) == 1
    assert growth(1, 8) == 0
    assert growth(8, 9) == -1
    assert growth(30) == -1
    assert growth(-1) == 1


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(1, 500)), max_size=20))
def test_heat_stays_between_nothing_and_half_as_much_again_as_the_callers(calls) -> None:
    heat = hot_rules.heat([(days(age), callers) for age, callers in calls], NOW)
    assert -1 <= heat.growth <= 1
    assert 0 <= heat.score <= heat.callers * 1.5 + 0.001


def test_perfect_clusters_score_one() -> None:
    scores = hot_rules.scores([1, 1, 2, 3], ["a", "a", "b", None])
    assert scores == hot_rules.Scores(1, 1, 1, events=2, events_found=2)


def test_scores_by_hand() -> None:
    # Cluster 1 holds three of event a and one of b; one of a stands alone.
    scores = hot_rules.scores([1, 1, 1, 1, 2], ["a", "a", "a", "b", "a"])
    assert scores.precision == pytest.approx((3 * 3 / 4 + 1 / 4 + 1) / 5)
    assert scores.recall == pytest.approx((3 * 3 / 4 + 1 / 4 + 1) / 5)
    assert (scores.events, scores.events_found) == (2, 1)


def test_an_impure_or_scattered_event_is_not_found() -> None:
    assert hot_rules.scores([1, 1], ["a", "b"]).events_found == 0
    assert hot_rules.scores([1, 2, 3], ["a", "a", "a"]).events_found == 0


def test_without_labels_there_is_nothing_to_score() -> None:
    with pytest.raises(ValueError, match="no labelled messages"):
        hot_rules.scores([1, 2], [None, None])
