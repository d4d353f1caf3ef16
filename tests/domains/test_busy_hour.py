"""The simulated busy hour: time is its own, and what stands in line adds up."""

import random

from backend.demo.busy import hour


def run(seconds: float, *, operators: int = 60, calls: int = 300, threads: int = 4) -> hour.Outcome:
    chance = random.Random(7)
    return hour.simulate(
        lambda kind, second: seconds, operators=operators, calls=calls, threads=threads,
        chance=chance,
    )  # fmt: skip


def test_every_call_is_taken_and_every_request_answered() -> None:
    found = run(0.01)
    assert len(found.arrivals) == len(found.rings) == 300
    kinds = [kind for _, kind, _ in found.waits]
    assert kinds.count(hour.SUGGEST) == 300
    assert kinds.count(hour.SAVE) + kinds.count(hour.ANSWER) == 300
    assert min(ms for _, _, ms in found.waits) >= 9.99


def test_a_slow_server_is_waited_for_in_line() -> None:
    quick, slow = run(0.01), run(1.0, threads=1)
    waits = [hour.percentile([ms for _, _, ms in one.waits], 0.95) for one in (quick, slow)]
    assert waits[0] < 20
    assert waits[1] > 2000


def test_too_few_operators_let_callers_wait() -> None:
    assert max(run(0.01, operators=60).rings) < 15
    assert max(run(0.01, operators=5).rings) > 60


def test_the_summary_is_what_the_report_page_draws() -> None:
    found = run(0.01)
    shown = hour.summary(found, operators=60, measured_on="2026-11-23")
    assert (shown["operators"], shown["calls"]) == (60, 300)
    points = shown["points"]
    assert isinstance(points, list)
    assert sum(point["calls"] for point in points) == 300
    assert {point["minute"] for point in points} >= set(range(60))
    actions = shown["actions"]
    assert isinstance(actions, list)
    assert [action["name"] for action in actions] == list(hour.ACTION_TEXT)
    empty = hour.summary(hour.Outcome(), operators=0, measured_on="")
    assert empty["average_wait_seconds"] == empty["answered_15s_rate"] == 0.0
