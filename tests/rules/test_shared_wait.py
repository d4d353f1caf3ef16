"""The wait for a business whose windows serve others too."""

from uuid import uuid4

from appointments.queue_rules import shared_wait, wait_minutes

ONE, TWO, THREE = uuid4(), uuid4(), uuid4()
TEN = {"a": 10.0, "b": 10.0}


def test_windows_of_one_business_each_count_as_before():
    windows = {"a": {ONE, TWO}, "b": {THREE}}
    for people in range(6):
        found = shared_wait("a", {"a": people, "b": 9}, TEN, windows)
        assert found == wait_minutes(people, 10.0, 2)


def test_a_shared_window_serves_those_of_the_other_business_too():
    windows = {"a": {ONE}, "b": {ONE}}
    assert shared_wait("a", {"a": 1, "b": 2}, TEN, windows) == 30
    # Half of those of b go to the window that a never sees.
    assert shared_wait("a", {"a": 1, "b": 2}, TEN, {"a": {ONE}, "b": {ONE, TWO}}) == 20


def test_each_business_has_its_own_minutes():
    found = shared_wait("a", {"a": 1, "b": 1}, {"a": 5.0, "b": 20.0}, {"a": {ONE}, "b": {ONE}})
    assert found == 25


def test_unknown_while_no_window_is_open():
    assert shared_wait("a", {"a": 1}, TEN, {"b": {ONE}}) is None
    assert shared_wait("a", {}, TEN, {"a": {ONE}}) == 0
