"""What the figures of a channel mean. Pure."""

#: Codes that say that a person is reached some other way, not that anything is broken.
EXPECTED = frozenset({"43101", "43004"})
#: Whoever waits longer than this, in seconds, though due, waits too long.
LONG = 120
GOOD, SLOW, BAD, QUIET = "good", "slow", "bad", "quiet"
STATE_TEXT = {GOOD: "正常", SLOW: "有积压", BAD: "不正常", QUIET: "没有发过"}
#: Why bulk leaves a channel alone: its provider refused (45009), or its share of the day is used.
STOPPED_TEXT = {"refused": "平台说超额了", "spent": "留给急事的不动"}
#: Below this share of calls that should have gone through, a channel is in trouble.
_ENOUGH = 0.9
_FEW = 5


def state(*, handed_over: int, accepted: int, expected: int, oldest_due: float | None) -> str:
    """good, slow (something waits too long), bad (too much fails), quiet (nothing was sent)."""
    tried = handed_over - expected
    if tried >= _FEW and accepted < tried * _ENOUGH:
        return BAD
    if oldest_due is not None and oldest_due > LONG:
        return SLOW
    return GOOD if handed_over else QUIET
