"""A conversation as its operator works, and what a run of the hour adds up to."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

POLL, POP, SEARCH, DEEP, SUGGEST, DRAFT, SAVE, ANSWER = (
    "poll", "pop", "search", "deep", "suggest", "draft", "save", "answer",
)  # fmt: skip
ACTION_TEXT = {
    POP: "来电弹屏（响铃到看见来电人）", SEARCH: "边打字边搜索", DEEP: "停下来后的深度搜索",
    SUGGEST: "推荐类别和单位", DRAFT: "自动保存", SAVE: "保存工单", ANSWER: "直接答复",
    POLL: "每1.5秒问一次有没有来电",
}  # fmt: skip
HOUR = 3600.0
ANSWERED_SHARE = 0.35


@dataclass(slots=True)
class Outcome:
    """What happened, written by many threads at once.

    `waits` are (simulated second, kind, real milliseconds); `rings` how long callers waited and
    `arrivals` when they came, in simulated seconds; `failed` counts answers that were refusals.
    """

    waits: list[tuple[float, str, float]] = field(default_factory=list)
    rings: list[float] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    tickets: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def waited(self, second: float, kind: str, milliseconds: float) -> None:
        """An operator has the answer."""
        with self.lock:
            self.waits.append((second, kind, milliseconds))

    def fail(self, what: str) -> None:
        """The server refused or broke."""
        with self.lock:
            self.failed[what] = self.failed.get(what, 0) + 1


def arrivals(calls: int, chance: random.Random) -> list[float]:
    """Simulated seconds at which calls come, spread at random over the hour."""
    return sorted(chance.uniform(0, HOUR) for _ in range(calls))


def conversation(chance: random.Random) -> Iterator[float | str]:
    """A call as its operator works: seconds of talk, and what is asked of the server."""
    talk = chance.uniform
    yield talk(5, 15)
    for _ in range(chance.randint(2, 5)):
        yield SEARCH
        yield talk(2, 8)
        yield DEEP
        yield talk(1, 4)
    yield SUGGEST
    yield talk(5, 20)
    yield DRAFT
    yield talk(10, 40)
    yield DEEP
    yield talk(20, 80)
    yield DRAFT
    yield talk(5, 20)
    yield ANSWER if chance.random() < ANSWERED_SHARE else SAVE
    # What is written down after the caller has hung up.
    yield talk(5, 20)


def summary(
    found: Outcome, *, operators: int, pace: float, measured_on: str
) -> dict[str, object]:  # fmt: skip
    """The figures of the report page: by simulated minute (without the polls) and by kind."""
    points = []
    for minute in range(int(max((at for at, _, _ in found.waits), default=0) // 60) + 1):
        inside = [ms for at, kind, ms in found.waits if at // 60 == minute and kind not in _QUIET]
        came = sum(1 for at in found.arrivals if at // 60 == minute)
        points.append(
            {
                "minute": minute, "calls": came, "p50_ms": percentile(inside, 0.5),
                "p95_ms": percentile(inside, 0.95),
            }
        )  # fmt: skip
    actions = []
    for kind, text in ACTION_TEXT.items():
        of_kind = [ms for _, name, ms in found.waits if name == kind]
        actions.append(
            {
                "name": kind, "text": text, "count": len(of_kind),
                "p50_ms": percentile(of_kind, 0.5), "p95_ms": percentile(of_kind, 0.95),
                "p99_ms": percentile(of_kind, 0.99),
            }
        )  # fmt: skip
    rings = found.rings
    prompt = sum(1 for wait in rings if wait <= 15)
    return {
        "measured_on": measured_on,
        "operators": operators,
        "calls": len(found.arrivals),
        "pace": pace,
        "tickets": len(found.tickets),
        "failed": sum(found.failed.values()),
        "average_wait_seconds": round(sum(rings) / len(rings), 1) if rings else 0.0,
        "answered_15s_rate": round(prompt / len(rings), 4) if rings else 0.0,
        "points": points,
        "actions": actions,
    }


# The pop waits for the next poll by design, and polls nobody waits for: neither is in the chart.
_QUIET = (POP, POLL)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share does not exceed; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = max(0, -int(-len(ordered) * share // 1) - 1)
    return round(ordered[place], 1)
