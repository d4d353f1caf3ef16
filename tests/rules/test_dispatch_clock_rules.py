"""The limits that the facts name for events."""

from datetime import timedelta

from backend.domains.dispatch import clock_rules as rules
from backend.kernel.clock_rules import HOURS, MINUTES, WORKING_DAYS, Limit


def test_the_facts_limits():
    default = rules.default_limit
    assert default("claim", "urgent") == Limit(5, MINUTES)
    assert default("claim", "normal") == Limit(30, MINUTES)
    assert (default("accept", "urgent"), default("accept", "normal")) == (
        Limit(15, MINUTES), Limit(1, HOURS),
    )  # fmt: skip
    assert (default("contact", "urgent").text, default("contact", "normal").text) == (
        "2小时",
        "24小时",
    )
    assert default("verify", "urgent") == Limit(1, WORKING_DAYS)
    assert default("arrive", "normal").span == timedelta(days=3)
    assert Limit(5, WORKING_DAYS) == rules.ARRIVE_HARD
    kinds = {kind for kind, _ in rules.DEFAULTS} | {rules.SUPERVISE}
    assert kinds == set(rules.KIND_TEXT)
