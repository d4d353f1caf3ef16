"""The simulated exchange tells of calls as a real one does."""

from typing import Any

from backend.demo.call_simulator import ring


def play(answers: dict[str, str]) -> tuple[str, list[dict[str, Any]], list[float]]:
    told: list[dict[str, Any]] = []
    slept: list[float] = []

    def post(event: dict[str, Any]) -> str:
        told.append(event)
        return answers.get(event["event"], event["event"])

    state = ring(post, slept.append, "13900000021", ring_for=40, talk_for=240)
    return state, told, slept


def test_a_call_nobody_picks_up_is_missed() -> None:
    state, told, slept = play({})
    assert state == "missed"
    assert [event["event"] for event in told] == ["ringing", "missed"]
    assert len({event["call_id"] for event in told}) == 1
    assert slept == [40]


def test_a_call_that_was_picked_up_ends() -> None:
    state, told, slept = play({"missed": "answered"})
    assert state == "ended"
    assert [event["event"] for event in told] == ["ringing", "missed", "ended"]
    assert slept == [40, 240]
