"""The discrete simulation: callers, operators, and a server with so many threads.

Time is the simulation's own: nothing sleeps. How long the server works on one request is asked
of `measure`, which really does it; how long it stands in line behind others follows from that.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

#: Answers in seconds how long the server needs for one request of this kind at this second.
Measure = Callable[[str, float], float]
SEARCH, SUGGEST, DRAFT, SAVE, ANSWER = "search", "suggest", "draft", "save", "answer"
ACTION_TEXT = {
    SEARCH: "搜索知识", SUGGEST: "推荐类别和单位", DRAFT: "自动保存", SAVE: "保存工单",
    ANSWER: "直接答复",
}  # fmt: skip
HOUR = 3600.0
#: A telephone rings so long before anybody can pick it up.
RING = 2.0
ANSWERED_SHARE = 0.35


@dataclass(slots=True)
class Outcome:
    """What happened: waits in milliseconds by kind with the second they began at."""

    waits: list[tuple[float, str, float]] = field(default_factory=list)
    rings: list[float] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)


def simulate(
    measure: Measure, *, operators: int, calls: int, threads: int, chance: random.Random
) -> Outcome:
    """An hour with so many calls, spread at random over it."""
    return _Hour(measure, operators, threads, chance).run(calls)


class _Hour:
    def __init__(
        self, measure: Measure, operators: int, threads: int, chance: random.Random
    ) -> None:
        self.measure, self.chance = measure, chance
        self.free = operators
        self.line: deque[float] = deque()
        self.threads = [0.0] * threads
        self.happens: list[tuple[float, int, Iterator[float | str] | None]] = []
        self.count = 0
        self.found = Outcome()

    def run(self, calls: int) -> Outcome:
        self.found.arrivals = sorted(self.chance.uniform(0, HOUR) for _ in range(calls))
        for moment in self.found.arrivals:
            self._at(moment, None)
        while self.happens:
            now, _, call = heapq.heappop(self.happens)
            if call is None:
                self._rings(now)
            else:
                self._goes_on(now, call)
        return self.found

    def _at(self, moment: float, call: Iterator[float | str] | None) -> None:
        self.count += 1
        heapq.heappush(self.happens, (moment, self.count, call))

    def _rings(self, now: float) -> None:
        if self.free:
            self.free -= 1
            self._picked_up(now, now)
        else:
            self.line.append(now)

    def _picked_up(self, rang: float, now: float) -> None:
        self.found.rings.append(now - rang + RING)
        self._at(now + RING, conversation(self.chance))

    def _goes_on(self, now: float, call: Iterator[float | str]) -> None:
        step = next(call, None)
        if step is None:
            if self.line:
                self._picked_up(self.line.popleft(), now)
            else:
                self.free += 1
        elif isinstance(step, str):
            self._at(self._served(step, now), call)
        else:
            self._at(now + step, call)

    def _served(self, kind: str, now: float) -> float:
        """When the answer is there: the first free thread takes the request."""
        begun = max(heapq.heappop(self.threads), now)
        ready = begun + self.measure(kind, now)
        heapq.heappush(self.threads, ready)
        self.found.waits.append((now, kind, (ready - now) * 1000))
        return ready


def conversation(chance: random.Random) -> Iterator[float | str]:
    """A call as its operator works: seconds of talk, and what is asked of the server."""
    talk = chance.uniform
    yield talk(5, 15)
    for _ in range(chance.randint(2, 5)):
        yield SEARCH
        yield talk(3, 12)
    yield SUGGEST
    yield talk(5, 20)
    yield DRAFT
    yield talk(10, 40)
    yield SEARCH
    yield talk(20, 80)
    yield DRAFT
    yield talk(5, 20)
    yield ANSWER if chance.random() < ANSWERED_SHARE else SAVE
    # What is written down after the caller has hung up.
    yield talk(5, 20)


def summary(found: Outcome, *, operators: int, measured_on: str) -> dict[str, object]:
    """The figures of the report page: by minute and by kind."""
    points = []
    for minute in range(int(max((at for at, _, _ in found.waits), default=0) // 60) + 1):
        inside = [ms for at, _, ms in found.waits if at // 60 == minute]
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
        "average_wait_seconds": round(sum(rings) / len(rings), 1) if rings else 0.0,
        "answered_15s_rate": round(prompt / len(rings), 4) if rings else 0.0,
        "points": points,
        "actions": actions,
    }


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share does not exceed; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = max(0, -int(-len(ordered) * share // 1) - 1)
    return round(ordered[place], 1)
