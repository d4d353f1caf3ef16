"""Decisions about providers of one channel: who gets a message, and when shares move. No I/O.

After the published practice of a national service: a share moves by 10 points when there were
more than 50 errors in a minute or at least 15 % of reports came later than 5 minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Shares of a channel's providers add up to this.
WHOLE = 100
STEP = 10
#: Where hardly anything goes through any more, a share moves faster.
LEAP = 20
#: Errors and answers are judged over this time, by whole runs this far apart.
WINDOW = timedelta(seconds=60)
EVERY = timedelta(seconds=10)
#: Without trouble for so long, a share goes a step back towards its base.
RECOVERY = timedelta(minutes=5)
MOST_ERRORS = 50
ERROR_SHARE = 0.2
GRAVE_SHARE = 0.5
LATE_SHARE = 0.15
#: An answer that takes longer than this is slow; a report that comes later than this is late.
SLOW = timedelta(seconds=5)
LATE = timedelta(minutes=5)
#: Fewer than this say nothing.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What a provider did: attempts of the last minute, and reports that should be here by now.

    ``due`` messages were taken more than five minutes ago; ``late`` of them were not reported
    within five minutes. ``reports`` says whether the provider reports at all.
    """

    attempts: int = 0
    errors: int = 0
    slow: int = 0
    due: int = 0
    late: int = 0
    reports: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A provider's share of a channel, what was set for it, and when and why it last moved."""

    weight: int
    base: int
    changed_at: datetime
    reason: str = ""


def trouble(found: Figures) -> tuple[int, str]:
    """By how many points a provider should get less, and why in words; (0, '') when all is well."""
    share = found.errors / found.attempts if found.attempts else 0.0
    enough = found.attempts >= ENOUGH
    if enough and share >= GRAVE_SHARE:
        return LEAP, f"最近一分钟{found.attempts}次里有{found.errors}次出错"
    if found.errors > MOST_ERRORS or (enough and share >= ERROR_SHARE):
        return STEP, f"最近一分钟{found.attempts}次里有{found.errors}次出错"
    if enough and found.slow / found.attempts >= LATE_SHARE:
        return STEP, f"最近一分钟{found.attempts}次里有{found.slow}次答复慢于{SLOW.seconds}秒"
    if found.reports and found.due >= ENOUGH and found.late / found.due >= LATE_SHARE:
        return STEP, f"{found.due}条里有{found.late}条过了{LATE.seconds // 60}分钟还没有回执"
    return 0, ""


def judged(
    shares: Mapping[str, Share], figures: Mapping[str, Figures], now: datetime
) -> dict[str, Share]:
    """The shares of one channel's providers after a look at what they did.

    Those in trouble give to those who are not; when nobody is, and nothing moved for a while,
    shares go back a step. What all of them suffer from moves nothing. The sum stays.
    """
    found = {name: trouble(figures.get(name, Figures())) for name in shares}
    troubled = [name for name, (points, _) in found.items() if points]
    well = [name for name in shares if name not in troubled]
    if troubled and well:
        return _shifted(shares, found, well, now)
    rested = all(now - share.changed_at >= RECOVERY for share in shares.values())
    return dict(shares) if troubled or not rested else _restored(shares, now)


def pick(weights: Mapping[str, int], chance: float) -> str:
    """A provider by its weight, ``chance`` in [0, 1); any of them when all weigh nothing."""
    names = sorted(weights)
    total = sum(weights.values())
    if total <= 0:
        return names[int(chance * len(names))]
    rest = chance * total
    for name in names:
        rest -= weights[name]
        if rest < 0:
            return name
    return max(names, key=lambda name: weights[name])


def chosen(
    weights: Mapping[str, int], tried: Sequence[tuple[str, str | None]], *,
    may_repeat: bool, chance: float,
) -> str:  # fmt: skip
    """Who gets the next attempt of a message; ``tried`` are provider and outcome of those before.

    Where one may already have it, only that one can drop the repetition: it is asked again. One
    that surely did not take it gives way to another.
    """
    unsure = [name for name, outcome in tried if outcome in UNSURE and name in weights]
    if unsure and not may_repeat:
        return unsure[-1]
    others = {name: one for name, one in weights.items() if not tried or name != tried[-1][0]}
    return pick(others or weights, chance)


#: Outcomes after which the provider may have the message (None: the sender died in the call).
UNSURE = (None, "unclear", "late")


def another(providers: int, tried: int) -> bool:
    """Whether another provider should be asked at once after this attempt failed for sure.

    ``tried`` counts the attempts with this one: each round asks everybody once, then pauses.
    """
    return tried % providers != 0


def bases(wanted: Mapping[str, int]) -> dict[str, int]:
    """The shares that were set, as parts of the whole; equal parts where nothing was set."""
    if not wanted:
        return {}
    weights = wanted if sum(wanted.values()) > 0 else dict.fromkeys(wanted, 1)
    total = sum(weights.values())
    found = {name: WHOLE * weight // total for name, weight in weights.items()}
    first = max(sorted(found), key=lambda name: weights[name])
    return {**found, first: found[first] + WHOLE - sum(found.values())}


def _shifted(
    shares: Mapping[str, Share], found: Mapping[str, tuple[int, str]], well: Sequence[str],
    now: datetime,
) -> dict[str, Share]:  # fmt: skip
    after, free = dict(shares), 0
    for name, (points, why) in found.items():
        taken = min(points, shares[name].weight)
        if taken:
            free += taken
            after[name] = Share(shares[name].weight - taken, shares[name].base, now, why)
    return _given(after, free, well, now, "接过别的通道的份额")


def _restored(shares: Mapping[str, Share], now: datetime) -> dict[str, Share]:
    after, free = dict(shares), 0
    for name, share in shares.items():
        over = min(STEP - free, share.weight - share.base)
        if over > 0:
            free += over
            after[name] = _moved(share, -over, now, "还回份额")
    below = [name for name, share in shares.items() if share.weight < share.base]
    for name in below:
        back = min(free, shares[name].base - shares[name].weight)
        if back:
            free -= back
            after[name] = _moved(shares[name], back, now, "恢复正常，逐步加回")
    return after


def _given(
    after: dict[str, Share], free: int, well: Sequence[str], now: datetime, why: str
) -> dict[str, Share]:
    for at, name in enumerate(well):
        part = free // (len(well) - at)
        free -= part
        if part:
            after[name] = _moved(after[name], part, now, why)
    return after


def _moved(share: Share, points: int, now: datetime, why: str) -> Share:
    weight = share.weight + points
    return Share(weight, share.base, now, "" if weight == share.base else why)
