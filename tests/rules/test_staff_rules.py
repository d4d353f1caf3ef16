"""What the rules of staff accounts promise."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.identity import staff_rules as rules

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_five_roles_hold_exactly_what_they_need():
    clerk = {"queue.operate", "appointments.view", "personal.reveal"}
    assert set(rules.permissions_of(["clerk"])) == clerk
    manager = clerk | {
        "schedules.edit",
        "windows.edit",
        "staff.view",
        "limits.edit",
        "fairness.decide",
    }
    assert set(rules.permissions_of(["hall_manager", "clerk"])) == manager
    assert set(rules.permissions_of(["item_editor"])) == {"items.edit", "items.publish"}
    assert "accounts.edit" in rules.permissions_of(["administrator"])
    assert "personal.reveal" not in rules.permissions_of(["administrator", "supervisor"])
    assert rules.permissions_of(["nobody"]) == []


def test_who_confirms_residents_does_not_audit_votes_and_who_audits_changes_nothing():
    worker = set(rules.permissions_of(["community_worker"]))
    assert {"community.confirm", "topics.manage", "ballots.paper"} <= worker
    assert not {"votes.audit", "topics.decide"} & worker
    assert rules.permissions_of(["community_auditor"]) == ["topics.view", "votes.audit"]
    for decider in ("street_leader", "dispatcher"):
        assert {"topics.view", "topics.decide"} <= set(rules.permissions_of([decider]))
    assert {"topics.view", "votes.audit"} <= set(rules.permissions_of(["supervisor"]))


def test_roles_are_held_where_they_belong():
    assert rules.role_problem("community_worker", "community") is None
    assert rules.role_problem("community_worker", "street")
    assert rules.role_problem("clerk", "hall") is None
    assert rules.role_problem("clerk", "district")
    assert rules.role_problem("king", "district")


@pytest.mark.parametrize("name", ["zhoumin", "a.b-c_1", "abc"])
def test_user_names(name):
    assert rules.username_problem(rules.clean_username(f" {name.upper()} ")) is None


@pytest.mark.parametrize("name", ["ab", "1abc", "周敏", "a b c", "a" * 33])
def test_wrong_user_names(name):
    assert rules.username_problem(rules.clean_username(name))


@pytest.mark.parametrize("password", ["榕树下有三只小猫", "correct horse battery", "k3#Pq9!zLm2x"])
def test_good_passwords(password):
    assert rules.password_problem(password, "zhoumin") is None


@pytest.mark.parametrize(
    "password",
    [
        "short-one-1",
        "x" * 129 + "abcdefg",
        "ZhouMin-likes-tea",
        "aaaaaaaabbbb",
        "password123456",
        "123456123456ab",
    ],
)
def test_weak_passwords(password):
    assert rules.password_problem(password, "zhoumin")


def test_a_password_is_judged_without_a_user_name_too():
    assert rules.password_problem("correct horse battery", "") is None


def test_a_one_time_code_opens_once():
    assert rules.totp_problem(100, None) is None
    assert rules.totp_problem(100, 99) is None
    assert "用过" in rules.totp_problem(100, 100)
    assert "用过" in rules.totp_problem(99, 100)
    assert "不对" in rules.totp_problem(None, 99)


def test_the_lock_grows_and_ends():
    assert [rules.lock_after(n) for n in range(5)] == [timedelta()] * 5
    assert rules.lock_after(5) == timedelta(minutes=1)
    assert rules.lock_after(6) == timedelta(minutes=2)
    assert rules.lock_after(10_000) == timedelta(hours=1)


@given(st.integers(0, 1000))
def test_more_failures_never_lock_shorter(failures):
    assert rules.lock_after(failures) <= rules.lock_after(failures + 1)


def test_what_is_left_of_a_lock():
    assert rules.locked_for(NOW, None) == 0
    assert rules.locked_for(NOW, NOW) == 0
    assert rules.locked_for(NOW, NOW + timedelta(seconds=59.2)) == 60


def test_account_states_are_closed():
    reached = {transition.to for transition in rules.STAFF_TRANSITIONS.values()}
    assert reached == set(rules.STAFF_STATES)
    assert {state for state, _ in rules.STAFF_TRANSITIONS} == set(rules.STAFF_STATES)
