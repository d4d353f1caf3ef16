"""What may happen to a ticket: the tables and every small decision, each way of it."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.hotline import clock_rules, rules
from backend.kernel.clock_rules import HOURS, MINUTES, WORKING_DAYS, WORKING_HOURS, Limit

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_every_state_action_and_part_has_a_name():
    states = {state for state, _ in rules.TICKET_TRANSITIONS}
    states |= {way.to for way in rules.TICKET_TRANSITIONS.values()}
    assert states == set(rules.STATES)
    assert {action for _, action in rules.TICKET_TRANSITIONS} <= rules.ACTION_TEXT.keys()
    assert set(rules.REQUEST_DECIDERS) == set(rules.REQUEST_KIND_TEXT)


def test_what_has_ended_has_no_way_out():
    assert not rules.TICKET_ENDS & {state for state, _ in rules.TICKET_TRANSITIONS}
    assert not rules.TICKET_ENDS & set(rules.OPEN_STATES)


def test_the_unit_that_has_it_cannot_pass_call_back_on_or_judge_it():
    for state, action in [
        ("centre_review", "pass_centre"), ("callback", "satisfied"), ("callback", "dissatisfied"),
        ("judgement", "redo"), ("judgement", "explain"), ("judgement", "exclude"),
    ]:  # fmt: skip
        who = rules.TICKET_TRANSITIONS[state, action].who
        assert not who & {rules.LEAD, rules.CO, rules.HEAD}


@pytest.mark.parametrize(
    ("words", "urgent", "wanted", "found"),
    [
        ("想问个政策", False, None, "normal"),
        ("小区停水两天", False, None, "utility"),
        ("小区停水两天", False, "normal", "utility"),
        ("小区停水两天", True, "utility", "emergency"),
        ("楼道着火", True, None, "emergency"),
        ("想问个政策", False, "emergency", "emergency"),
    ],
)
def test_urgency_is_never_less_than_the_words(words, urgent, wanted, found):
    assert rules.urgency_of(words, urgent, wanted) == found


def test_difficulty_follows_from_the_kind():
    assert [rules.difficulty_of(kind) for kind in ("consult", "praise", "complaint")] == [
        "consult", "consult", "general",
    ]  # fmt: skip


def test_the_title_is_the_first_sentence():
    assert rules.title_of("  路灯\n坏了。没人修", "x") == "路灯 坏了"
    assert rules.title_of("。", "投诉：路灯") == "投诉：路灯"
    assert rules.title_of("长" * 50, "x") == "长" * 39 + "…"


def test_the_second_return_is_arbitrated_and_final():
    assert rules.return_action(0, False) == "ask_return"
    assert rules.return_action(1, False) == "return_again"
    assert rules.return_action(2, True) is None


def test_an_extension_is_asked_once_before_expiry_for_some_days():
    def problem(**changed):
        given = {"extended": False, "asked": False, "due_at": NOW, "days": 3, **changed}
        return rules.extension_problem(now=NOW - timedelta(seconds=1), **given)

    assert problem() is None and problem(due_at=None) is None
    assert "一次" in problem(extended=True) and "一次" in problem(asked=True)
    assert "到期" in problem(due_at=NOW - timedelta(seconds=1))
    assert problem(days=15) is None
    assert "15" in problem(days=0) and "15" in problem(days=16)


def test_a_hold_lasts_ninety_days_at_most():
    assert rules.hold_problem(NOW + timedelta(days=90), NOW) is None
    for until in (None, NOW, NOW + timedelta(days=91)):
        assert "90" in rules.hold_problem(until, NOW)


def test_failed_tries_are_at_different_hours_and_three_end_it():
    assert rules.callback_problem(["2026-11-23T09"], "2026-11-23T10") is None
    assert rules.callback_problem(["2026-11-23T09"], "2026-11-23T09")
    outcome = [
        rules.callback_action(contacted=False, satisfied=None, failed=n) for n in (1, 2, 3)
    ]  # fmt: skip
    assert outcome == [None, None, "unreached"]
    assert rules.callback_action(contacted=True, satisfied=True, failed=2) == "satisfied"
    assert rules.callback_action(contacted=True, satisfied=False, failed=0) == "dissatisfied"


def test_it_is_redone_once_and_urged_once_a_day():
    assert rules.redo_problem(0) is None and rules.redo_problem(1)
    assert rules.urge_problem(None, "2026-11-23") is None
    assert rules.urge_problem("2026-11-22", "2026-11-23") is None
    assert rules.urge_problem("2026-11-23", "2026-11-23")


def test_the_facts_limits():
    def limit(kind, urgency="normal", difficulty="general"):
        return clock_rules.default_limit(kind, urgency, difficulty)

    assert limit("accept") == Limit(2, HOURS)
    assert [limit("dispatch", one).text for one in rules.URGENCY_TEXT] == [
        "1小时",
        "2小时",
        "24小时",
    ]
    assert limit("sign", "emergency") == Limit(1, HOURS)
    assert limit("sign", "utility") == Limit(1, WORKING_DAYS)
    assert limit("return") == Limit(2, WORKING_HOURS)
    assert limit("handle", difficulty="consult") == Limit(3, WORKING_DAYS)
    assert [limit("handle", difficulty=one).span.days for one in ("general", "complex")] == [7, 15]
    assert limit("redo").span == timedelta(days=7)
    for kind in ("arbitrate", "decide", "unit_review", "centre", "call_back"):
        assert limit(kind) == Limit(1, WORKING_DAYS)
    kinds = {kind for kind, _ in clock_rules.DEFAULTS} | {clock_rules.SUPERVISE}
    assert kinds == set(clock_rules.KIND_TEXT)


def test_days_granted_are_working_days_where_the_limit_is():
    assert clock_rules.extended(Limit(3, WORKING_DAYS), 2) == Limit(5, WORKING_DAYS)
    assert clock_rules.extended(Limit(168, HOURS), 2) == Limit(216, HOURS)
    assert clock_rules.extended(Limit(10, MINUTES), 1) == Limit(1450, MINUTES)
    assert clock_rules.extended(Limit(10, WORKING_HOURS), 1) == Limit(34, WORKING_HOURS)
