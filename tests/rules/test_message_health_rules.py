"""What the figures of a channel mean."""

import pytest

from backend.domains.messages import health_rules as rules


@pytest.mark.parametrize(
    ("handed_over", "accepted", "expected", "oldest", "wanted"),
    [
        (0, 0, 0, None, rules.QUIET),
        (0, 0, 0, 30.0, rules.QUIET),
        (0, 0, 0, 121.0, rules.SLOW),
        (100, 100, 0, None, rules.GOOD),
        (100, 90, 0, 120.0, rules.GOOD),
        (100, 89, 0, None, rules.BAD),
        # People without consent are reached some other way: nothing is broken.
        (100, 10, 90, None, rules.GOOD),
        (104, 4, 90, None, rules.BAD),
        (100, 100, 0, 500.0, rules.SLOW),
        # Too few to say anything.
        (4, 0, 0, None, rules.GOOD),
    ],
)
def test_states(
    handed_over: int, accepted: int, expected: int, oldest: float | None, wanted: str
) -> None:
    found = rules.state(
        handed_over=handed_over, accepted=accepted, expected=expected, oldest_due=oldest
    )
    assert found == wanted
    assert rules.STATE_TEXT[found]
