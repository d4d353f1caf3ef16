"""The event machine as a table, and the decisions around it: every branch."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.dispatch import emergency_rules, rules, text_rules

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def ways(action: str) -> dict[str, str]:
    return {s: way.to for (s, a), way in rules.EVENT_TRANSITIONS.items() if a == action}


def test_every_state_is_reached_and_every_open_one_can_end():
    reached = {way.to for way in rules.EVENT_TRANSITIONS.values()} | {rules.CALLED}
    assert reached == set(rules.STATES)
    leaving = {state for state, _ in rules.EVENT_TRANSITIONS}
    assert set(rules.OPEN_STATES) <= leaving
    ends = set(rules.STATES) - set(rules.OPEN_STATES)
    assert set(rules.EVENT_ENDS) == ends - leaving
    for state in rules.OPEN_STATES:
        assert rules.EVENT_TRANSITIONS[state, "ticket"].to == rules.TICKETED


def test_the_facts_ways():
    assert ways("claim") == {"called": "claimed", "reopened": "claimed"}
    assert ways("release") == {"claimed": "called"}
    assert ways("schedule")["claimed"] == "scheduled" and ways("start") == {
        "scheduled": "in_progress"
    }
    assert ways("dispose") == {"in_progress": "disposed"}
    assert ways("send_back") == {"disposed": "in_progress"}
    assert ways("cancel") == dict.fromkeys(("called", "assigned", "claimed"), "cancelled")
    assert ways("transfer") == dict.fromkeys(("called", "reopened"), "transferred")
    assert ways("separate") == {"merged": "called"}
    assert rules.EVENT_TRANSITIONS["verified", "close"].who == {rules.SYSTEM_PART}
    assert rules.EVENT_TRANSITIONS["disposed", "verify"].who == {rules.VERIFIER, rules.CALLER}
    assert all(way.who for way in rules.EVENT_TRANSITIONS.values())


def test_every_word_is_there():
    actions = {action for _, action in rules.EVENT_TRANSITIONS}
    assert actions <= set(rules.ACTION_TEXT)
    for texts, table in (
        (rules.SUBTASK_TEXT, rules.SUBTASK_TRANSITIONS),
        (rules.WHISTLE_TEXT, rules.WHISTLE_TRANSITIONS),
        (rules.REQUEST_TEXT, rules.REQUEST_TRANSITIONS),
        (rules.ORDER_TEXT, rules.ORDER_TRANSITIONS),
    ):
        assert {way.to for way in table.values()} | {s for s, _ in table} == set(texts)


def test_the_chain_ends_with_the_dispatcher():
    chain, level = [rules.WORKER], rules.WORKER
    while level != rules.DISPATCH:
        level = rules.next_level(rules.LEVELS, level)
        chain.append(level)
    assert chain == ["worker", "deputy", "leader", "street", "dispatch"]
    assert rules.next_level(("worker",), "leader") == "dispatch"


def test_release_within_half_an_hour():
    assert rules.release_problem(NOW, NOW + timedelta(minutes=30)) is None
    assert rules.release_problem(NOW, NOW + timedelta(minutes=30, seconds=1))


def test_a_caller_reopens_once_within_15_days():
    assert rules.caller_reopen_problem(NOW, 0, NOW + timedelta(days=15)) is None
    assert rules.caller_reopen_problem(NOW, 0, NOW + timedelta(days=15, seconds=1))
    assert rules.caller_reopen_problem(NOW, 1, NOW)


def test_rating():
    assert rules.rating_problem("verified", None, False, NOW) is None
    assert rules.rating_problem("closed", NOW, False, NOW + timedelta(days=30)) is None
    assert rules.rating_problem("closed", NOW, False, NOW + timedelta(days=31))
    assert rules.rating_problem("closed", NOW, True, NOW)
    assert rules.rating_problem("in_progress", None, False, NOW)


def test_evidence():
    def problem(befores: int, afters: int, before: bool = True, after: bool = True) -> str | None:
        return rules.evidence_problem(
            before_needed=before, after_needed=after, befores=befores, afters=afters
        )

    assert problem(1, 1) is None
    assert "处置前" in str(problem(0, 1)) and "处置后" in str(problem(1, 0))
    assert problem(0, 0, before=False, after=False) is None


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("三楼着火了，有人被困", ["119"]),
        ("家里闻到煤气味，头有点晕", ["119"]),
        ("煤气漏了，冒烟", ["119"]),
        ("有人持刀打架，流血不止", ["120", "110"]),
        ("路口车祸撞人", ["122"]),
        ("消防通道被堵，怕着火", []),
        ("路灯不亮", []),
    ],
)
def test_danger_is_told_which_number_to_dial(words, numbers):
    found = emergency_rules.guidance(words)
    assert [number for number, _ in found.services] == numbers
    assert found.matched == bool(numbers) == bool(found.advice)


def test_urgency():
    assert emergency_rules.urgency_of("路灯不亮", "normal") == "normal"
    assert emergency_rules.urgency_of("路灯不亮", "urgent") == "urgent"
    assert emergency_rules.urgency_of("着火了", "normal") == "urgent"
    assert emergency_rules.urgency_of("井盖缺了", "normal") == "urgent"


def test_titles():
    assert text_rules.title_of("路灯不亮。已经三天了", "路灯") == "路灯不亮"
    assert text_rules.title_of("。\n  ", "路灯") == "路灯"
    long = text_rules.title_of("长" * 40, "路灯")
    assert len(long) == 30 and long.endswith("…")


def test_likeness():
    assert text_rules.likeness("水管爆了！", "水管爆了") == 1
    assert text_rules.likeness("水管爆了", "路灯不亮") == 0
    assert 0 < text_rules.likeness("楼下水管爆了", "水管在喷水") < 1
    assert text_rules.likeness("", "水管") == 0


def test_keywords_the_longest_wins():
    marks = {"light": ["灯"], "lamp": ["路灯", ""], "pipe": ["水管"]}
    assert text_rules.by_keywords("路灯不亮", marks) == "lamp"
    assert text_rules.by_keywords("别的", marks) is None


def test_tiles():
    here = text_rules.tile_of(30.25, 120.15)
    ranges = text_rules.tile_ranges(120.1, 30.2, 120.2, 30.3)
    assert sum(first <= here <= last for first, last in ranges) == 1
    assert text_rules.tile_row(89.0) == 0 or text_rules.tile_row(89.0) < text_rules.tile_row(0)
    assert text_rules.tile_column(-180) == 0 and text_rules.tile_column(180) == 2**14 - 1
    outside = text_rules.tile_of(31.25, 121.15)
    assert not any(first <= outside <= last for first, last in ranges)
