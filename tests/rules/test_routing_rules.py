"""What follows from how sure a suggestion is, and which model stays in use."""

from hypothesis import given
from hypothesis import strategies as st

from backend.domains.routing import rules


def test_only_what_is_sure_enough_is_filled_in():
    assert rules.use_of(0.80, 0.80) == rules.ADOPT
    assert rules.use_of(0.79, 0.80) == rules.HINT
    assert rules.use_of(0.02, 0.80) == rules.HINT
    assert rules.use_of(0.01, 0.80) == rules.NOTHING


@given(st.floats(0, 1), st.floats(0.03, 1))
def test_being_surer_never_makes_a_suggestion_worth_less(sure, threshold):
    order = [rules.NOTHING, rules.HINT, rules.ADOPT]
    less = order.index(rules.use_of(sure * 0.9, threshold))
    assert less <= order.index(rules.use_of(sure, threshold))


def test_a_model_follows_unless_it_measures_clearly_worse():
    assert rules.may_replace(0.1, None)
    assert rules.may_replace(0.80, 0.82)
    assert not rules.may_replace(0.70, 0.82)


def test_classes_with_few_examples_are_left_out_and_one_class_alone_is_none():
    assert rules.usable({"a": 4, "b": 9, "c": 3}) == {"a", "b"}
    assert rules.usable({"a": 40, "c": 3}) == set()
    assert rules.usable({}) == set()
