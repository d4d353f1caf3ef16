"""Decisions about patrols: their states, which points belong to a track, what a check must say.

Pure: standard library and other rules only. Moments are aware.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.kernel.state import Transition

OPEN, LAPSED, FINISHED = "open", "lapsed", "finished"
PATROL_STATES = (OPEN, LAPSED, FINISHED)
PATROL_ENDS = frozenset({FINISHED})
PATROL_STATE_TEXTS = {OPEN: "巡查中", LAPSED: "没有按结束", FINISHED: "已结束"}
_WORKER = frozenset({"grid_worker", "grid_leader", "street_leader", "department_handler"})
PATROL_TRANSITIONS = {
    (OPEN, "finish"): Transition(to=FINISHED, who=_WORKER),
    # The next patrol began, or the day went by: the phone may tell the end later.
    (OPEN, "lapse"): Transition(to=LAPSED),
    (LAPSED, "finish"): Transition(to=FINISHED, who=_WORKER),
}

LAPSES_AFTER = timedelta(hours=16)
# Reports wait on phones without network, and phones' clocks go wrong.
OLDEST = timedelta(days=30)
AHEAD = timedelta(days=1)
# A point may have been taken while the patrol was being started or ended.
SLACK = timedelta(minutes=5)
# Worse fixes (metres) are kept but do not lengthen the way.
USABLE_ACCURACY = 100.0
# Nobody on patrol is faster (metres a second; 90 km/h): a jump, not a way.
FASTEST = 25.0
KEPT_DAYS = 180
# Metres between two points: latitude and longitude of one, then of the other.
Distance = Callable[[float, float, float, float], float]
_PLACE_TYPE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Point:
    """Where the phone was (WGS-84, degrees) and how sure of it (metres; None: not told)."""

    at: datetime
    latitude: float
    longitude: float
    accuracy: float | None = None


def moment_problem(at: datetime, now: datetime) -> str | None:
    """Why a moment that a phone tells cannot be right; None when it can."""
    if at > now + AHEAD:
        return "时间在将来，请检查手机的时间"
    if at < now - OLDEST:
        return "时间太久，超过30天的不能补记"
    return None


def belongs(point: Point, started: datetime, finished: datetime | None, now: datetime) -> bool:
    """Whether a point was taken during the patrol, give or take some minutes."""
    latest = finished + SLACK if finished is not None else now + AHEAD
    return started - SLACK <= point.at <= min(latest, started + LAPSES_AFTER + SLACK)


def length_m(points: Iterable[Point], distance_m: Distance) -> float:
    """The way along the points in metres, in whatever order they came.

    Rough fixes and jumps no person makes are passed over.
    """
    total = 0.0
    last: Point | None = None
    for point in sorted(points, key=lambda one: one.at):
        if point.accuracy is not None and point.accuracy > USABLE_ACCURACY:
            continue
        if last is not None:
            step = distance_m(last.latitude, last.longitude, point.latitude, point.longitude)
            if step > FASTEST * (point.at - last.at).total_seconds():
                continue
            total += step
        last = point
    return total


def answers_problem(
    items: Sequence[Mapping[str, object]], answers: Sequence[Mapping[str, object]]
) -> tuple[str, str] | None:
    """The field of a check that is wrong and why; None when each item has one answer.

    A fault needs words or a photo, so that whoever reads it knows what was seen.
    """
    known = {item["key"] for item in items}
    seen: set[object] = set()
    for number, answer in enumerate(answers):
        if answer["key"] not in known:
            return f"answers.{number}.key", "清单里没有这一项"
        if answer["key"] in seen:
            return f"answers.{number}.key", "这一项填了两次"
        seen.add(answer["key"])
        if not answer["ok"] and not answer["note"] and not answer["file_ids"]:
            return f"answers.{number}.note", "不合格的请写一句或拍张照"
    if known - seen:
        return "answers", f"还有{len(known - seen)}项没有查"
    return None


def list_problem(place_type: str, items: Sequence[Mapping[str, object]]) -> tuple[str, str] | None:
    """The field of a check list that is wrong and why; None when it can be used."""
    if not _PLACE_TYPE.fullmatch(place_type):
        return "place_type", "场所类型的代号用小写字母、数字、下划线，以字母开头"
    if not items:
        return "items", "至少要有一项"
    keys = [item["key"] for item in items]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            return f"items.{number}.key", "与前面一项的代号相同"
    return None


def fitting(
    versions: Mapping[int, Sequence[Mapping[str, object]]],
    keys: Iterable[object],
    wanted: int | None,
) -> int | None:
    """Which version of a list a phone filled in: the one it names, or the newest with these keys."""
    if wanted is not None:
        return wanted if wanted in versions else None
    told = set(keys)
    for number in sorted(versions, reverse=True):
        if told == {item["key"] for item in versions[number]}:
            return number
    return max(versions, default=None)
